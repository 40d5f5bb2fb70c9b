"""What `portico convert` does with one document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import jsonschema_rs

from portico import Json, Record, Resource
from portico.bootstrap.modules import suggestion
from portico.cli.documents import InputError, read_list
from portico.errors import FhirError, Issue
from portico.fhir.structure import structure_issues
from portico.fhir.validation import validate
from portico.mapping.conversion.catalogue import Catalogue
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule
from portico.mapping.running.change import Change, Loss, Step
from portico.vendor.catalogue_entry import entry_of
from portico.vendor.connection_file import load_vendor
from portico.vendor.dotted import ITSELF, DottedPath

_BODIES = frozenset({"create", "update"})
_OF_ANOTHER_TYPE = frozenset({"type", "anyOf", "oneOf"})


@dataclass(frozen=True)
class Result:
    """A document for stdout, and what is said about it on stderr."""

    document: Json
    talk: tuple[str, ...] = ()


Conversion: TypeAlias = Callable[[Json], Result]


@dataclass(frozen=True)
class ToFhir:
    """A vendor's record becomes a resource, or a Bundle; FhirError if that is not valid R4.

    `wrapped` is where the vendor's own answers hold a record, so that one can be pasted whole.
    """

    module: ObjectModule
    context: Context
    wrapped: DottedPath = ITSELF

    def __call__(self, document: Json) -> Result:
        record = as_record(self.module, unwrapped(self.module, document, self.wrapped))
        resource = self.module.to_fhir(record, self.context)
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
    wrapped: DottedPath = ITSELF

    def __call__(self, document: Json) -> Result:
        base = None
        if self.base is not None:
            base = as_record(self.module, unwrapped(self.module, self.base, self.wrapped))
        change = self.module.to_vendor(as_resource(self.module, document), base, self.context)
        if self.whole:
            return Result(_everything(change))
        lost = tuple(map(loss_line, change.report))
        if len(change.steps) > 1 or any(step.operation not in _BODIES for step in change.steps):
            return Result({"requests": _requests(change)}, lost)
        return Result(change.steps[0].body if change.steps else {}, lost)


def as_resource(module: ObjectModule, document: Json) -> Resource:
    """The document as the resource that a module maps. Raises FhirError."""
    expected = "Bundle" if module.is_bundle else module.resource_types[0]
    if document.get("resourceType") != expected:
        what = f"not a {expected}; correct it"
        raise FhirError(422, Issue("structure", what, expression=("resourceType",)))
    if issues := validate(expected, document):
        raise FhirError(422, *issues)
    return Resource(document)


def unwrapped(module: ObjectModule, document: Json, wrapped: DottedPath) -> Json:
    """The record inside a vendor's answer, if the document is one and not a record itself."""
    schema = module.schemas.get("schema")
    known = schema.members.keys() if schema else document.keys()
    inner = wrapped.first(document)
    return inner if isinstance(inner, dict) and not document.keys() & known else document


def as_record(module: ObjectModule, document: Json) -> Record:
    """The document as the module's record; members may lack, but not be of another type."""
    if "resourceType" in document:
        what = "this is a FHIR resource; a record of the vendor is wanted (see --to)"
        raise FhirError(422, Issue("structure", what))
    schema = module.schemas.get("schema")
    if schema and document and not document.keys() & schema.members.keys():
        what = f"none of its members is one of a {module.spec.object} of {module.spec.vendor}"
        raise FhirError(422, Issue("structure", what))
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
        catalogues[name] = Catalogue(
            entry_of(sources[name], str(sources[name].key.first(entry)), entry) for entry in entries
        )
    return catalogues


def wrapped_at(folder: Path, name: str) -> DottedPath:
    """Where the vendor's answers hold a record of an object."""
    found = load_vendor(folder).objects.get(name)
    operation = (found.read or found.create) if found else None
    return operation.answer.unwrap if operation else ITSELF


def _requests(change: Change) -> list[Json]:
    return [{"operation": step.operation, "body": step.body} for step in change.steps]


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
