"""`portico map schema`: what editors need to complete and to check module files."""

from dataclasses import dataclass
from typing import Annotated

import typer

from portico.cli.map_modules import folders_named
from portico.cli.options import taking
from portico.cli.output import show


@dataclass(frozen=True)
class SchemaOptions:
    """What `portico map schema` takes."""

    vendor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Offer the fields of this vendor too.")
    ] = None


@taking(SchemaOptions)
def schema(options: SchemaOptions) -> None:
    """Print a JSON Schema of module files for editors.

    Editors with a YAML language server read it where the first line of a module says
    `# yaml-language-server: $schema=../module.schema.json`.

    Examples: portico map schema > mappings/module.schema.json

    portico map schema --vendor practice > mappings/practice/.module.schema.json
    """
    from portico.bootstrap.modules import shared_terminology
    from portico.mapping.drafting.editor_schema import editor_schema, fields_of

    folders = folders_named([options.vendor]) if options.vendor else {}
    fields = {name: what for one in folders.values() for name, what in fields_of(one).items()}
    show(editor_schema(shared_terminology(), fields))
