"""Who may be the same person: family name with date of birth, e-mail, mobile phone or SSN."""

from collections.abc import Iterable, Mapping

from portico import Json, Record
from portico.sandbox.practice.selection import digits, fold

_BRIEF = (
    "id",
    "first_name",
    "last_name",
    "preferred_name",
    "date_of_birth",
    "status",
    "mobile_phone",
    "home_phone",
    "email",
    "chart_number",
)


def duplicates(patients: Iterable[Record], sent: Mapping[str, Json]) -> list[Record]:
    """Find the patients that share one of the signals with what was sent."""
    signals = _signals(sent)
    return [each for each in patients if signals & _signals(each)]


def brief(patient: Record) -> dict[str, Json]:
    return {name: patient.get(name) for name in _BRIEF}


def _signals(record: Mapping[str, Json]) -> set[tuple[str, str]]:
    born = record.get("date_of_birth")
    signals = {
        ("email", fold(record.get("email") or "")),
        ("mobile_phone", digits(record.get("mobile_phone") or "")),
        ("social_security_number", digits(record.get("social_security_number") or "")),
        ("name and birth", f"{fold(record['last_name'])} {born}" if born else ""),
    }
    return {(name, value) for name, value in signals if value}
