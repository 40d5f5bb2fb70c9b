"""Over HTTP, from create to delete, at every vendor that can be read.

After each step the vendor's own state and its log are looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.acceptance.conftest import Front

from portico import Json

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SEEDED = "00000000-0000-4000-8000-0000000000a1"

PATIENT: Json = {
    "resourceType": "Patient",
    "name": [{"use": "official", "family": "Okonkwo", "given": ["Ngozi"]}],
    "gender": "female",
    "birthDate": "1984-02-29",
    "address": [{"line": ["1 Elm Row"], "city": "Boston", "state": "MA", "postalCode": "02130"}],
}
NAMED: Json = {key: PATIENT[key] for key in ("resourceType", "name", "gender", "birthDate")}
PROBLEM: Json = {
    "resourceType": "Condition",
    "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
    "category": [{"coding": [{"system": CATEGORY, "code": "problem-list-item"}]}],
    "code": {"coding": [{"system": ICD10, "code": "I10"}]},
    "subject": {"reference": f"Patient/{SEEDED}"},
    "onsetDateTime": "2020-05-23",
}
ALLERGY: Json = {
    "resourceType": "AllergyIntolerance",
    "clinicalStatus": {"coding": [{"system": ALLERGY_CLINICAL, "code": "active"}]},
    "code": {"coding": [{"system": SNOMED, "code": "111088007"}]},
    "patient": {"reference": f"Patient/{SEEDED}"},
    "lastOccurrence": "2020-05-23",
    "reaction": [{"manifestation": [{"text": "Itching"}], "severity": "mild"}],
}

DRUG: Json = {
    "resourceType": "MedicationRequest",
    "status": "on-hold",
    "intent": "order",
    "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "855332"}]},
    "subject": {"reference": f"Patient/{SEEDED}"},
    "dosageInstruction": [{"text": "5 mg at night"}],
}
ALERT: Json = {
    "resourceType": "Flag",
    "status": "active",
    "code": {"text": "Fall risk"},
    "subject": {"reference": f"Patient/{SEEDED}"},
}


@dataclass(frozen=True)
class Case:
    """One exchange: what is created, how it is found, what is changed, where the vendor keeps it.

    `asked` is a vendor parameter that the search must have been pushed down to, if there is one;
    `member` is the member of the vendor's record that the change must reach, as `kept` if not as it
    is in FHIR.
    """

    vendor: str
    resource: Json
    search: str
    asked: str | None
    change: tuple[str, str]
    kind: str
    member: str
    gone: int
    kept: str | None = None

    @property
    def type(self) -> str:
        return str(self.resource["resourceType"])


CASES = [
    Case(
        "practice", PATIENT, "family=okonkwo&birthdate=1984-02-29", "search",
        ("birthDate", "1984-03-01"), "patient", "date_of_birth", 410,
    ),
    Case(
        "practice", PROBLEM, f"patient={SEEDED}&clinical-status=active&code=I10", "problem_status",
        ("onsetDateTime", "2019-05-01"), "disease", "date_start", 404,
    ),
    Case(
        "practice", DRUG, f"patient={SEEDED}&status=on-hold&intent=order&code=855332", "is_active",
        ("status", "active"), "medication", "status", 404,
    ),
    Case(
        "practice", ALLERGY, f"patient={SEEDED}&clinical-status=active", "is_active",
        ("lastOccurrence", "2019-05-01"), "allergy", "date_adverse_reaction", 404,
    ),
    Case(
        "practice", ALERT, f"patient={SEEDED}", None,
        ("status", "inactive"), "alert", "status", 404, "disabled",
    ),
    Case(
        "particle", PATIENT, "family=Okonkwo", None,
        ("birthDate", "1984-03-01"), "patient", "date_of_birth", 404,
    ),
    Case(
        "heidi", NAMED, "family=Okonkwo", None,
        ("birthDate", "1984-03-01"), "patient-profile", "birth_date", 404,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}-{case.type}")
def test_create_read_search_update_conflict_delete(
    front: Callable[[str], Front], case: Case
) -> None:
    fhir, sandbox = front(case.vendor).fhir, front(case.vendor).sandbox
    before = set(sandbox.state(case.kind))

    created = fhir.post(f"/{case.type}", json=case.resource)
    assert created.status_code == 201, created.text
    resource = created.json()
    url, tag = f"/{case.type}/{resource['id']}", created.headers["etag"]
    assert url in created.headers["location"]
    (key,) = set(sandbox.state(case.kind)) - before
    assert "POST" in [call["method"] for call in sandbox.calls()]

    read = fhir.get(url)
    assert (read.status_code, read.json(), read.headers["etag"]) == (200, resource, tag)

    sandbox.calls()
    found = fhir.get(f"/{case.type}?{case.search}").json()
    assert resource["id"] in [entry["resource"]["id"] for entry in found["entry"]]
    calls = sandbox.calls()
    assert case.asked is None or any(case.asked in call["query"] for call in calls)

    element, value = case.change
    updated = fhir.put(url, json={**resource, element: value}, headers={"If-Match": tag})
    assert (updated.status_code, updated.json()[element]) == (200, value), updated.text
    assert sandbox.state(case.kind)[key][case.member] == (case.kept or value)

    sandbox.calls()
    stale = fhir.put(url, json=resource, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert {call["method"] for call in sandbox.calls()} <= {"GET"}

    assert fhir.delete(url).status_code == 204
    record = sandbox.state(case.kind).get(key)
    assert record is None or record.get("deleted_at") or record["status"] == "archived"
    assert fhir.get(url).status_code == case.gone


def test_a_text_of_a_patient_is_filled_found_changed_and_emptied(
    front: Callable[[str], Front],
) -> None:
    fhir, sandbox = front("practice").fhir, front("practice").sandbox
    patient = fhir.post("/Patient", json=NAMED).json()["id"]
    note: Json = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "QmVmb3Jl"}}],
    }
    created = fhir.post("/DocumentReference", json=note)
    assert created.status_code == 201, created.text
    url, tag = f"/DocumentReference/{patient}-treatment", created.headers["etag"]
    assert sandbox.state("patient")[patient]["treatment_notes"] == "Before"
    assert fhir.post("/DocumentReference", json=note).status_code == 409

    found = fhir.get(f"/DocumentReference?patient={patient}&type=11506-3").json()
    assert [entry["resource"] for entry in found["entry"]] == [created.json()]

    changed = created.json()
    changed["content"][0]["attachment"]["data"] = "QWZ0ZXI="
    assert fhir.put(url, json=changed, headers={"If-Match": tag}).status_code == 200
    assert sandbox.state("patient")[patient]["treatment_notes"] == "After"
    assert fhir.put(url, json=changed, headers={"If-Match": tag}).status_code == 412

    assert fhir.delete(url).status_code == 204
    assert sandbox.state("patient")[patient]["treatment_notes"] is None
    assert fhir.get(url).status_code == 404
    assert fhir.get(f"/Patient/{patient}").status_code == 200
