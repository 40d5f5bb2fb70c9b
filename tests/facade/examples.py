"""Resources that a client sends, and what the sandbox starts with."""

from pathlib import Path

from tests.facade.desk import MAPPINGS

from portico import Json
from portico.document import parse

PATIENT = {
    "resourceType": "Patient",
    "name": [{"use": "official", "family": "Okafor", "given": ["Adaeze"]}],
    "gender": "female",
    "birthDate": "1984-02-29",
}
PARTICLE_ID = "https://api.particlehealth.com/patient-id"
PARTICLE_PATIENT = {
    **PATIENT,
    "identifier": [{"system": PARTICLE_ID, "value": "okafor-1"}],
    "address": [{"line": ["1 Elm Row"], "city": "Boston", "state": "MA", "postalCode": "02130"}],
}
SEEDED = "00000000-0000-4000-8000-0000000000a1"
HYPERTENSION = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"


def condition(patient_id: str, status: str = "active") -> Json:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": status}]},
        "category": [{"coding": [{"system": CATEGORY, "code": "problem-list-item"}]}],
        "code": {"coding": [HYPERTENSION]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "onsetDateTime": "2020-05-23",
    }


GOLDEN = MAPPINGS / "connective" / "golden" / "patient-record"


def golden(case: str, side: str) -> Json:
    return parse(Path(GOLDEN / f"{case}.{side}.json").read_bytes())


def transaction(case: str = "contract-example") -> Json:
    """The golden's FHIR side as a client would send it."""
    bundle = golden(case, "fhir")
    for entry in bundle["entry"]:
        entry["request"] = {"method": "POST", "url": entry["resource"]["resourceType"]}
    return {**bundle, "type": "transaction"}
