"""Requests name what they refer to as `<x>_uuid`; answers show it as `<x>: {id, name}`."""

from collections.abc import Mapping
from types import MappingProxyType

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal

_KINDS = MappingProxyType(
    {
        "primary_provider": "provider",
        "secondary_provider": "provider",
        "location": "location",
        "fee_schedule": "fee schedule",
        "billing_type": "billing type",
        "employer": "employer",
    }
)


def with_references(desk: Desk, sent: Mapping[str, Json]) -> dict[str, Json]:
    """Put references in the place of the UUIDs that a patient's body names."""
    return dict(_member(desk, name, value) for name, value in sent.items())


def refuse_unknown(desk: Desk, kind: str, uuid: str | None) -> None:
    if uuid is not None:
        _named(desk, kind, uuid)


def patient_reference(patient: Record) -> dict[str, Json]:
    return {"id": patient["id"], "name": f"{patient['first_name']} {patient['last_name']}"}


def current_reference(desk: Desk, reference: Json) -> Json:
    """Show a patient that something refers to under the name that it has now."""
    patient = desk.records.get("patient", reference["id"]) if reference else None
    return patient_reference(patient) if patient else reference


def definition_reference(desk: Desk, what: str, uuid: str | None) -> dict[str, Json] | None:
    """Refer to an entry of the catalogue of `what`: diseases, drugs, allergies, alerts."""
    if uuid is None:
        return None
    definition = desk.records.get(f"{what}-definition", uuid.lower())
    if definition is None or definition.get("deleted_at"):
        raise Refusal(404, f"{what.capitalize()} definition not found")
    return {"id": definition["id"], "name": definition["name"]}


def provider_reference(desk: Desk, uuid: str | None) -> dict[str, Json] | None:
    return None if uuid is None else _named(desk, "provider", uuid)


def _member(desk: Desk, name: str, value: Json) -> tuple[str, Json]:
    target = name.removesuffix("_uuid")
    if target == name:
        return name, value
    if value is None:
        return target, None
    if target == "responsible_party":
        return target, _guarantor(desk, value)
    return target, _named(desk, _KINDS[target], value)


def _named(desk: Desk, kind: str, uuid: str) -> dict[str, Json]:
    found = desk.records.get("reference", uuid.lower())
    if found is None or found["kind"] != kind:
        raise Refusal(404, f"{kind.capitalize()} not found")
    return {"id": found["id"], "name": found["name"]}


def _guarantor(desk: Desk, uuid: str) -> dict[str, Json]:
    patient = desk.records.get("patient", uuid.lower())
    if patient is None or patient.get("deleted_at"):
        raise Refusal(404, "Guarantor not found")
    return patient_reference(patient)
