"""The chart's header: all that matters medically of a patient, in one answer."""

from uuid import UUID

from fastapi import APIRouter, Response

from portico import Json, Record
from portico.sandbox.contract import Desk
from portico.sandbox.practice.alerts import shown_alert
from portico.sandbox.practice.allergies import shown_allergy
from portico.sandbox.practice.children import listed, shown_child
from portico.sandbox.practice.patients import known_patient
from portico.sandbox.practice.references import patient_reference
from portico.sandbox.practice.vital_signs import newest_first, shown_reading
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}")

_PAST = frozenset({"completed", "discontinued"})


@router.get("/medical-summary")
async def summarise(patient_uuid: UUID, desk: AtDesk) -> Response:
    patient = known_patient(desk, patient_uuid)
    body = {
        "patient": patient_reference(patient),
        "medical_urgent_note": patient.get("medical_urgent_note"),
        "premedication_required": patient.get("premedication_required"),
        "allergy_review_status": patient.get("allergy_review_status") or "not_reviewed",
        "social_history": [],
        "latest_vitals": _latest(desk, patient_uuid),
    }
    return desk.answer("medical-summary", body | _lists(desk, patient_uuid))


def _lists(desk: Desk, uuid: UUID) -> dict[str, Json]:
    drugs = _shown(desk, "medication", listed(desk, "medication", uuid, _any))
    problems = _shown(desk, "disease", listed(desk, "disease", uuid, _any))
    alerts = listed(desk, "alert", uuid, lambda each: each["status"] == "active")
    return {
        "allergies": [shown_allergy(desk, one) for one in listed(desk, "allergy", uuid, _any)],
        "current_medications": [one for one in drugs if one["status"] == "active"],
        "past_medications": [one for one in drugs if one["status"] in _PAST],
        "active_problems": [one for one in problems if one["problem_status"] == "active"],
        "alerts": [shown_alert(desk, one) for one in alerts],
    }


def _latest(desk: Desk, uuid: UUID) -> Json:
    readings = newest_first(listed(desk, "vital-signs", uuid, _any))
    return shown_reading(desk, readings[0]) if readings else None


def _shown(desk: Desk, kind: str, records: list[Record]) -> list[dict[str, Json]]:
    return [shown_child(desk, kind, each) for each in records]


def _any(_: Record) -> bool:
    return True
