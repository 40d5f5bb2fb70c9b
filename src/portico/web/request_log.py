"""A name for every request, and one log line that holds neither a query nor an id."""

import logging
import re
import time
import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("portico.access")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._\-]{1,64}")


class RequestLog:
    """Middleware that names requests (`X-Request-Id`, echoed or made) and logs their end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode("ascii")),
                ]
            await send(message)

        await self._app(scope, receive, send_named)
        _LOG.info(
            "%s %s %d %.1fms request=%s",
            scope["method"],
            route(scope),
            status,
            (time.perf_counter() - started) * 1000,
            request_id,
        )


def route(scope: Scope) -> str:
    """The template of the route that was taken; the path itself may name a person."""
    if known := scope["state"].get("route"):
        return str(known)
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid.uuid4().hex
