"""A vendor that misbehaves as told, over real HTTP on a free port of this machine."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from portico.transport.http import HttpTransport, Limits, open_client
from portico.vendor.credential import Credential

Connect = Callable[..., HttpTransport]


def head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]).encode()


def whole(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    return head(status, f"Content-Length: {len(body)}", *headers) + body


ANSWERS = {
    "/good": whole(b'{"id": "1"}'),
    "/redirect": whole(b"", "302 Found", "Location: /good"),
    "/garbage": whole(b"<html>"),
    "/truncated": head("200 OK", "Content-Length: 99") + b'{"id": ',
    "/not-http": b"HELLO\r\n\r\n",
    "/nothing": b"",
    "/large": whole(b" " * 70_000 + b"{}"),
    "/bomb": whole(gzip.compress(b" " * 5_000_000), "200 OK", "Content-Encoding: gzip"),
    "/zipped": whole(gzip.compress(b'{"id": "1"}'), "200 OK", "Content-Encoding: gzip"),
    "/badly-zipped": whole(b"\x1f\x8b nonsense", "200 OK", "Content-Encoding: gzip"),
    "/half-zipped": whole(gzip.compress(b" " * 999)[:20], "200 OK", "Content-Encoding: gzip"),
    "/brotli": whole(b"{}", "200 OK", "Content-Encoding: br"),
    "/failing": whole(b"{}", "500 Oops"),
    "/throttled": whole(b"{}", "429 Slow down", "Retry-After: 3"),
}


@dataclass
class Misbehaving:
    """What was asked so far; answers are told apart by path, some depend on time or on tokens."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    under_way: int = 0
    most_under_way: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self._answer(reader, writer)
        except ConnectionError:
            pass
        finally:
            self.under_way -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        method, target, _ = lines[0].split(" ")
        pairs = (line.partition(": ") for line in lines[1:] if line)
        headers = {name.lower(): value for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append((method, target, headers, body))
        path = target.partition("?")[0]
        if path == "/reset":
            writer.transport.abort()
        elif path == "/drip":
            await self._drip(writer)
        else:
            writer.write(await self._whole_answer(path, headers))
            await writer.drain()

    async def _whole_answer(self, path: str, headers: dict[str, str]) -> bytes:
        if path == "/silent":
            await asyncio.sleep(30)
        if path == "/slow":
            await asyncio.sleep(0.05)
            return ANSWERS["/good"]
        if path == "/token":
            await asyncio.sleep(0.02)
            self.tokens.append(f"t{len(self.tokens) + 1}")
            return whole(self.tokens[-1].encode())
        if path == "/guarded":
            sent = headers.get("authorization", "")
            known = sent in self.tokens and sent not in self.refused
            return ANSWERS["/good"] if known else whole(b"{}", "401 Unauthorized")
        return ANSWERS[path]

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", "Content-Length: 1000"))
        for _ in range(1000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)


@pytest.fixture
async def vendor() -> AsyncIterator[Misbehaving]:
    misbehaving = Misbehaving()
    server = await asyncio.start_server(misbehaving.serve, "127.0.0.1", 0)
    misbehaving.port = server.sockets[0].getsockname()[1]
    yield misbehaving
    server.close()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


class Clock:
    """POSIX seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect(vendor: Misbehaving, client: httpx.AsyncClient, clock: Clock) -> Connect:
    """A transport to the misbehaving vendor."""

    def connected(credential: Credential = (), **limits: Any) -> HttpTransport:  # noqa: ANN401 the fields of Limits
        chosen = Limits(**{"deadline": 2.0, "body": 50_000, **limits})
        base = f"http://127.0.0.1:{vendor.port}"
        return HttpTransport(base, credential, {}, client, clock, chosen)

    return connected
