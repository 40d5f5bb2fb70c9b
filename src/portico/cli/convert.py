"""`portico convert`: one record to FHIR, or one resource to a vendor, without any server."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portico.cli.documents import STDIN, Document, InputError, read_document, read_lines
from portico.cli.options import taking
from portico.cli.output import FINDINGS, OK, say, show
from portico.errors import PorticoError

if TYPE_CHECKING:
    from portico.cli.conversion import Conversion


@dataclass(frozen=True)
class ConvertOptions:
    """What `portico convert` takes."""

    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False)]
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", show_default=False)]
    to: Annotated[Literal["fhir", "vendor"], typer.Option(help="Direction.")]
    file: Annotated[
        Path, typer.Argument(metavar="FILE|-", help="JSON; standard input without it.")
    ] = STDIN
    base: Annotated[
        Path | None, typer.Option(help="The vendor's present record; then print what to change.")
    ] = None
    catalogue: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A catalogue as the vendor lists it (JSON list)."),
    ] = None
    ndjson: Annotated[bool, typer.Option("--ndjson", help="One document a line, in and out.")] = (
        False
    )
    as_json: Annotated[
        bool, typer.Option("--json", help="Print requests, report and record (--to vendor).")
    ] = False


@taking(ConvertOptions)
def convert(options: ConvertOptions) -> None:
    """Convert one document between a vendor's JSON and FHIR R4.

    To FHIR prints a resource, or a Bundle where the vendor's object holds several. To the vendor
    prints the body of a create, or with --base the smallest change ({} for none); further
    requests and what would be lost are told on stderr.

    For example:

        portico convert practice patient record.json --to fhir
        portico convert practice patient resource.json --to vendor --base record.json
        portico convert heidi patient-profile --to fhir --ndjson < records.ndjson
    """
    try:
        convert_one = _conversion(options)
        documents = read_lines(options.file) if options.ndjson else [read_document(options.file)]
        outcomes = [_attempt(convert_one, document, options) for document in documents]
    except InputError as error:
        say(str(error))
        raise typer.Exit(FINDINGS) from error
    raise typer.Exit(OK if all(outcomes) else FINDINGS)


def _conversion(options: ConvertOptions) -> "Conversion":
    from portico.bootstrap.modules import UnknownNameError, folder_of, module_named, vendor_folders
    from portico.cli.conversion import ToFhir, ToVendor, read_catalogues, wrapped_at
    from portico.mapping.conversion.context import Context
    from portico.settings import load_settings

    try:
        folder = folder_of(options.vendor, vendor_folders(load_settings().mappings))
        module = module_named(options.object_name, folder)
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
    catalogues = read_catalogues(options.catalogue or [], folder)
    context = Context(catalogues=catalogues, all_settings=True)
    wrapped = wrapped_at(folder, options.object_name)
    if options.to == "fhir":
        return ToFhir(module, context, wrapped)
    base = read_document(options.base).value if options.base else None
    return ToVendor(module, context, base, whole=options.as_json, wrapped=wrapped)


def _attempt(
    convert_one: "Conversion", document: Document | InputError, options: ConvertOptions
) -> bool:
    if isinstance(document, InputError):
        say(str(document))
        return False
    try:
        result = convert_one(document.value)
    except PorticoError as error:
        for issue in error.issues:
            unsaid = (path for path in issue.expression if path not in issue.diagnostics)
            say(": ".join((document.place, *unsaid, issue.diagnostics)))
        return False
    for line in result.talk:
        say(line)
    show(result.document, pretty=not options.ndjson)
    return True
