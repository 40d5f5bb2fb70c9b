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
) -> None:
    """Serve FHIR in front of the simulated vendors, with data; no network, nothing to set up.

    Example: portico demo --port 8080 --sandbox-port 8081
    """
    from portico.cli.serving import end_on_sigterm
    from portico.settings import check_open_access, environment_settings

    settings = environment_settings()
    check_open_access(settings, host)
    end_on_sigterm()
    code = OK
    try:
        with listen_nearby(host, sandbox_port) as sandboxes, listen_nearby(host, port) as front:
            code = _run(settings, host, sandboxes, front)
    except KeyboardInterrupt:
        say("")
    raise typer.Exit(code)


def _run(settings: "Settings", host: str, sandboxes: socket.socket, front: socket.socket) -> int:
    sandbox_url = f"http://{url_host(host)}:{bound_port(sandboxes)}"
    url = f"http://{url_host(host)}:{bound_port(front)}"
    with ExitStack() as stack:
        second = stack.enter_context(companion(["sandbox", "--host", host], sandboxes))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portico-demo-")))
        _serve(_Demo(settings, sandbox_url, url, folder), front, lambda: second.poll() is None)
        if second.poll() is None:
            return OK
    say("The sandboxes ended on their own; what they said stands above.")
    return VENDOR


@dataclass(frozen=True)
class _Demo:
    settings: "Settings"
    sandbox_url: str
    url: str
    folder: Path


def _serve(demo: _Demo, front: socket.socket, wanted: Callable[[], bool]) -> None:
    from portico.bootstrap.app import build_app
    from portico.bootstrap.connections import demonstration
    from portico.cli.logs import log_to_stderr
    from portico.cli.serving import run

    store_url = f"sqlite+aiosqlite:///{demo.folder / 'portico.db'}"
    settings = demonstration(demo.settings, demo.sandbox_url, store_url)
    portico = asyncio.run(build_app(settings))
    log_to_stderr(logging.WARNING)
    run(
        portico.app,
        front,
        on_ready=lambda: _announce(demo.url, list(settings.connections), portico.example),
        wanted=wanted,
    )


def _announce(url: str, connections: list[str], example: str) -> None:
    bases = "  ".join(f"{url}/fhir/{name}" for name in connections)
    typer.echo(f"FHIR     {bases}")
    typer.echo(f"Console  {url}/")
    typer.echo(f"Try      curl '{url}/fhir/{example}'")
    typer.echo("Stop     Ctrl-C")
