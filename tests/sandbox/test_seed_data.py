"""The data that the sandbox starts with: plentiful, varied, and as the vendors' schemas say."""

from pathlib import Path

import httpx
import pytest

from portico import Json
from portico.document import parse
from portico.sandbox.schemas import Schemas

CHART = (
    "diseases",
    "medications",
    "allergies",
    "vital-signs",
    "alerts?include_family=true",
    "relationships",
    "dependents",
    "guardians",
    "family",
    "medical-summary",
)


def seed(mappings: Path, vendor: str, kind: str) -> list[Json]:
    records: list[Json] = parse((mappings / vendor / "sandbox" / f"{kind}.json").read_bytes())
    return records


@pytest.mark.parametrize(
    ("vendor", "kind", "schema"),
    [
        ("practice", "patient", "patient"),
        ("practice", "disease", "disease"),
        ("practice", "disease-definition", "disease-definition"),
        ("practice", "medication", "medication"),
        ("practice", "medication-definition", "medication-definition"),
        ("practice", "allergy", "allergy"),
        ("practice", "allergy-definition", "allergy-definition"),
        ("practice", "vital-signs", "vital-signs"),
        ("practice", "relationship", "relationship"),
        ("practice", "alert", "alert"),
        ("practice", "alert-definition", "alert-definition"),
        ("practice", "provider", "provider"),
        ("particle", "patient", "patient-request"),
        ("heidi", "patient-profile", "patient-profile"),
    ],
)
def test_every_record_keeps_its_schema(mappings: Path, vendor: str, kind: str, schema: str) -> None:
    schemas = Schemas(mappings / vendor / "schemas")
    assert [schemas.faults(schema, each) for each in seed(mappings, vendor, kind)] == [
        () for _ in seed(mappings, vendor, kind)
    ]


def test_practice_lists_25_patients_and_holds_an_archived_one(mappings: Path) -> None:
    patients = seed(mappings, "practice", "patient")
    assert len([each for each in patients if "deleted_at" not in each]) == 25
    assert [each["status"] for each in patients if "deleted_at" in each] == ["archived"]


@pytest.mark.parametrize(
    ("schema", "kind", "member"),
    [
        ("patient", "patient", "gender"),
        ("patient", "patient", "status"),
        ("patient", "patient", "marital_status"),
        ("disease", "disease", "problem_status"),
        ("disease", "disease", "function_status"),
        ("medication", "medication", "status"),
        ("relationship", "relationship", "relationship_type"),
        ("alert", "alert", "status"),
        ("alert", "alert", "alert_scope"),
    ],
)
def test_every_value_of_a_code_occurs(mappings: Path, schema: str, kind: str, member: str) -> None:
    document = parse((mappings / "practice/schemas" / f"{schema}.schema.json").read_bytes())
    allowed = {value for value in document["properties"][member]["enum"] if value}
    assert allowed <= {each.get(member) for each in seed(mappings, "practice", kind)}


def test_problems_refer_to_patients_and_definitions_that_exist(mappings: Path) -> None:
    problems = seed(mappings, "practice", "disease")
    patients = {each["id"] for each in seed(mappings, "practice", "patient")}
    definitions = {each["id"] for each in seed(mappings, "practice", "disease-definition")}
    assert len(problems) >= 40
    assert {each["patient"]["id"] for each in problems} <= patients
    assert {
        each["disease_definition"]["id"] for each in problems if each["disease_definition"]
    } <= definitions


def test_drugs_refer_to_patients_and_definitions_that_exist(mappings: Path) -> None:
    drugs = seed(mappings, "practice", "medication")
    known = {
        each["id"]
        for kind in ("patient", "medication-definition", "disease-definition", "reference")
        for each in seed(mappings, "practice", kind)
    }
    named = ("patient", "medication_definition", "provider")
    assert len(drugs) >= 30
    assert {each[name]["id"] for each in drugs for name in named if each.get(name)} <= known
    warned = ("medication_definition", "disease_definition")
    pairs = seed(mappings, "practice", "interaction")
    assert {each[name] for each in pairs for name in warned} <= known


def test_drugs_are_as_untidy_as_charts_are(mappings: Path) -> None:
    """Words only, a code only, neither; a reason beside an active drug; no state; archived."""
    drugs = seed(mappings, "practice", "medication")
    said = {
        (bool(each["medication_definition"]), bool(each.get("med_descript")), "rx_cui" in each)
        for each in drugs
    }
    assert said >= {(True, False, True), (True, True, True), (False, True, False)}
    assert said >= {(False, False, True), (False, False, False), (True, False, False)}
    assert [each for each in drugs if not each.get("status")]
    assert [each for each in drugs if each.get("status") == "active" and each.get("date_stop")]
    assert [
        each
        for each in drugs
        if each.get("status") == "active" and each.get("discontinuation_reason")
    ]
    assert [each for each in drugs if each.get("deleted_at")]


def test_what_is_under_a_patient_refers_to_what_exists(mappings: Path) -> None:
    known = {
        each["id"]
        for kind in ("patient", "allergy-definition", "alert-definition", "provider")
        for each in seed(mappings, "practice", kind)
    }
    named = ("patient", "from_patient", "to_patient", "provider")
    for kind in ("allergy", "vital-signs", "relationship", "alert"):
        for record in seed(mappings, "practice", kind):
            ends = [*named, f"{kind}_definition"]
            assert {record[name]["id"] for name in ends if record.get(name)} <= known


def test_providers_are_those_that_others_refer_to(mappings: Path) -> None:
    providers = {
        each["id"] for each in seed(mappings, "practice", "reference") if each["kind"] == "provider"
    }
    assert {each["id"] for each in seed(mappings, "practice", "provider")} == providers


def test_charts_of_allergies_contradict_themselves_as_charts_do(mappings: Path) -> None:
    """No known allergies beside an active one, an inactive one, or none; words of all kinds."""
    allergies = seed(mappings, "practice", "allergy")
    active = {each["patient"]["id"] for each in allergies if each["status_is_active"]}
    listed = {each["patient"]["id"] for each in allergies}
    nkda = {
        each["id"]
        for each in seed(mappings, "practice", "patient")
        if each.get("allergy_review_status") == "nkda"
    }
    assert nkda & active
    assert nkda & (listed - active)
    assert nkda - listed
    said = {
        tuple(bool(each.get(name)) for name in ("reaction", "snomed_reaction", "severity"))
        for each in allergies
    }
    assert said >= {(True, True, True), (True, False, False), (False, True, False)}
    assert said >= {(False, False, True), (False, False, False), (True, True, False)}


def test_readings_are_whole_halves_and_empty(mappings: Path) -> None:
    pressure = {
        ("bp_systolic" in each, "bp_diastolic" in each)
        for each in seed(mappings, "practice", "vital-signs")
    }
    assert pressure == {(True, True), (True, False), (False, True), (False, False)}


def test_ids_and_chart_numbers_are_unique(mappings: Path) -> None:
    for kind in (
        "patient",
        "disease",
        "disease-definition",
        "medication",
        "medication-definition",
        "reference",
        "allergy",
        "allergy-definition",
        "vital-signs",
        "relationship",
        "alert",
        "alert-definition",
    ):
        ids = [each["id"] for each in seed(mappings, "practice", kind)]
        assert len(ids) == len(set(ids))
    charts = [each["chart_number"] for each in seed(mappings, "practice", "patient")]
    assert charts == [f"C-{number}" for number in range(1001, 1001 + len(charts))]


def test_definitions_carry_both_codes_one_or_none(mappings: Path) -> None:
    carried = {
        ("icd10_code" in each, "snomed_code" in each)
        for each in seed(mappings, "practice", "disease-definition")
    }
    assert carried == {(True, True), (True, False), (False, True), (False, False)}


def test_particle_starts_with_the_documented_example_among_220(mappings: Path) -> None:
    patients = seed(mappings, "particle", "patient")
    assert len({each["patient_id"] for each in patients}) == 220
    assert patients[0]["patient_id"] == "examplepatientid1"
    assert patients[0]["family_name"] == "Testingson"


async def test_every_practice_answer_over_the_seed_data_keeps_its_schema(
    practice: httpx.AsyncClient,
) -> None:
    """An answer that breaks its schema is a 500, so 200 everywhere is the proof."""
    listed = await practice.get("/patients", params={"page_size": "200"})
    for patient in listed.json()["items"]:
        one = await practice.get(f"/patients/{patient['id']}")
        for part in CHART:
            answer = await practice.get(f"/patients/{patient['id']}/{part}")
            assert answer.status_code == 200, part
        assert one.json() == patient
