"""Allergies and those who treat, as a client of FHIR meets them at a real vendor's sandbox."""

from importlib import import_module

import pytest
from tests.facade.desk import Desk, issues_of, matches_of, resource_of
from tests.facade.examples import SEEDED

from portico import Json
from portico.fhir.validation import validate

CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NPI = "http://hl7.org/fhir/sid/us-npi"


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def allergy(**members: Json) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": coded(CLINICAL, "active"),
        "code": coded(SNOMED, "111088007"),
        "patient": {"reference": f"Patient/{SEEDED}"},
        **members,
    }


async def patient(practice: Desk, family: str, given: str) -> str:
    (found,) = matches_of(await practice.ask("GET", f"Patient?family={family}&given={given}"))
    await practice.calls()
    return str(found["id"])


def valid(resources: list[Json]) -> list[Json]:
    for one in resources:
        kind = one["resourceType"]
        assert validate(kind, one) == ()
        model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        assert model.model_validate(one)
    return resources


async def test_all_allergies_of_all_charts_are_valid(practice: Desk) -> None:
    found: list[Json] = []
    for one in matches_of(await practice.ask("GET", "Patient?_count=100")):
        answer = await practice.ask("GET", f"AllergyIntolerance?patient={one['id']}")
        found += valid(matches_of(answer))
    assert len(found) > 10


async def test_an_allergy_is_sent_in_the_vendors_words(practice: Desk) -> None:
    reaction = {"manifestation": [{"text": "Hives"}], "severity": "mild"}
    answer = await practice.ask(
        "POST", "AllergyIntolerance", allergy(lastOccurrence="2025-02-01", reaction=[reaction])
    )
    assert answer.status == 201
    made = resource_of(answer)
    sent = (await practice.calls())[-1]
    assert (sent["method"], sent["path"]) == ("POST", f"/api/v1/demo/patients/{SEEDED}/allergies")
    assert sent["body"] == {
        "allergy_definition_uuid": made["code"]["coding"][0]["code"],
        "status_is_active": True,
        "date_adverse_reaction": "2025-02-01",
        "reaction": "Hives",
        "severity": "mild",
    }
    assert valid([made])[0]["reaction"] == [reaction]


@pytest.mark.parametrize(
    ("query", "count", "pushed"),
    [
        ("", 3, {}),
        ("&clinical-status=active", 2, {"is_active": ["true"]}),
        ("&clinical-status=inactive", 1, {"is_active": ["false"]}),
        (f"&clinical-status={CLINICAL}|active,inactive", 3, {}),
        ("&clinical-status=resolved", 0, {"is_active": ["false"]}),
        (f"&code={RXNORM}|1191", 1, {}),
    ],
)
async def test_the_allergies_of_a_chart_are_searched(
    practice: Desk, query: str, count: int, pushed: Json
) -> None:
    kwame = await patient(practice, "Boateng", "Kwame")
    answer = await practice.ask("GET", f"AllergyIntolerance?patient=Patient/{kwame}{query}")
    assert len(matches_of(answer)) == count
    lists = [call for call in await practice.calls() if call["path"].endswith("/allergies")]
    asked = {key: value for key, value in lists[0]["query"].items() if not key.startswith("page")}
    assert (len(lists), asked) == (1, pushed)


async def test_a_search_without_a_patient_is_refused(practice: Desk) -> None:
    answer = await practice.ask("GET", "AllergyIntolerance?clinical-status=active")
    assert answer.status == 400
    assert await practice.calls() == []


@pytest.mark.parametrize("status", ["unconfirmed", "refuted", "entered-in-error"])
async def test_an_allergy_that_is_not_confirmed_is_refused(practice: Desk, status: str) -> None:
    made = allergy(verificationStatus=coded(VERIFICATION, status))
    if status == "entered-in-error":
        del made["clinicalStatus"]
    answer = await practice.ask("POST", "AllergyIntolerance", made)
    assert answer.status == 422
    assert [call["method"] for call in await practice.calls() if call["method"] != "GET"] == []


async def test_a_substance_that_the_catalogue_lacks_is_refused(practice: Desk) -> None:
    answer = await practice.ask(
        "POST", "AllergyIntolerance", allergy(code=coded(SNOMED, "102263004"))
    )
    assert (answer.status, issues_of(answer)) == (422, [("error", "code-invalid")])


async def test_what_the_vendor_cannot_hold_is_counted(practice: Desk) -> None:
    answer = await practice.ask("POST", "AllergyIntolerance", allergy(criticality="high"))
    assert (answer.status, answer.header("Portico-Loss")) == (201, "1")


async def test_an_allergy_without_a_clinical_status_is_refused(practice: Desk) -> None:
    made = {name: value for name, value in allergy().items() if name != "clinicalStatus"}
    answer = await practice.ask("POST", "AllergyIntolerance", made)
    assert (answer.status, issues_of(answer)) == (400, [("error", "invariant")])


async def test_those_who_treat_are_found_by_name_and_number(practice: Desk) -> None:
    (found,) = valid(matches_of(await practice.ask("GET", "Practitioner?name=osei")))
    assert (await practice.calls())[0]["query"]["search"] == ["osei"]
    npi = next(one["value"] for one in found["identifier"] if one["system"] == NPI)
    for query in (f"identifier={NPI}|{npi}", f"_id={found['id']}", "family=Osei&given=Amara"):
        assert matches_of(await practice.ask("GET", f"Practitioner?{query}")) == [found]
    one = await practice.ask("GET", f"Practitioner/{found['id']}")
    assert resource_of(one) == found


async def test_whom_a_patient_names_is_there(practice: Desk) -> None:
    person = resource_of(await practice.ask("GET", f"Patient/{SEEDED}"))
    for one in person["generalPractitioner"]:
        assert (await practice.ask("GET", one["reference"])).status == 200


async def test_those_who_treat_are_not_written(practice: Desk) -> None:
    (found,) = matches_of(await practice.ask("GET", "Practitioner?name=osei"))
    url = f"Practitioner/{found['id']}"
    assert (await practice.ask("PUT", url, found)).status == 405
    assert (await practice.ask("DELETE", url)).status == 405
    assert (await practice.ask("POST", "Practitioner", found)).status == 405
