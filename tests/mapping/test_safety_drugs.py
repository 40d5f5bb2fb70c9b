"""What the practice's drugs must never say; docs/safety.md names each rule and its test."""

import pytest
from tests.vendors.loading import MAPPINGS, context, modules

from portico import Json, Record, Resource
from portico.errors import FhirError
from portico.laws.goldens import Golden
from portico.mapping.running.change import Change

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DEFINITION = "https://practice.example/medication-definition"
TWICE_IN_THE_CATALOGUE = "308191"
DRUGS = modules("practice")["medication"]


def golden(case: str) -> Golden:
    return Golden(MAPPINGS / "practice", "medication", case)


def read(record: dict[str, Json]) -> Resource:
    return DRUGS.to_fhir(Record(record), context("practice"))


def create(**elements: Json) -> Change:
    sent = Resource({**golden("active").resource, **elements})
    return DRUGS.to_vendor(sent, None, context("practice"))


def test_a_code_that_is_not_that_of_the_definition_is_refused() -> None:
    drug = golden("active").resource["medicationCodeableConcept"]
    drug["coding"] = [
        {**one, "code": "855332"} if one["system"] == RXNORM else one for one in drug["coding"]
    ]
    with pytest.raises(FhirError, match="different entries"):
        create(medicationCodeableConcept=drug)


def test_no_entry_is_chosen_where_several_could_be_meant() -> None:
    coding = {"system": RXNORM, "code": TWICE_IN_THE_CATALOGUE}
    record = create(medicationCodeableConcept={"coding": [coding]}).record
    assert record["rx_cui"] == TWICE_IN_THE_CATALOGUE
    assert "medication_definition" not in record


@pytest.mark.parametrize(
    "elements",
    [
        {"intent": "plan"},
        {"intent": "proposal"},
        {"doNotPerform": True},
        {"reportedBoolean": True},
        {"reportedReference": {"reference": "Patient/1"}},
    ],
)
def test_a_plan_or_a_report_is_not_filed_as_an_order(elements: dict[str, Json]) -> None:
    with pytest.raises(FhirError, match="R410"):
        create(**elements)


@pytest.mark.parametrize(
    "dosages",
    [
        [{"text": "1 at noon"}, {"text": "2 at night"}],
        [{"route": {"text": "oral"}, "doseAndRate": [{"doseQuantity": {"value": 1}}]}],
        [{"timing": {"code": {"text": "every 4 hours"}}, "asNeededBoolean": True}],
        [{"timing": {"code": {"text": "daily"}, "repeat": {"frequency": 1}}}],
        [{"timing": {"code": {"text": "daily"}, "event": ["2025-01-01"]}}],
    ],
)
def test_a_dosage_that_is_not_whole_is_refused(dosages: list[Json]) -> None:
    with pytest.raises(FhirError, match="dosage"):
        create(dosageInstruction=dosages)


def test_a_text_that_its_parts_contradict_is_refused() -> None:
    (dosage,) = golden("active").resource["dosageInstruction"]
    with pytest.raises(FhirError, match="disagree"):
        create(dosageInstruction=[{**dosage, "text": "2 tablets, by mouth, once daily"}])


def test_what_a_person_reads_is_all_of_the_dosage() -> None:
    record = golden("active").record
    (dosage,) = read(record)["dosageInstruction"]
    assert all(record[name] in dosage["text"] for name in ("dosage", "route", "frequency"))


def test_the_start_of_therapy_is_not_the_day_of_prescribing() -> None:
    record = golden("active").record
    drug = read(record)
    (dosage,) = drug["dosageInstruction"]
    assert drug["authoredOn"] == record["created_at"]
    assert dosage["timing"]["repeat"]["boundsPeriod"] == {"start": record["date_start"]}


def test_an_old_reason_is_not_that_of_the_current_state() -> None:
    record = {**golden("active").record, "discontinuation_reason": "Cough."}
    assert "statusReason" not in read(record)
    assert read({**record, "status": "discontinued"})["statusReason"] == {"text": "Cough."}


@pytest.mark.parametrize("is_cpoe", [True, False])
def test_nobody_is_made_the_prescriber_or_the_reporter(*, is_cpoe: bool) -> None:
    drug = read({**golden("active").record, "provider": None, "is_cpoe": is_cpoe})
    assert "reference" not in drug["requester"]
    assert [name for name in drug if name.startswith("reported")] == []
    assert drug["intent"] == "order"
