"""`portico sandbox`: the vendors' own APIs, simulated, in a process of their own."""

import logging
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Annotated

import typer

from portico.cli.companion import leave_with_parent
from portico.cli.listening import bound_port, listen, url_host
from portico.cli.options import taking
from portico.cli.output import VENDOR, say

sandbox_commands = typer.Typer(
    name="sandbox",
    help="Serve the vendors' own APIs, simulated, with data to start from.",
    epilog="Example: portico sandbox --port 8001",
    invoke_without_command=True,
)


@dataclass(frozen=True)
class SandboxOptions:
    """What `portico sandbox` takes."""

    context: typer.Context
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001
    vendor: Annotated[
        list[str] | None, typer.Option(help="Serve only this vendor; may be repeated.")
    ] = None
    seed: Annotated[int | None, typer.Option(help="Make ids and times repeatable.")] = None
    latency: Annotated[float, typer.Option(help="Milliseconds before each answer.")] = 0
    inherit_socket: Annotated[int | None, typer.Option(hidden=True)] = None


@sandbox_commands.callback()
@taking(SandboxOptions)
def sandbox(options: SandboxOptions) -> None:
    """Serve the vendors' own APIs, simulated, with data to start from.

    For example:

        portico sandbox --port 8001
    """
    if options.context.invoked_subcommand:
        return
    if options.inherit_socket is None:
        _serve(options, listen(options.host, options.port))
    else:
        leave_with_parent()
        _serve(options, socket.socket(fileno=options.inherit_socket))


@sandbox_commands.command()
def reset(
    url: Annotated[str, typer.Option(help="Where the sandboxes are.")] = "http://127.0.0.1:8001",
) -> None:
    """Put the sandboxes back to the data they started with.

    For example:

        portico sandbox reset --url http://127.0.0.1:8001
    """
    address = f"{url.rstrip('/')}/sandbox/_reset"
    try:
        request = urllib.request.Request(address, method="POST")  # noqa: S310  the person's own URL
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310  the same
            say("The sandboxes hold the data they started with.")
    except (urllib.error.URLError, TimeoutError, ValueError) as error:
        say(f"No sandboxes answer at {url}; start them with: portico sandbox")
        raise typer.Exit(VENDOR) from error


def _serve(options: SandboxOptions, listener: socket.socket) -> None:
    from portico.cli.logs import log_to_stderr
    from portico.cli.serving import end_on_sigterm, run
    from portico.mapping.load import find_mappings
    from portico.sandbox.app import VENDORS, create_app

    if unknown := set(options.vendor or ()) - set(VENDORS):
        raise typer.BadParameter(
            f"no sandbox for {', '.join(sorted(unknown))}; there are: {', '.join(VENDORS)}"
        )
    app = create_app(
        find_mappings(),
        vendors=options.vendor or tuple(VENDORS),
        seed=options.seed,
        latency=options.latency,
    )
    log_to_stderr(logging.WARNING)
    end_on_sigterm()
    url = f"http://{url_host(options.host)}:{bound_port(listener)}/sandbox"
    started = f"Sandboxes: {url} (Ctrl-C stops them)" if options.inherit_socket is None else ""
    run(app, listener, on_ready=lambda: say(started) if started else None)
