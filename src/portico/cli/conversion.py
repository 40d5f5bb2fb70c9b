"""What `portico convert` does with one document."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import jsonschema_rs

from portico import Json, Record, Resource
from portico.bootstrap.modules import suggestion
from portico.cli.documents import InputError, read_list
from portico.document import dump
from portico.errors import FhirError, Issue
from portico.fhir.structure import structure_issues
from portico.fhir.validation import validate
from portico.mapping.catalogue import Catalogue, CatalogueEntry
from portico.mapping.change import Change, Loss, Step
from portico.mapping.context import Context
from portico.mapping.load import ObjectModule
from portico.vendor.connection_file import load_vendor
from portico.vendor.model import CatalogueSource

_OF_ANOTHER_TYPE = frozenset({"type", "anyOf", "oneOf"})


@dataclass(frozen=True)
class Result:
    """A document for stdout, and what is said about it on stderr."""

    document: Json
    talk: tuple[str, ...] = ()


Conversion: TypeAlias = Callable[[Json], Result]


@dataclass(frozen=True)
class ToFhir:
    """A vendor's record becomes a resource, or a Bundle; FhirError if that is not valid R4."""

    module: ObjectModule
    context: Context

    def __call__(self, document: Json) -> Result:
        resource = self.module.to_fhir(as_record(self.module, document), self.context)
        if issues := tuple(structure_issues(resource["resourceType"], resource)):
            raise FhirError(422, *issues)
        return Result(resource)


@dataclass(frozen=True)
class ToVendor:
    """A resource becomes the body of a create, or of a change of `base`.

    `whole` asks for everything that the module says instead: requests, report and record.
    """

    module: ObjectModule
    context: Context
    base: Json
    whole: bool

    def __call__(self, document: Json) -> Result:
        base = None if self.base is None else as_record(self.module, self.base)
        change = self.module.to_vendor(as_resource(self.module, document), base, self.context)
        if self.whole:
            return Result(_everything(change))
        operation = "create" if base is None else "update"
        body = next((step.body for step in change.steps if step.operation == operation), {})
        return Result(body, (*_requests(change, operation), *map(loss_line, change.report)))


def as_resource(module: ObjectModule, document: Json) -> Resource:
    """The document as the resource that a module maps. Raises FhirError."""
    expected = "Bundle" if module.is_bundle else module.resource_types[0]
    if document.get("resourceType") != expected:
        what = f"not a {expected}; correct it"
        raise FhirError(422, Issue("structure", what, expression=("resourceType",)))
    if issues := validate(expected, document):
        raise FhirError(422, *issues)
    return Resource(document)


def as_record(module: ObjectModule, document: Json) -> Record:
    """The document as the module's record; members may lack, but not be of another type."""
    if "resourceType" in document:
        what = "this is a FHIR resource; a record of the vendor is wanted (see --to)"
        raise FhirError(422, Issue("structure", what))
    schema = module.schemas.get("schema")
    checker = jsonschema_rs.Draft202012Validator(dict(schema.document) if schema else True)
    issues = [
        Issue("structure", "not of the type that the vendor has", expression=(_member(error),))
        for error in checker.iter_errors(document)
        if error.kind.name in _OF_ANOTHER_TYPE
    ]
    if issues:
        raise FhirError(422, *issues)
    return Record(document)


def _member(error: jsonschema_rs.ValidationError) -> str:
    return ".".join(map(str, error.instance_path)) or "the document"


def read_catalogues(given: list[str], folder: Path) -> dict[str, Catalogue]:
    """Catalogues from NAME=FILE; a FILE is a JSON list of entries as the vendor answers them."""
    if not given:
        return {}
    sources = load_vendor(folder).catalogues
    catalogues = {}
    for each in given:
        name, _, file = each.partition("=")
        if name not in sources or not file:
            raise InputError(f"--catalogue {each}: write NAME=FILE; {suggestion(name, sources)}")
        entries = read_list(Path(file))
        catalogues[name] = Catalogue(_entry(sources[name], entry) for entry in entries)
    return catalogues


def _entry(source: CatalogueSource, item: Json) -> CatalogueEntry:
    key = str(source.key.first(item))
    text = source.text.first(item) if source.text else None
    codings = [(system, path.first(item), None) for path, system in source.codes]
    own = [(source.local, key, text)] if source.local else []
    return CatalogueEntry(key, text, tuple(coding for coding in [*codings, *own] if coding[1]))


def _requests(change: Change, printed: str) -> Iterator[str]:
    for step in change.steps:
        if step.operation != printed:
            yield f"then {step.operation}: {dump(step.body).decode()}"


def loss_line(loss: Loss) -> str:
    """A loss as one line, without values."""
    rule = f" ({loss.rule})" if loss.rule else ""
    return f"{loss.kind}: {loss.expression}: {loss.reason}{rule}"


def _everything(change: Change) -> Json:
    return {
        "requests": [_step(step) for step in change.steps],
        "report": [loss_entry(loss) for loss in change.report],
        "record": change.record,
    }


def _step(step: Step) -> Mapping[str, Json]:
    return {"operation": step.operation, "body": step.body}


def loss_entry(loss: Loss) -> Mapping[str, Json]:
    """A loss as JSON."""
    return {
        "kind": loss.kind,
        "expression": loss.expression,
        "reason": loss.reason,
        "rule": str(loss.rule) if loss.rule else None,
        "modifier": loss.modifier,
    }
