"""`portico map new`: a vendor's folder, drafted from samples and from its OpenAPI document."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from portico import Json
from portico.cli.documents import InputError, read_json
from portico.cli.map_drafts import Drafted, drafts, read_contract
from portico.cli.options import taking
from portico.cli.output import FINDINGS, say
from portico.document import dump

_NAME = r"[a-z][a-z0-9-]*"


@dataclass(frozen=True)
class NewOptions:
    """What `portico map new` takes."""

    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
    sample: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A record or a list of them; the file names the object."),
    ] = None
    openapi: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The vendor's OpenAPI document.")
    ] = None
    into: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the folder NAME is.")] = Path()


@taking(NewOptions)
def new(options: NewOptions) -> None:
    """Write a vendor's folder: a connection file, a module and a schema for each object.

    Rules are drafts with their reasons, none active. `patient.json` and `patient.2.json` are
    samples of the object `patient`. From an OpenAPI 3 document come addresses, credential,
    requests and schemas: of the objects with samples, or of those that FHIR has words for. Files
    that are there are never touched.

    Examples: portico map new acme --sample patient.json

    portico map new acme --openapi spec.yaml --sample patient.json --sample problem.json
    """
    import re

    if not re.fullmatch(_NAME, options.name):
        raise typer.BadParameter("a vendor's name is of a-z, 0-9 and '-'; it names the folder")
    if not options.sample and not options.openapi:
        raise typer.BadParameter("give --sample FILE, --openapi FILE, or both")
    try:
        samples = _samples(options.sample or [])
        contract = read_contract(options.openapi) if options.openapi else None
        drafted = list(drafts(options.name, samples, contract))
    except InputError as error:
        say(str(error))
        raise typer.Exit(FINDINGS) from error
    folder = options.into / options.name
    for each in drafted:
        _write(folder, each)
    _write(folder, Drafted("module.schema.json", _schema(folder)))
    say(f"next: PORTICO_MAPPINGS={folder} portico map check {options.name}")


def _samples(files: list[Path]) -> dict[str, list[Json]]:
    """The records of each object by its name, which is the file's up to the first dot."""
    found: dict[str, list[Json]] = {}
    for file in files:
        value = read_json(file)
        records = value if isinstance(value, list) else [value]
        if not records or not all(isinstance(record, dict) for record in records):
            raise InputError(f"{file}: not a JSON object, nor a list of them; give records")
        name = file.name.partition(".")[0].lower().replace("_", "-")
        found.setdefault(name, []).extend(records)
    return found


def _schema(folder: Path) -> str:
    """What editors need to know of the folder's modules, with the vendor's fields."""
    from portico.bootstrap.modules import shared_terminology
    from portico.mapping.drafting.editor_schema import editor_schema, fields_of

    schema = editor_schema(shared_terminology(), fields_of(folder))
    return dump(schema, pretty=True).decode() + "\n"


def _write(folder: Path, drafted: Drafted) -> None:
    path = folder / drafted.path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(drafted.text)
        say(f"wrote {path}")
    except FileExistsError:
        say(f"kept {path}: it is there")
