"""Run an ASGI application until somebody stops it; stopping is no error."""

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from types import FrameType

    from portico.web.app import Application

_DRAIN_SECONDS = 10


class _Server(uvicorn.Server):
    """uvicorn that tells when it is ready and ends when it has no reason left to run."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], wanted: Callable[[], bool]
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._wanted = wanted

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    def handle_exit(self, sig: int, frame: "FrameType | None") -> None:
        """Drain, also when Ctrl-C comes twice; the drain's own limit ends what does not end."""
        del sig, frame
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or not self._wanted()


def run(
    app: "Application",
    listener: socket.socket,
    on_ready: Callable[[], None],
    wanted: Callable[[], bool] = lambda: True,
) -> None:
    """Serve until SIGINT, SIGTERM or `wanted` says no; then drain and return."""
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="auto",
        lifespan="on",
        log_config=None,
        access_log=False,
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        _Server(config, on_ready, wanted).run(sockets=[listener])


def end_on_sigterm() -> None:
    """Let SIGTERM end the process as Ctrl-C does, so that everything opened is closed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
