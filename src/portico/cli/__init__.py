"""The command line: arguments in, data on stdout, talk on stderr.

Exit codes: 0 ok, 1 findings, 2 usage, 3 configuration, 4 vendor. What a command needs is imported
when it runs, so that `portico --help` does not wait for servers and databases.
"""

import typer

from portico.cli.convert import convert
from portico.cli.demo import demo
from portico.cli.get import get
from portico.cli.map import map_commands
from portico.cli.output import CONFIGURATION, say
from portico.cli.sandbox import sandbox_commands
from portico.cli.serve import serve
from portico.cli.version import version
from portico.errors import ConfigurationError, MappingError

app = typer.Typer(
    name="portico",
    help="A FHIR R4 front on proprietary health APIs, live, in both directions.",
    epilog="Start with: portico demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(serve)
app.add_typer(sandbox_commands)
app.command()(convert)
app.command()(get)
app.add_typer(map_commands)
app.command()(version)


def main() -> None:
    """Run the command line; what an operator must repair ends with exit code 3."""
    try:
        app()
    except (ConfigurationError, MappingError) as error:
        say(str(error))
        raise SystemExit(CONFIGURATION) from None
