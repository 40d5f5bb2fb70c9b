"""`portico serve`: the façade over the configured connections."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from portico.cli.listening import bound_port, listen, url_host
from portico.cli.output import say

_OWNER_ONLY = 0o077
"""Files that are made, the SQLite store above all, hold patient data."""


def serve(
    config: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve FHIR for the connections in portico.toml; without any, for the local sandboxes.

    For example:

        portico serve --config portico.toml
        PORTICO_PUBLIC_URL=https://fhir.example.org portico serve
    """
    from portico.settings import check_open_access, load_settings

    settings = load_settings(config)
    address = host or settings.host
    check_open_access(settings, address)

    from portico.bootstrap.app import build_app
    from portico.cli.logs import log_to_stderr
    from portico.cli.serving import end_on_sigterm, run

    os.umask(_OWNER_ONLY)
    portico = asyncio.run(build_app(settings))
    listener = listen(address, settings.port if port is None else port)
    log_to_stderr(logging.INFO)
    end_on_sigterm()
    base = f"http://{url_host(address)}:{bound_port(listener)}"
    run(portico.app, listener, on_ready=lambda: say(f"Portico: {base}/ (Ctrl-C stops it)"))
