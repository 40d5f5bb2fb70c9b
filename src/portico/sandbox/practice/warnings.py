"""What the practice warns of when a drug is recorded (the shape of a warning is not documented)."""

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


def _id(reference: Json) -> str | None:
    return reference["id"] if reference else None
