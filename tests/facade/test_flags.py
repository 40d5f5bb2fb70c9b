"""Alerts of a chart as Flags, as a client of FHIR meets them at a real vendor's sandbox."""

import pytest
from tests.facade.desk import Desk, issues_of, matches_of, resource_of
from tests.facade.examples import SEEDED
from tests.facade.test_allergies import patient, valid

from portico import Json

PRIORITY = "http://hl7.org/fhir/StructureDefinition/flag-priority"
CODES = "http://terminology.hl7.org/CodeSystem/flag-priority-code"


def flag(**members: Json) -> Json:
    return {
        "resourceType": "Flag",
        "status": "active",
        "code": {"text": "Fall risk"},
        "subject": {"reference": f"Patient/{SEEDED}"},
        **members,
    }


def priority(code: str) -> Json:
    concept = {"coding": [{"system": CODES, "code": code}]}
    return {"url": PRIORITY, "valueCodeableConcept": concept}


async def created(practice: Desk, **members: Json) -> Json:
    answer = await practice.ask("POST", "Flag", flag(**members))
    assert answer.status == 201, answer
    return resource_of(answer)


async def test_all_alerts_of_all_charts_are_valid(practice: Desk) -> None:
    found: list[Json] = []
    for one in matches_of(await practice.ask("GET", "Patient?_count=100")):
        found += valid(matches_of(await practice.ask("GET", f"Flag?patient={one['id']}")))
    assert {one["status"] for one in found} == {"active", "inactive"}


async def test_an_urgent_alert_is_sent_in_the_vendors_words(practice: Desk) -> None:
    made = valid([await created(practice, extension=[priority("PH")])])[0]
    sent = (await practice.calls())[-1]
    assert (sent["method"], sent["path"]) == ("POST", f"/api/v1/demo/patients/{SEEDED}/alerts")
    definition = made["code"]["coding"][0]["code"]
    assert sent["body"] == {"alert_definition_uuid": definition, "is_urgent": True}


async def test_an_inactive_alert_is_made_in_two_requests(practice: Desk) -> None:
    made = await created(practice, status="inactive")
    writes = [call for call in await practice.calls() if call["method"] != "GET"]
    assert [call["method"] for call in writes] == ["POST", "PATCH"]
    assert writes[1]["body"] == {"status": "disabled", "base_version": 1}
    assert (made["status"], made["meta"]["versionId"]) == ("inactive", "2")


@pytest.mark.parametrize("parameter", ["patient", "subject"])
async def test_the_alerts_of_a_chart_are_searched(practice: Desk, parameter: str) -> None:
    kwame = await patient(practice, "Boateng", "Kwame")
    found = matches_of(await practice.ask("GET", f"Flag?{parameter}={kwame}"))
    assert [one["status"] for one in found] == ["active", "inactive"]
    one = await practice.ask("GET", f"Flag?patient={kwame}&_id={found[1]['id']}")
    assert matches_of(one) == [found[1]]


async def test_archived_alerts_are_not_shown(practice: Desk) -> None:
    alerts = (await practice.state())["alert"].values()
    archived = [each for each in alerts if each["status"] == "archived"]
    assert archived
    for one in archived:
        answer = await practice.ask("GET", f"Flag?patient={one['patient']['id']}")
        assert all(each["meta"]["lastUpdated"] != one["updated_at"] for each in matches_of(answer))


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"status": "entered-in-error"}, "value"),
        ({"code": {"text": "Bites"}}, "code-invalid"),
        ({"extension": [priority("PX")]}, "value"),
    ],
)
async def test_what_the_vendor_cannot_say_is_refused(
    practice: Desk, members: Json, code: str
) -> None:
    answer = await practice.ask("POST", "Flag", flag(**members))
    assert (answer.status, issues_of(answer)) == (422, [("error", code)])
    assert [call["method"] for call in await practice.calls() if call["method"] != "GET"] == []


async def test_an_alert_stays_what_it_is_of(practice: Desk) -> None:
    made = await created(practice)
    made["code"] = {"text": "Latex-free room"}
    await practice.calls()
    answer = await practice.ask("PUT", f"Flag/{made['id']}", made)
    assert answer.status == 422
    assert {call["method"] for call in await practice.calls()} == {"GET"}


async def test_a_medium_priority_is_rather_shown_too_prominently(practice: Desk) -> None:
    made = await created(practice, extension=[priority("PM")])
    assert [one for one in made["extension"] if one["url"] == PRIORITY] == [priority("PH")]
