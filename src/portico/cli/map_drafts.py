"""The files of a new vendor's folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portico import Json
from portico.cli.documents import InputError, read_json
from portico.cli.map_connection import connection_file
from portico.document import dump
from portico.errors import MappingError
from portico.mapping.drafting.draft import Draft, draft_module
from portico.mapping.drafting.hints import RESOURCES
from portico.mapping.drafting.infer import infer_schema
from portico.mapping.drafting.openapi import Api, OpenApiError, read_openapi, relevant
from portico.mapping.language.schema import Schema
from portico.mapping.language.source import numbers_too, read_yaml


@dataclass(frozen=True)
class Drafted:
    """A file of the folder: its path there, and its text."""

    path: str
    text: str


def read_contract(file: Path) -> Api:
    """Read an OpenAPI document, JSON or YAML. Raises InputError."""
    try:
        is_yaml = file.suffix in (".yaml", ".yml")
        return read_openapi(numbers_too(read_yaml(file)) if is_yaml else read_json(file))
    except (OpenApiError, MappingError, OSError) as error:
        raise InputError(f"{file}: {error}") from error


def drafts(
    vendor: str, samples: Mapping[str, Sequence[Json]], api: Api | None
) -> Iterator[Drafted]:
    """All files of the folder. Raises InputError when the contract has nothing for them."""
    named = list(relevant(api, samples, RESOURCES)) if api else []
    names = list(dict.fromkeys((*samples, *named)))
    if not names:
        raise InputError(
            "no path of the document is about patients or what they have; give samples"
        )
    yield Drafted("vendor.yaml", connection_file(vendor, names, api))
    for name in names:
        yield from _of_object(vendor, name, samples.get(name, ()), api)


def _of_object(
    vendor: str, name: str, records: Sequence[Json], api: Api | None
) -> Iterator[Drafted]:
    thing = api.objects.get(name) if api else None
    schemas = dict(thing.schemas) if thing else {}
    schemas.setdefault("schema", infer_schema(records))
    if thing and thing.is_replaced and "update" in schemas:
        schemas.setdefault("create", schemas.pop("update"))
    files = {}
    for role, schema in schemas.items():
        file = f"{name}.schema.json" if role == "schema" else f"{name}-{role}.schema.json"
        yield Drafted(f"schemas/{file}", dump(schema, pretty=True).decode() + "\n")
        files[role] = file
    if thing and thing.is_replaced:
        files["update"] = "replace"
    key = thing.key if thing else ("id",)
    draft = Draft(vendor, name, Schema(schemas["schema"]), files, records, key)
    yield Drafted(f"{name}.yaml", draft_module(draft))
