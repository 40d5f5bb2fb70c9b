"""The search parameters that Portico knows, by resource type: a closed table.

R4's own (https://hl7.org/fhir/R4/searchparameter-registry.html) and US Core's `asserted-date`.
A path says where a parameter's values stand: member names with dots between, lists gone through,
`[member=value]` for those entries only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from portico import Json
from portico.fhir import definitions
from portico.fhir.definitions import Element

ParameterType = Literal["string", "token", "date", "reference"]

_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<member>\w+)=(?P<value>[^\]]+)\])?(?:\.|$)")
_ASSERTED = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"

_Facts: TypeAlias = dict[str, tuple[ParameterType, str]]
_Step: TypeAlias = tuple[str, tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Path:
    """Where values stand in a resource, and what element of R4 they are."""

    text: str
    steps: tuple[_Step, ...]
    element: Element

    def values(self, resource: Mapping[str, Json]) -> Iterator[Json]:
        """Yield what stands at the path, entry by entry; nothing that is absent or null."""
        found: Iterator[Json] = iter((resource,))
        for step in self.steps:
            found = _follow(found, step)
        return found


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter. `targets` are the types that its references may have."""

    name: str
    type: ParameterType
    paths: tuple[Path, ...]
    targets: tuple[str, ...] = ()


def parameters(type_name: str) -> Mapping[str, Parameter]:
    """All parameters of a resource type by name; empty for a type without any."""
    return _TABLE.get(type_name, MappingProxyType({}))


def _follow(found: Iterator[Json], step: _Step) -> Iterator[Json]:
    name, test = step
    for holder in found:
        value = holder.get(name) if isinstance(holder, Mapping) else None
        for item in value if isinstance(value, list) else (value,):
            if item is not None and (test is None or _passes(item, *test)):
                yield item


def _passes(item: Json, member: str, value: str) -> bool:
    return isinstance(item, Mapping) and item.get(member) == value


def _path(type_name: str, text: str) -> Path:
    steps = tuple(
        (step["name"], (step["member"], step["value"]) if step["member"] else None)
        for step in _STEP.finditer(text)
    )
    element = Element(type_name, type_name)
    for name, _ in steps:
        element = definitions.elements(element.type)[name]
    return Path(text, steps, element)


def _parameter(type_name: str, name: str, kind: ParameterType, texts: str) -> Parameter:
    paths = tuple(_path(type_name, text) for text in texts.split())
    targets = {target for path in paths for target in path.element.targets}
    if name == "patient":
        targets = {"Patient"}
    return Parameter(name, kind, paths, tuple(sorted(targets)))


_EVERY: _Facts = {"_id": ("token", "id"), "_lastUpdated": ("date", "meta.lastUpdated")}
_PERSON: _Facts = {
    "active": ("token", "active"),
    "identifier": ("token", "identifier"),
    "name": ("string", "name"),
    "family": ("string", "name.family"),
    "given": ("string", "name.given"),
    "gender": ("token", "gender"),
    "telecom": ("token", "telecom"),
    "phone": ("token", "telecom[system=phone]"),
    "email": ("token", "telecom[system=email]"),
    "address": ("string", "address"),
    "address-city": ("string", "address.city"),
    "address-country": ("string", "address.country"),
    "address-postalcode": ("string", "address.postalCode"),
    "address-state": ("string", "address.state"),
    "address-use": ("token", "address.use"),
}
_SUBJECT: _Facts = {"patient": ("reference", "subject"), "subject": ("reference", "subject")}
_FACTS: dict[str, _Facts] = {
    "Patient": _PERSON
    | {
        "birthdate": ("date", "birthDate"),
        "death-date": ("date", "deceasedDateTime"),
        "general-practitioner": ("reference", "generalPractitioner"),
    },
    "Practitioner": _PERSON,
    "Condition": _SUBJECT
    | {
        "identifier": ("token", "identifier"),
        "clinical-status": ("token", "clinicalStatus"),
        "verification-status": ("token", "verificationStatus"),
        "category": ("token", "category"),
        "severity": ("token", "severity"),
        "code": ("token", "code"),
        "encounter": ("reference", "encounter"),
        "onset-date": ("date", "onsetDateTime onsetPeriod"),
        "abatement-date": ("date", "abatementDateTime abatementPeriod"),
        "recorded-date": ("date", "recordedDate"),
        "asserted-date": ("date", f"extension[url={_ASSERTED}].valueDateTime"),
    },
    "MedicationRequest": _SUBJECT
    | {
        "identifier": ("token", "identifier"),
        "status": ("token", "status"),
        "intent": ("token", "intent"),
        "category": ("token", "category"),
        "code": ("token", "medicationCodeableConcept"),
        "medication": ("reference", "medicationReference"),
        "authoredon": ("date", "authoredOn"),
        "requester": ("reference", "requester"),
        "encounter": ("reference", "encounter"),
    },
    "DocumentReference": _SUBJECT
    | {
        "identifier": ("token", "masterIdentifier identifier"),
        "status": ("token", "status"),
        "type": ("token", "type"),
        "category": ("token", "category"),
        "date": ("date", "date"),
        "period": ("date", "context.period"),
        "author": ("reference", "author"),
        "custodian": ("reference", "custodian"),
        "encounter": ("reference", "context.encounter"),
    },
}
_MORE: dict[str, _Facts] = {
    "AllergyIntolerance": {
        "asserter": ("reference", "asserter"),
        "category": ("token", "category"),
        "clinical-status": ("token", "clinicalStatus"),
        "code": ("token", "code reaction.substance"),
        "criticality": ("token", "criticality"),
        "date": ("date", "recordedDate"),
        "identifier": ("token", "identifier"),
        "last-date": ("date", "lastOccurrence"),
        "manifestation": ("token", "reaction.manifestation"),
        "onset": ("date", "reaction.onset"),
        "patient": ("reference", "patient"),
        "recorder": ("reference", "recorder"),
        "route": ("token", "reaction.exposureRoute"),
        "severity": ("token", "reaction.severity"),
        "type": ("token", "type"),
        "verification-status": ("token", "verificationStatus"),
    },
    "Flag": _SUBJECT
    | {
        "author": ("reference", "author"),
        "date": ("date", "period"),
        "encounter": ("reference", "encounter"),
        "identifier": ("token", "identifier"),
    },
    "Observation": _SUBJECT
    | {
        "category": ("token", "category"),
        "code": ("token", "code"),
        "combo-code": ("token", "code component.code"),
        "component-code": ("token", "component.code"),
        "data-absent-reason": ("token", "dataAbsentReason"),
        "date": ("date", "effectiveDateTime effectivePeriod effectiveInstant"),
        "encounter": ("reference", "encounter"),
        "has-member": ("reference", "hasMember"),
        "identifier": ("token", "identifier"),
        "method": ("token", "method"),
        "performer": ("reference", "performer"),
        "status": ("token", "status"),
        "value-concept": ("token", "valueCodeableConcept"),
        "value-date": ("date", "valueDateTime valuePeriod"),
        "value-string": ("string", "valueString valueCodeableConcept.text"),
    },
    "RelatedPerson": {
        **{name: facts for name, facts in _PERSON.items() if name not in {"family", "given"}},
        "birthdate": ("date", "birthDate"),
        "patient": ("reference", "patient"),
        "relationship": ("token", "relationship"),
    },
}
_TABLE: Mapping[str, Mapping[str, Parameter]] = MappingProxyType(
    {
        type_name: MappingProxyType(
            {name: _parameter(type_name, name, *facts) for name, facts in (_EVERY | own).items()}
        )
        for type_name, own in (_FACTS | _MORE).items()
    }
)
