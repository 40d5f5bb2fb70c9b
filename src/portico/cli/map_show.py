"""`portico map show`: what the rules of a module are when they are compiled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from portico.cli.map_modules import folders_named, modules_of, one_module
from portico.cli.map_table import columns
from portico.cli.options import taking

if TYPE_CHECKING:
    from portico.mapping.load import ObjectModule


@dataclass(frozen=True)
class ShowOptions:
    """What `portico map show` takes."""

    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False)]
    object_name: Annotated[str | None, typer.Argument(metavar="[OBJECT]", show_default=False)] = (
        None
    )
    expanded: Annotated[
        bool, typer.Option(help="Write out what the names of slices stand for.")
    ] = False
    python: Annotated[bool, typer.Option(help="Print the generated Python instead.")] = False


@taking(ShowOptions)
def show(options: ShowOptions) -> None:
    """Show the rules of modules, one by one, with the line that each comes from.

    Types are replaced by their rules; with --expanded slices too, as `legal` by
    `name[use?=official]`. With --python: the source that the rules are compiled to.

    Examples: portico map show practice patient --expanded

    portico map show particle --python
    """
    folder = folders_named([options.vendor])[options.vendor]
    if options.object_name:
        modules = [one_module(folder, options.object_name)]
    else:
        modules = list(modules_of(folder).values())
    for module in modules:
        for line in (
            _source(module) if options.python else _rules(module, expanded=options.expanded)
        ):
            typer.echo(line)


def _rules(module: "ObjectModule", *, expanded: bool) -> Iterator[str]:
    from portico.mapping.telling.show import rules_of

    for part in rules_of(module, expanded=expanded):
        yield f"# {part.title} ({module.spec.place.file})"
        head = ("line", "vendor", "", "FHIR", "converters")
        rows = [
            (str(one.place.line), one.vendor, one.arrow, one.fhir, one.converters)
            for one in part.lines
        ]
        yield from columns(head, rows)
        yield ""


def _source(module: "ObjectModule") -> Iterator[str]:
    from portico.mapping.telling.show import sources

    for title, text in sources(module):
        yield f"# {title}"
        yield text
        yield ""
