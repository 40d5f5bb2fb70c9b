"""Who is what to whom: one direction each, from the patient of the path to another."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.children import page_of
from portico.sandbox.practice.duplicates import brief
from portico.sandbox.practice.patients import known_patient, present_patient
from portico.sandbox.practice.references import current_reference, patient_reference
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
    shown,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}")

_NEVER_NULL = frozenset({"relationship_type"})


@router.get("/relationships")
async def list_relationships(
    patient_uuid: UUID,
    desk: AtDesk,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    patient = known_patient(desk, patient_uuid)
    found = _found(desk, lambda each: each["from_patient"]["id"] == patient["id"])
    return desk.answer("relationship-page", page_of(found, page, page_size))


@router.get("/dependents")
async def list_dependents(patient_uuid: UUID, desk: AtDesk) -> Response:
    """List whom this patient is the guardian of."""
    patient = known_patient(desk, patient_uuid)
    return _listed(desk, "from_patient", patient)


@router.get("/guardians")
async def list_guardians(patient_uuid: UUID, desk: AtDesk) -> Response:
    """List who is a guardian of this patient."""
    patient = known_patient(desk, patient_uuid)
    return _listed(desk, "to_patient", patient)


@router.get("/family")
async def list_family(patient_uuid: UUID, desk: AtDesk) -> Response:
    """List the patients with the same guarantor, the one of the path among them."""
    patient = known_patient(desk, patient_uuid)
    members = family_of(desk, patient)
    body = {"items": [brief(each) for each in members], "total": len(members)}
    return desk.answer("patient-search-response", body)


@router.post("/relationships")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "relationship-create")
    patient = present_patient(desk, patient_uuid)
    target = desk.records.get("patient", sent.pop("to_patient_uuid").lower())
    if target is None or target.get("deleted_at"):
        raise Refusal(404, "Target patient not found")
    refuse_replay(desk, request)
    both = {"from_patient": patient_reference(patient), "to_patient": patient_reference(target)}
    return _keep(desk, created(desk, sent | both), 201)


@router.patch("/relationships/{relationship_uuid}")
async def update(
    patient_uuid: UUID, relationship_uuid: UUID, request: Request, desk: AtDesk
) -> Response:
    sent = await desk.body(request, "relationship-update")
    refuse_nulls(sent, _NEVER_NULL)
    relationship = _present(desk, patient_uuid, relationship_uuid)
    refuse_stale(relationship, sent.pop("base_version"))
    return _keep(desk, changed(desk, relationship, sent))


@router.post("/relationships/{relationship_uuid}/archive")
async def archive(patient_uuid: UUID, relationship_uuid: UUID, desk: AtDesk) -> Response:
    relationship = _present(desk, patient_uuid, relationship_uuid)
    return _keep(desk, changed(desk, relationship, {"deleted_at": desk.mint.now()}))


def family_of(desk: Desk, patient: Mapping[str, Json]) -> list[Record]:
    """Find the patients that share a patient's guarantor; only the patient where there is none."""
    guarantor = _guarantor(patient)
    return [
        each
        for each in desk.records.all("patient")
        if not each.get("deleted_at")
        and (each["id"] == patient["id"] or (guarantor and _guarantor(each) == guarantor))
    ]


def _guarantor(patient: Mapping[str, Json]) -> str | None:
    return (patient.get("responsible_party") or {}).get("id")


def _present(desk: Desk, patient_uuid: UUID, uuid: UUID) -> Record:
    patient = present_patient(desk, patient_uuid)
    found = desk.records.get("relationship", str(uuid))
    if found is None or found["from_patient"]["id"] != patient["id"] or found.get("deleted_at"):
        raise Refusal(404, "Relationship not found")
    return found


def _found(desk: Desk, is_wanted: Callable[[Record], bool]) -> list[Json]:
    return [
        _shown(desk, each)
        for each in desk.records.all("relationship")
        if not each.get("deleted_at") and is_wanted(each)
    ]


def _listed(desk: Desk, end: str, patient: Record) -> Response:
    def is_wanted(each: Record) -> bool:
        return bool(each.get("is_guardian")) and each[end]["id"] == patient["id"]

    items = _found(desk, is_wanted)
    return desk.answer("relationship-list", {"items": items, "total": len(items)})


def _keep(desk: Desk, relationship: Record, status: int = 200) -> Response:
    desk.records.put("relationship", relationship["id"], relationship)
    return desk.answer("relationship", _shown(desk, relationship), status)


def _shown(desk: Desk, relationship: Record) -> dict[str, Json]:
    """Show a relationship with the names that both patients have now."""
    ends = {
        end: current_reference(desk, relationship[end]) for end in ("from_patient", "to_patient")
    }
    names = {f"{end}_name": reference["name"] for end, reference in ends.items()}
    return shown(desk, "relationship", relationship) | ends | names
