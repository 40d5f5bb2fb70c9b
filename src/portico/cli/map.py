"""`portico map`: what helps to write mapping modules, and to trust them."""

import typer

from portico.cli.map_check import check
from portico.cli.map_coverage import coverage
from portico.cli.map_explain import explain
from portico.cli.map_new import new
from portico.cli.map_schema import schema
from portico.cli.map_show import show
from portico.cli.map_test import test

map_commands = typer.Typer(
    name="map", help="Write, check and understand mapping modules.", no_args_is_help=True
)
map_commands.command()(check)
map_commands.command()(explain)
map_commands.command()(coverage)
map_commands.command()(show)
map_commands.command()(schema)
map_commands.command()(new)
map_commands.command()(test)


@map_commands.callback()
def map_group() -> None:
    """Write, check and understand mapping modules."""
