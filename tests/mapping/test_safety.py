"""What the modules must never say of a patient; docs/safety.md names each rule and its test."""

import re
from pathlib import Path

import pytest

from portico import Json, Record, Resource
from portico.errors import ConfigurationError, FhirError
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import EXTENSION_BASE, load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_module
from portico.mapping.running.change import Change
from portico.vendor.connecting import complete_settings
from portico.vendor.connection_file import load_vendor

ROOT = Path(__file__).parents[2]
MAPPINGS = find_mappings()
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
SSN = "http://hl7.org/fhir/sid/us-ssn"
DEFINITION = {"system": "https://practice.example/disease-definition", "code": "d-1"}
RXNORM = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}

PATIENT = {
    "resourceType": "Patient",
    "identifier": [
        {
            "type": {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}
                ]
            },
            "system": "urn:oid:1.2.3.4",
            "value": "m-1",
        },
        {"system": "https://api.particlehealth.com/patient-id", "value": "m-1"},
    ],
    "name": [{"family": "Byron", "given": ["Ada"]}],
    "gender": "female",
    "birthDate": "1980-12-10",
    "address": [{"city": "Boston", "state": "MA", "postalCode": "02139"}],
}
ORDER = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {"coding": [RXNORM]},
    "subject": {"reference": "urn:uuid:patient"},
}
PROBLEM = {
    "resourceType": "Condition",
    "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]},
    "subject": {"reference": "urn:uuid:patient"},
}
NOTE = {
    "resourceType": "DocumentReference",
    "status": "current",
    "subject": {"reference": "urn:uuid:patient"},
    "content": [{"attachment": {"contentType": "text/plain", "data": "aGk="}}],
}


def module(vendor: str, name: str) -> ObjectModule:
    terminology = load_terminology(MAPPINGS / "terminology")
    return load_module(MAPPINGS / vendor / f"{name}.yaml", terminology)


def snapshot(*others: Json) -> Resource:
    provider = {
        "resourceType": "Practitioner",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1414912117"}],
    }
    entries = [
        {"fullUrl": "urn:uuid:patient", "resource": PATIENT},
        {"fullUrl": "urn:uuid:provider", "resource": provider},
        *({"resource": other} for other in others),
    ]
    return Resource({"resourceType": "Bundle", "type": "collection", "entry": entries})


def share(*others: Json) -> Change:
    return module("connective", "patient-record").to_vendor(snapshot(*others), None, Context())


def told(*others: Json) -> list[Json]:
    """What a shared record reads as, by entries after patient and provider."""
    bundle = module("connective", "patient-record").to_fhir(share(*others).record, Context())
    return [entry["resource"] for entry in bundle["entry"][2:]]


def list_problem(base: Json = None, **elements: Json) -> Change:
    problem = {
        **PROBLEM,
        "code": {"coding": [DEFINITION]},
        "subject": {"reference": "Patient/p-1"},
    }
    sent = Resource({**problem, **elements})
    return module("practice", "disease").to_vendor(sent, base, Context())


def register(vendor: str, name: str, base: Json = None, **elements: Json) -> Change:
    sent = Resource({**PATIENT, **elements})
    return module(vendor, name).to_vendor(sent, base, Context())


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


@pytest.mark.parametrize("status", ["draft", "cancelled", "entered-in-error", "unknown"])
def test_an_order_that_says_nothing_of_taking_is_not_shared(status: str) -> None:
    with pytest.raises(FhirError, match="R401"):
        share({**ORDER, "status": status})


def test_an_order_not_to_give_a_drug_is_not_shared_as_one_to_give_it() -> None:
    with pytest.raises(FhirError, match="doNotPerform"):
        share({**ORDER, "doNotPerform": True})


def test_a_plan_is_not_shared_as_an_order() -> None:
    with pytest.raises(FhirError, match="intent"):
        share({**ORDER, "intent": "plan"})


def test_a_stopped_order_is_never_in_the_group_of_an_active_one() -> None:
    record = share(ORDER, {**ORDER, "status": "completed"}).record
    assert [group["active"] for group in record["medications"]] == [True, False]


def test_nobody_is_made_the_prescriber() -> None:
    (order,) = told(ORDER)
    assert order["requester"].keys() == {"extension"}
    assert not any(name.startswith("reported") for name in order)


def test_a_number_with_two_meanings_becomes_no_timing() -> None:
    shown = module("connective", "patient-record")
    record = share(ORDER).record
    record["medications"][0]["medicationRequests"][0] |= {
        "frequencyValue": 2,
        "frequencyUnit": "d",
    }
    order = shown.to_fhir(record, Context())["entry"][2]["resource"]
    assert "timing" not in order["dosageInstruction"][0]


@pytest.mark.parametrize("status", ["provisional", "refuted", "entered-in-error"])
def test_a_problem_that_is_not_confirmed_is_refused(status: str) -> None:
    doubt = {"verificationStatus": concept(VERIFICATION, status)}
    with pytest.raises(FhirError, match="verificationStatus"):
        share({**PROBLEM, **doubt})
    with pytest.raises(FhirError, match="verificationStatus"):
        list_problem(**doubt)


def test_no_verification_is_claimed() -> None:
    assert "verificationStatus" not in told(PROBLEM)[0]
    listed = {"id": "1", "patient": {"id": "2"}, "problem_status": "active"}
    assert "verificationStatus" not in module("practice", "disease").to_fhir(
        Record(listed), Context()
    )


def test_an_active_problem_has_no_abatement() -> None:
    with pytest.raises(FhirError, match="R401"):
        list_problem(abatementDateTime="2024-05-01")
    listed = {"problem_status": "active", "date_stop": "2024-05-01"}
    shown = module("practice", "disease").to_fhir(Record(listed), Context())
    assert "abatementDateTime" not in shown
    assert shown["extension"] == [{"url": f"{EXTENSION_BASE}date-stop", "valueDate": "2024-05-01"}]


def test_a_date_of_unknown_meaning_is_no_onset() -> None:
    (problem,) = told({**PROBLEM, "recordedDate": "2024-05-01"})
    assert problem["recordedDate"] == "2024-05-01"
    assert "onsetDateTime" not in problem


def test_an_encounter_diagnosis_is_not_filed_as_a_problem() -> None:
    with pytest.raises(FhirError, match="R401"):
        list_problem(category=[concept(CATEGORY, "encounter-diagnosis")])


def test_an_absent_active_leaves_the_state_as_it_is() -> None:
    stored = {"version": 3, "status": "inactive", "first_name": "Ada", "last_name": "Byron"}
    change = register("practice", "patient", Record(stored))
    assert "transition-status" not in [step.operation for step in change.steps]


@pytest.mark.parametrize(
    ("vendor", "name"), [("particle", "patient"), ("heidi", "patient-profile")]
)
@pytest.mark.parametrize("state", [{"active": False}, {"deceasedBoolean": True}])
def test_a_patient_out_of_use_or_dead_is_not_shared_as_any_other(
    vendor: str, name: str, state: dict[str, bool]
) -> None:
    with pytest.raises(FhirError, match="R410"):
        register(vendor, name, **state)


@pytest.mark.parametrize("gender", ["other", "unknown"])
def test_no_gender_is_chosen_for_a_patient(gender: str) -> None:
    with pytest.raises(FhirError, match="R401"):
        register("particle", "patient", gender=gender)


def test_the_vendors_word_for_a_gender_is_kept_and_no_identity_made_of_it() -> None:
    shown = module("practice", "patient").to_fhir(Record({"gender": "non_binary"}), Context())
    assert shown["gender"] == "other"
    assert shown["_gender"]["extension"][0]["valueCode"] == "non_binary"
    assert "extension" not in shown


@pytest.mark.parametrize(
    ("vendor", "member"), [("practice", "social_security_number"), ("particle", "ssn")]
)
def test_the_social_security_number_is_shown_on_demand_only(vendor: str, member: str) -> None:
    shown, record = module(vendor, "patient"), Record({member: "123-45-6789"})
    demanded = shown.to_fhir(record, Context(settings={"expose_ssn": "true"}))
    assert SSN in str(demanded)
    assert SSN not in str(shown.to_fhir(record, Context()))


def test_an_update_without_the_social_security_number_keeps_it() -> None:
    stored = {"version": 3, "first_name": "Ada", "social_security_number": "123-45-6789"}
    change = register("practice", "patient", Record(stored))
    assert change.record["social_security_number"] == "123-45-6789"


def test_a_notes_day_becomes_no_instant() -> None:
    note = {**NOTE, "content": [{"attachment": {"data": "aGk=", "creation": "2024-05-01"}}]}
    (shown,) = told(note)
    assert shown["content"][0]["attachment"]["creation"] == "2024-05-01"
    assert shown["context"]["period"] == {"start": "2024-05-01"}
    assert "date" not in shown


def test_a_note_that_is_no_text_or_not_current_is_refused() -> None:
    with pytest.raises(FhirError, match="R401"):
        share({**NOTE, "content": [{"attachment": {"data": "JVBERi0xLjQK/w=="}}]})
    with pytest.raises(FhirError, match="status"):
        share({**NOTE, "status": "superseded"})


def test_a_record_is_of_one_patient() -> None:
    with pytest.raises(FhirError, match="several"):
        share(PATIENT)
    with pytest.raises(FhirError, match="own entry"):
        share({**PROBLEM, "subject": {"reference": "Patient/somebody-else"}})


def test_the_purpose_of_use_is_never_assumed() -> None:
    given = {"client_id": "a", "client_secret": "b", "scope": "c", "environment": "sandbox"}
    with pytest.raises(ConfigurationError, match="purpose_of_use"):
        complete_settings(load_vendor(MAPPINGS / "particle"), given)


def test_every_proof_in_the_hazard_log_exists() -> None:
    log = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    proofs = re.findall(r"`(tests/\S+\.py)::(\w+)`", log)
    assert len(proofs) > 30
    missing = [
        f"{file}::{name}"
        for file, name in proofs
        if f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert missing == []


def test_every_place_in_the_hazard_log_exists() -> None:
    log = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:src|mappings)/\S+?\.(?:py|yaml))`", log)
    assert [place for place in places if not (ROOT / place).is_file()] == []
