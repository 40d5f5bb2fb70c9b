"""A patient's life at the practice: its status machine, archive and restore."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from fastapi import APIRouter, Request, Response

from portico import Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.patients import keep_patient, known_patient, present_patient
from portico.sandbox.practice.writing import changed, refuse_stale
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}")

_TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "prospective": frozenset({"active"}),
        "active": frozenset({"inactive", "deceased"}),
        "inactive": frozenset({"active"}),
        "deceased": frozenset(),
    }
)


@router.post("/transition-status")
async def transition(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "patient-transition-status")
    patient = present_patient(desk, patient_uuid)
    refuse_stale(patient, sent["base_version"])
    status, target = patient["status"], sent["new_status"]
    if status == target:
        raise Refusal(422, f"Patient is already {target}")
    if target not in _TRANSITIONS[status]:
        raise Refusal(422, f"Invalid status transition: {status} -> {target}")
    return keep_patient(desk, changed(desk, patient, {"status": target}))


@router.post("/archive")
async def archive(patient_uuid: UUID, desk: AtDesk) -> Response:
    patient = present_patient(desk, patient_uuid)
    if _active_dependents(desk, patient["id"]):
        raise Refusal(422, "Patient is guarantor for active dependents")
    gone = {"status": "archived", "deleted_at": desk.mint.now()}
    return keep_patient(desk, changed(desk, patient, gone))


@router.post("/restore")
async def restore(patient_uuid: UUID, desk: AtDesk) -> Response:
    patient = known_patient(desk, patient_uuid)
    if not patient.get("deleted_at"):
        raise Refusal(422, "Patient is not archived")
    back = {"status": "inactive", "deleted_at": None}
    return keep_patient(desk, changed(desk, patient, back))


def _active_dependents(desk: Desk, guarantor: str) -> list[Record]:
    return [
        each
        for each in desk.records.all("patient")
        if (each.get("responsible_party") or {}).get("id") == guarantor
        and each["id"] != guarantor
        and each["status"] == "active"
        and not each.get("deleted_at")
    ]
