"""`portico demo`: façade and sandboxes, with data, in two processes."""

import asyncio
import logging
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portico.cli.companion import companion
from portico.cli.listening import bound_port, listen_nearby, url_host
from portico.cli.output import OK, VENDOR, say

if TYPE_CHECKING:
    from portico.settings import Settings


def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the FHIR bases.")] = 8000,
    sandbox_port: Annotated[int, typer.Option(help="Port of the simulated vendors.")] = 8001,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log every request, without its data.")
    ] = False,
) -> None:
    """Serve FHIR in front of the simulated vendors, with data; no network, nothing to set up.

    For example:

        portico demo --port 8080 --sandbox-port 8081
    """
    from portico.cli.serving import end_on_sigterm
    from portico.settings import check_open_access, environment_settings

    settings = environment_settings()
    check_open_access(settings, host)
    end_on_sigterm()
    code = OK
    level = logging.INFO if verbose else logging.WARNING
    try:
        with listen_nearby(host, sandbox_port) as sandboxes, listen_nearby(host, port) as front:
            code = _run(_Demo(settings, host, level), sandboxes, front)
    except KeyboardInterrupt:
        say("")
    raise typer.Exit(code)


@dataclass(frozen=True)
class _Demo:
    settings: "Settings"
    host: str
    log_level: int

    def url(self, listener: socket.socket) -> str:
        return f"http://{url_host(self.host)}:{bound_port(listener)}"


def _run(demo: _Demo, sandboxes: socket.socket, front: socket.socket) -> int:
    sandbox_url = demo.url(sandboxes)
    with ExitStack() as stack:
        second = stack.enter_context(companion(["sandbox", "--host", demo.host], sandboxes))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portico-demo-")))
        settings = _demonstration(demo.settings, sandbox_url, folder)
        _serve(demo, settings, front, lambda: second.poll() is None)
        if second.poll() is None:
            return OK
    say("The sandboxes ended on their own; what they said stands above.")
    return VENDOR


def _demonstration(settings: "Settings", sandbox_url: str, folder: Path) -> "Settings":
    from portico.bootstrap.connections import demonstration

    return demonstration(settings, sandbox_url, f"sqlite+aiosqlite:///{folder / 'portico.db'}")


def _serve(
    demo: _Demo, settings: "Settings", front: socket.socket, wanted: Callable[[], bool]
) -> None:
    from portico.bootstrap.app import build_app
    from portico.cli.logs import log_to_stderr
    from portico.cli.serving import run

    portico = asyncio.run(build_app(settings))
    url, names = demo.url(front), list(settings.connections)
    log_to_stderr(demo.log_level)
    run(portico.app, front, lambda: _announce(url, names, portico.example), wanted)


def _announce(url: str, connections: list[str], example: str) -> None:
    bases = "  ".join(f"{url}/fhir/{name}" for name in connections)
    typer.echo(f"FHIR     {bases}")
    typer.echo(f"Console  {url}/")
    typer.echo(f"Try      curl '{url}/fhir/{example}'")
    typer.echo("Stop     Ctrl-C")
