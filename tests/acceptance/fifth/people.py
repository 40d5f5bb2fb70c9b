"""What the tests send, and the crowds that the vendors hold before."""

from typing import Any

from portico import Json

CROWD = 125
NUMBER = "https://quill.example/number"
CONDITION = {
    "resourceType": "Condition",
    "clinicalStatus": {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                "code": "active",
            }
        ]
    },
    "code": {
        "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9"}],
        "text": "Type 2 diabetes",
    },
    "onsetDateTime": "2020-05-01",
}


def ada(**members: Json) -> dict[str, Json]:
    """A patient that both vendors can hold without loss."""
    return {
        "resourceType": "Patient",
        "name": [{"use": "official", "family": "Lovelace", "given": ["Ada", "Maria", "Jo"]}],
        "telecom": [{"system": "phone", "use": "mobile", "value": "+44 20 7946 0018"}],
        "gender": "female",
        "birthDate": "1980-02-03",
        **members,
    }


def larkspur_person(number: int) -> dict[str, Any]:
    return {
        "name": {"first": "Bo", "last": f"Fold{number:03}", "middle": []},
        "birth": f"{1900 + number % 100}-01-02",
        "sex": ("F", "M", "X", None)[number % 4],
        "contacts": [
            {"kind": "landline", "value": f"555-{number:04}", "preferred": number % 2 == 0},
            {"kind": "mail", "value": "bo@example.com"},
        ],
        "residence": {"street": "12 High St\nFlat 2", "town": "Hay", "iso": "GB"},
        "flags": {"dead": number == 3, "died_on": "2024-01-01T06:00:00Z" if number == 3 else None},
        "origin": {"system": "import", "batch": 7},
    }


def quill_patient(number: int) -> dict[str, Any]:
    return {
        "no": f"N{number:03}",
        "who": {"surname": f"Fold{number:03}", "forenames": "Bo Lee"},
        "born": f"{1900 + number % 100}0102",
        "gender": "wmd?"[number % 4],
        "reach": {"tel": f"555-{number:04}", "mail": "bo@example.com"},
        "active": "Y",
        "alive": "N" if number == 3 else "Y",
    }


def said(record: Json) -> Json:
    """A record as Portico makes it anew: no key, nothing empty, and its own mark of origin."""
    kept = _without_nothing({k: v for k, v in record.items() if k not in ("id", "ref")})
    if "attributes" in kept:
        kept["attributes"]["origin"] = {"system": "portico"}
    return kept


def _without_nothing(value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _without_nothing(v) for k, v in value.items() if v not in (None, [])}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value
