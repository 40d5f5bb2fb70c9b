"""One patient: create, read, update."""

import re
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.duplicates import brief, duplicates
from portico.sandbox.practice.references import current_reference, with_references
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
    shown,
)
from portico.sandbox.schemas import Fault
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_RESTRICTING_BALANCE = 500
_NEVER_NULL = frozenset({"first_name", "last_name"})
_AT_FIRST = {
    "status": "active",
    "allergy_review_status": "not_reviewed",
    "balance_0_30": "0.00",
    "balance_31_60": "0.00",
    "balance_61_90": "0.00",
    "balance_over_90": "0.00",
    "balance_total": "0.00",
    "estimated_balance": "0.00",
    "insurance_estimate": "0.00",
    "payment_plan_due": "0.00",
}


@router.post("")
async def create(request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "patient-create")
    _refuse_email(sent)
    members = with_references(desk, sent)
    _refuse_chart_number(desk, sent)
    refuse_replay(desk, request)
    patient = created(desk, _AT_FIRST | members)
    if patient["status"] == "archived":
        patient["deleted_at"] = patient["created_at"]
    others = [each for each in desk.records.all("patient") if not each.get("deleted_at")]
    desk.records.put("patient", patient["id"], patient)
    alike = [brief(each) for each in duplicates(others, patient)]
    return desk.answer(
        "patient", shown_patient(desk, patient) | {"potential_duplicates": alike}, 201
    )


@router.get("/{patient_uuid}")
async def read(patient_uuid: UUID, desk: AtDesk) -> Response:
    return desk.answer("patient", shown_patient(desk, known_patient(desk, patient_uuid)))


@router.patch("/{patient_uuid}")
async def update(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "patient-update")
    refuse_nulls(sent, _NEVER_NULL)
    _refuse_email(sent)
    patient = present_patient(desk, patient_uuid)
    refuse_stale(patient, sent.pop("base_version"))
    members = with_references(desk, sent)
    _refuse_chart_number(desk, sent, patient["id"])
    return keep_patient(desk, changed(desk, patient, members))


def known_patient(desk: Desk, uuid: UUID) -> Record:
    """Find a patient, also an archived one."""
    patient = desk.records.get("patient", str(uuid))
    if patient is None:
        raise Refusal(404, "Patient not found")
    return patient


def present_patient(desk: Desk, uuid: UUID) -> Record:
    """Find a patient that can be written: an archived one must be restored first."""
    patient = known_patient(desk, uuid)
    if patient.get("deleted_at"):
        raise Refusal(422, "Patient is archived")
    return patient


def keep_patient(desk: Desk, patient: Record) -> Response:
    """Keep a patient's new version and answer it."""
    desk.records.put("patient", patient["id"], patient)
    return desk.answer("patient", shown_patient(desk, patient))


def shown_patient(desk: Desk, patient: Record) -> dict[str, Json]:
    balance = Decimal(patient.get("balance_total") or 0)
    derived = {
        "scheduling_restricted": patient["status"] == "inactive" or balance > _RESTRICTING_BALANCE,
        "responsible_party": current_reference(desk, patient.get("responsible_party")),
        "latest_vitals_date": _latest_reading(desk, patient["id"]),
    }
    return shown(desk, "patient", patient) | derived


def _latest_reading(desk: Desk, patient: str) -> str | None:
    days = (
        each["date_taken"]
        for each in desk.records.all("vital-signs")
        if each["patient"]["id"] == patient and not each.get("deleted_at")
    )
    return max(days, default=None)


def _refuse_email(sent: Mapping[str, Json]) -> None:
    if sent.get("email") and not _EMAIL.fullmatch(sent["email"]):
        fault = Fault(("email",), "value is not a valid email address", "value_error")
        raise Refusal(422, "Invalid request body", faults=(fault,))


def _refuse_chart_number(desk: Desk, sent: Mapping[str, Json], owner: str | None = None) -> None:
    number = sent.get("chart_number")
    for patient in desk.records.all("patient"):
        if number and patient.get("chart_number") == number and patient["id"] != owner:
            raise Refusal(409, "Duplicate chart number")
