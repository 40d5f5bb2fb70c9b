"""Writing a Patient: Portico's module and the programmer, each with validation and a report."""

from functools import cache
from typing import Any

from benchmarks import hand_writing
from benchmarks.hand_written import patient_to_fhir
from benchmarks.subjects import CONTEXT, patient
from portico.mapping.language.schema import Schema
from portico.mapping.running.change import Change

Json = Any


def answer(change: Change) -> Json:
    """A change as it is compared: the first request's body, and what is lost where."""
    told = [[loss.kind, loss.expression] for loss in change.report]
    return {"body": change.steps[0].body, "report": sorted(told)}


def portico_create(resource: Json) -> Json:
    return answer(patient().module.to_vendor(resource, None, CONTEXT))


def portico_change(resource: Json) -> Json:
    one = patient()
    return answer(one.module.to_vendor(resource, one.record, CONTEXT))


def hand_written_create(resource: Json) -> Json:
    """Every member that a create takes, validated, read back and compared."""
    members = hand_writing.patient_from_fhir(resource)
    takes, schema = _create()
    body = {}
    for name, value in members.items():
        sent, plain = (f"{name}_uuid", value["id"]) if value.__class__ is dict else (name, value)
        if sent in takes:
            body[sent] = plain
    _check(schema, body)
    told = hand_writing.report(resource, patient_to_fhir(members, expose_ssn=True))
    return {"body": body, "report": sorted(map(list, told))}


def hand_written_change(resource: Json) -> Json:
    """The smallest update, validated, read back and compared."""
    base = patient().record
    members = hand_writing.patient_from_fhir(resource)
    body = hand_writing.smallest_body(members, base)
    record = hand_writing.stored(members, base, body)
    body["base_version"] = base["version"]
    _check(_update(), body)
    told = hand_writing.report(resource, patient_to_fhir(record, expose_ssn=True))
    return {"body": body, "report": sorted(map(list, told))}


@cache
def _create() -> tuple[frozenset[str], Schema]:
    schema = patient().module.schemas["create"]
    return frozenset(schema.members), schema


@cache
def _update() -> Schema:
    return patient().module.schemas["update"]


def _check(schema: Schema, body: Json) -> None:
    """The vendor's own schema, in the same validator that modules use."""
    if found := list(schema.violations(body)):
        raise ValueError(found)
