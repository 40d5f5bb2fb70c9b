"""What the practice warns of when a drug or an allergy is recorded (in a shape of our own)."""

from portico import Json, Record
from portico.sandbox.contract import Desk


def warnings_of(desk: Desk, medication: Record) -> list[Json]:
    """Warn of a catalogue drug that an active problem of the patient speaks against."""
    drug, patient = _id(medication.get("medication_definition")), medication["patient"]["id"]
    problems = {
        _id(each.get("disease_definition"))
        for each in desk.records.all("disease")
        if each["patient"]["id"] == patient
        and each["problem_status"] == "active"
        and not each.get("deleted_at")
    }
    return [
        {"severity": each["severity"], "message": each["message"]}
        for each in desk.records.all("interaction")
        if each["medication_definition"] == drug and each["disease_definition"] in problems
    ]


def warnings_of_allergy(desk: Desk, allergy: Record) -> list[Json]:
    """Warn of the active catalogue drugs that the patient takes and is now known not to bear."""
    allergen, patient = _id(allergy.get("allergy_definition")), allergy["patient"]["id"]
    drugs = {
        _id(each.get("medication_definition"))
        for each in desk.records.all("medication")
        if each["patient"]["id"] == patient
        and each.get("status") == "active"
        and not each.get("deleted_at")
    }
    return [
        {"severity": each["severity"], "message": each["message"]}
        for each in desk.records.all("allergy-interaction")
        if each["allergy_definition"] == allergen and each["medication_definition"] in drugs
    ]


def _id(reference: Json) -> str | None:
    return reference["id"] if reference else None
