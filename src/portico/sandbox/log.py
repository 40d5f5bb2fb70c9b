"""The call log: what a vendor was asked, from which tests prove what was sent."""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portico import Json
from portico.document import DocumentError, parse

_KEPT = 10_000
_SECRET = frozenset({"apikey", "authorization", "client-secret", "cookie", "heidi-api-key"})
_MASK = "***"


@dataclass
class CallLog:
    """The last ten thousand calls, oldest first, numbered as they arrived."""

    _entries: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def number(self) -> int:
        return next(self._numbers)

    def add(self, entry: Json) -> None:
        self._entries.append(entry)

    def entries(self, vendor: str | None, since: int) -> list[Json]:
        wanted = (
            each for each in self._entries if each["n"] > since and vendor in {None, each["vendor"]}
        )
        return sorted(wanted, key=lambda each: int(each["n"]))

    def clear(self) -> None:
        self._entries.clear()


class Recorder:
    """ASGI middleware: logs each call of a vendor and delays its answer by `latency` seconds."""

    def __init__(
        self, app: ASGIApp, log: CallLog, vendors: Collection[str], latency: float
    ) -> None:
        self._app = app
        self._log = log
        self._vendors = vendors
        self._latency = latency

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        vendor, path = _vendor(scope)
        if vendor not in self._vendors:
            await self._app(scope, receive, send)
            return
        call = _Call(await _whole_body(receive), receive, send, self._latency)
        entry = {"n": self._log.number(), "vendor": vendor, **_asked(scope, path)}
        try:
            await self._app(scope, call.receive, call.send)
        finally:
            self._log.add(entry | {"body": _document(call.body), "status": call.status})


class _Call:
    """One call: gives on the body that was read already, and listens to the status."""

    def __init__(self, body: bytes, receive: Receive, send: Send, latency: float) -> None:
        self.body = body
        self.status = 500
        self._given = False
        self._receive = receive
        self._send = send
        self._latency = latency

    async def receive(self) -> Message:
        if self._given:
            return await self._receive()
        self._given = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            await asyncio.sleep(self._latency)
        await self._send(message)


async def _whole_body(receive: Receive) -> bytes:
    """Read a body to its end, so that also a call refused before its body was read is logged."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _vendor(scope: Scope) -> tuple[str, str]:
    """Split `/sandbox/{vendor}/rest` into the vendor and the path that the vendor sees."""
    if scope["type"] != "http" or not scope["path"].startswith("/sandbox/"):
        return "", ""
    vendor, _, path = scope["path"].removeprefix("/sandbox/").partition("/")
    return vendor, f"/{path}"


def _asked(scope: Scope, path: str) -> dict[str, Json]:
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    return {
        "method": scope["method"],
        "path": path,
        "query": query,
        "headers": {name: _masked(name, value) for name, value in headers.items()},
    }


def _masked(name: str, value: str) -> str:
    if name not in _SECRET:
        return value
    scheme, space, _ = value.rpartition(" ")
    return f"{scheme}{space}{_MASK}"


def _document(body: bytes) -> Json:
    """Show a body as the JSON it is, else as text, else as nothing."""
    try:
        return parse(body) if body else None
    except DocumentError:
        return body.decode(errors="replace")
