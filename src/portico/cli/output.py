"""Where words go: data to stdout, talk to stderr, and what exit codes mean."""

import sys

import typer

from portico import Json
from portico.document import dump

OK, FINDINGS, USAGE, CONFIGURATION, VENDOR = range(5)


def say(text: str) -> None:
    """Tell the person; never part of what a pipe reads."""
    typer.echo(text, err=True)


def show(document: Json, *, pretty: bool = True) -> None:
    """Print one JSON document, digits as they are."""
    sys.stdout.buffer.write(dump(document, pretty=pretty) + b"\n")
    sys.stdout.buffer.flush()
