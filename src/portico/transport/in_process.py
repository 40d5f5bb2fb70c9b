"""A client whose every request goes to an ASGI application in this process, without a socket."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import httpx

AsgiApplication: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
Client: TypeAlias = httpx.AsyncClient


def open_client_in_process(app: AsgiApplication) -> Client:
    """A client as `HttpTransport` wants it; whatever the address, `app` answers."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        timeout=None,  # noqa: S113  the transport holds one deadline over the whole request
        trust_env=False,
    )
