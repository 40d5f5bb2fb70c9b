"""A client whose every request goes to an ASGI application in this process, without a socket."""

from typing import TypeAlias

import httpx
from httpx._transports.asgi import _ASGIApp

Application: TypeAlias = _ASGIApp


def open_client_in_process(app: Application) -> httpx.AsyncClient:
    """A client as `HttpTransport` wants it; whatever the address, `app` answers."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), timeout=None)  # noqa: S113  as above
