"""What the records under a patient have in common: their lists, and whose they are."""

from collections.abc import Callable
from uuid import UUID

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.patients import known_patient, present_patient
from portico.sandbox.practice.references import current_reference
from portico.sandbox.practice.writing import shown


def listed(
    desk: Desk, kind: str, patient_uuid: UUID, wanted: Callable[[Record], bool]
) -> list[Record]:
    """Find the records of a patient that are not archived and wanted, in the order they came."""
    patient = known_patient(desk, patient_uuid)
    return [
        each
        for each in desk.records.all(kind)
        if each["patient"]["id"] == patient["id"] and not each.get("deleted_at") and wanted(each)
    ]


def page_of(found: list[Json], page: int, page_size: int) -> dict[str, Json]:
    """Cut one page from a list; pages count from 1."""
    items = found[(page - 1) * page_size : page * page_size]
    return {"items": items, "page": page, "page_size": page_size, "total": len(found)}


def present_child(desk: Desk, kind: str, patient_uuid: UUID, uuid: UUID) -> Record:
    """Find a record of this patient that is not archived."""
    patient = present_patient(desk, patient_uuid)
    child = desk.records.get(kind, str(uuid))
    if child is None or child["patient"]["id"] != patient["id"] or child.get("deleted_at"):
        raise Refusal(404, f"{kind.replace('-', ' ').capitalize()} not found")
    return child


def shown_child(desk: Desk, kind: str, child: Record) -> dict[str, Json]:
    """Show a record with its patient's current name."""
    owner = {"patient": current_reference(desk, child["patient"])}
    return shown(desk, kind, child) | owner
