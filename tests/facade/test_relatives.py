"""Relationships of patients as RelatedPersons, at a vendor that lists them from their other end."""

import pytest
from tests.facade.desk import Desk, issues_of, matches_of, resource_of
from tests.facade.examples import SEEDED
from tests.facade.test_allergies import patient, valid

from portico import Json

ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
SNOMED = "http://snomed.info/sct"
URI = "urn:ietf:rfc:3986"


def role(code: str, system: str = ROLE) -> Json:
    return {"coding": [{"system": system, "code": code}]}


async def relative(practice: Desk, **members: Json) -> Json:
    zoe = await patient(practice, "Fitzgerald", "Zoë")
    return {
        "resourceType": "RelatedPerson",
        "active": True,
        "identifier": [{"system": URI, "value": f"urn:uuid:{zoe}"}],
        "patient": {"reference": f"Patient/{SEEDED}"},
        "relationship": [role("SIB")],
        **members,
    }


async def names(practice: Desk, query: str) -> list[str]:
    answer = await practice.ask("GET", f"RelatedPerson?{query}")
    assert answer.status == 200, answer
    return sorted(one["name"][0]["text"] for one in valid(matches_of(answer)))


async def test_relatives_are_found_by_whom_they_are_related_to(practice: Desk) -> None:
    mateo = await patient(practice, "Núñez", "Mateo")
    assert await names(practice, f"patient={mateo}") == ["José Núñez", "Lucía Núñez"]
    asked = [call["path"] for call in await practice.calls()]
    assert [path for path in asked if path.endswith("/patients/cursor")]
    assert len([path for path in asked if path.endswith("/relationships")]) == 25


async def test_relatives_are_found_by_name_too(practice: Desk) -> None:
    mateo = await patient(practice, "Núñez", "Mateo")
    assert await names(practice, f"patient={mateo}&name=lucía") == ["Lucía Núñez"]


@pytest.mark.parametrize("count", [1, 3, 7])
async def test_pages_hold_every_relative_once(practice: Desk, count: int) -> None:
    whole = await names(practice, "_count=100")
    found: list[str] = []
    url: str | None = f"RelatedPerson?_count={count}"
    while url:
        body = resource_of(await practice.ask("GET", url))
        found += [one["resource"]["name"][0]["text"] for one in body.get("entry", [])]
        assert len(body.get("entry", [])) <= count
        url = next((one["url"] for one in body["link"] if one["relation"] == "next"), None)
    assert sorted(found) == whole


async def test_one_relative_is_read_in_one_list(practice: Desk) -> None:
    (found,) = matches_of(await practice.ask("GET", "RelatedPerson?name=Dana"))
    await practice.calls()
    assert resource_of(await practice.ask("GET", f"RelatedPerson/{found['id']}")) == found
    assert len(await practice.calls()) == 1
    assert matches_of(await practice.ask("GET", f"RelatedPerson?_id={found['id']}")) == [found]


async def test_a_guardian_says_so_beside_what_else_the_person_is(practice: Desk) -> None:
    mateo = await patient(practice, "Núñez", "Mateo")
    found = matches_of(await practice.ask("GET", f"RelatedPerson?patient={mateo}"))
    codes = [[one["coding"][0]["code"] for one in each["relationship"]] for each in found]
    assert codes == [["58626002", "PRN"], ["58626002", "PRN"]]


async def test_records_of_one_person_are_no_relatives(practice: Desk) -> None:
    shown = await names(practice, "_count=100")
    kept = (await practice.state())["relationship"].values()
    tied = [one for one in kept if one["relationship_type"] in {"merge", "clone"}]
    gone = [one for one in kept if one.get("deleted_at")]
    assert tied
    assert len(shown) == len(kept) - len(tied) - len(gone)


async def test_from_create_to_delete(practice: Desk) -> None:
    sent = await relative(practice, relationship=[role("SIB"), role("58626002", SNOMED)])
    made = valid([resource_of(await practice.ask("POST", "RelatedPerson", sent))])[0]
    body = (await practice.calls())[-1]["body"]
    assert body == {
        "relationship_type": "sibling",
        "is_guardian": True,
        "to_patient_uuid": SEEDED,
    }
    assert made["name"] == [{"text": "Zoë Fitzgerald"}]
    url = f"RelatedPerson/{made['id']}"
    changed = {**made, "relationship": [role("FAMMEMB")]}
    answer = await practice.ask("PUT", url, changed, If_Match='W/"1"')
    assert answer.status == 200, answer
    body = (await practice.calls())[-1]["body"]
    assert body == {
        "relationship_type": "other_family",
        "is_guardian": None,
        "base_version": 1,
    }
    assert (await practice.ask("PUT", url, made, If_Match='W/"1"')).status == 412
    assert (await practice.ask("DELETE", url)).status == 204
    assert (await practice.ask("GET", url)).status == 404


@pytest.mark.parametrize(
    "members",
    [
        {"relationship": [role("NBOR")]},
        {"relationship": [{"text": "a friend"}]},
        {"active": False},
        {"identifier": []},
    ],
)
async def test_what_the_vendor_cannot_say_is_refused(practice: Desk, members: Json) -> None:
    sent = {k: v for k, v in (await relative(practice, **members)).items() if v != []}
    answer = await practice.ask("POST", "RelatedPerson", sent)
    assert answer.status == 422, issues_of(answer)
    assert [call["method"] for call in await practice.calls() if call["method"] != "GET"] == []


async def test_a_relative_stays_of_the_same_two(practice: Desk) -> None:
    made = resource_of(await practice.ask("POST", "RelatedPerson", await relative(practice)))
    mateo = await patient(practice, "Núñez", "Mateo")
    moved = {**made, "patient": {"reference": f"Patient/{mateo}"}}
    other = {**made, "identifier": [{"system": URI, "value": f"urn:uuid:{mateo}"}]}
    for changed in (moved, other):
        answer = await practice.ask("PUT", f"RelatedPerson/{made['id']}", changed)
        assert answer.status == 422
    assert {call["method"] for call in await practice.calls()} == {"GET"}
