"""`portico map explain`: which rule made what, in both directions."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portico.cli.documents import InputError, read_document
from portico.cli.map_modules import folders_named, one_module
from portico.cli.options import taking
from portico.cli.output import FINDINGS, say, show
from portico.errors import PorticoError

if TYPE_CHECKING:
    from portico.cli.map_explained import Page
    from portico.mapping.conversion.context import Context
    from portico.mapping.load import ObjectModule


@dataclass(frozen=True)
class ExplainOptions:
    """What `portico map explain` takes."""

    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False)]
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", show_default=False)]
    sample: Annotated[
        Path, typer.Option(metavar="FILE", help="A record, or a resource with --to vendor; JSON.")
    ]
    to: Annotated[Literal["fhir", "vendor"], typer.Option(help="Direction.")] = "fhir"
    base: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The vendor's present record (--to vendor).")
    ] = None
    path: Annotated[
        str, typer.Option(metavar="FHIRPATH", help="Only this element and what is in it.")
    ] = ""
    catalogue: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A catalogue as the vendor lists it (JSON list)."),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
    show_values: Annotated[bool, typer.Option(help="Values too: they may be a patient's.")] = False


@taking(ExplainOptions)
def explain(options: ExplainOptions) -> None:
    """Explain a conversion: every element with its rule, and what did not arrive and why.

    The columns are those of a rule: the vendor's member, the arrow, the FHIR element, converters;
    then the rule's place and the row of the code table that was used. With --to vendor: every
    member of every request that a write would cause. Values are left out unless asked for.

    Examples: portico map explain practice patient --sample record.json --path Patient.gender

    portico map explain practice patient --to vendor --sample resource.json --base record.json
    """
    folder = folders_named([options.vendor])[options.vendor]
    module = one_module(folder, options.object_name)
    try:
        page = _page(module, _context(options, folder), options)
    except InputError as error:
        say(str(error))
        raise typer.Exit(FINDINGS) from error
    except PorticoError as error:
        for issue in error.issues:
            say(": ".join((str(options.sample), *issue.expression, issue.diagnostics)))
        raise typer.Exit(FINDINGS) from error
    _print(page, options)


def _context(options: ExplainOptions, folder: Path) -> "Context":
    from portico.cli.conversion import read_catalogues
    from portico.mapping.conversion.context import Context

    return Context(catalogues=read_catalogues(options.catalogue or [], folder), all_settings=True)


def _page(module: "ObjectModule", context: "Context", options: ExplainOptions) -> "Page":
    from portico.cli.conversion import as_record, as_resource
    from portico.cli.map_explained import ReadPage, WritePage
    from portico.mapping.telling.explain import explain as explain_read
    from portico.mapping.telling.explain_write import explain_write

    document = read_document(options.sample).value
    if options.to == "fhir":
        record = as_record(module, document)
        explanation = explain_read(module, record, context)
        return ReadPage(explanation, record, module.to_fhir(record, context), options.path)
    resource = as_resource(module, document)
    base = as_record(module, read_document(options.base).value) if options.base else None
    return WritePage(explain_write(module, resource, base, context), options.path)


def _print(page: "Page", options: ExplainOptions) -> None:
    if options.as_json:
        show(page.document(values=options.show_values))
        return
    for line in page.lines(values=options.show_values):
        typer.echo(line)
    if not options.show_values:
        say("values are left out; --show-values prints them")
