"""`portico version`."""

import platform
from typing import Annotated

import typer

from portico import __version__
from portico.cli.output import show


def version(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print a JSON document.")] = False
) -> None:
    """Print the version.

    For example:

        portico version --json
    """
    if as_json:
        show({"portico": __version__, "python": platform.python_version(), "fhir": "4.0.1"})
    else:
        typer.echo(f"portico {__version__}")
