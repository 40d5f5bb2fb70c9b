"""Searches over the sandboxes: what is pushed, what is filtered, paging, and what is refused."""

import pytest
from tests.facade.desk import (
    BASE,
    Desk,
    issues_of,
    link,
    matches_of,
    open_desk,
    outcomes_of,
    resource_of,
    vendor_that_answers,
)

from portico.document import dump

SEEDED = "00000000-0000-4000-8000-0000000000a1"
CHART = "https://practice.example/chart-number"
EHR = "https://heidi.example/ehr-patient-id"


async def pages(desk: Desk, query: str) -> list[str]:
    """The ids on all pages of a search."""
    seen: list[str] = []
    url: str | None = query
    while url:
        answer = await desk.ask("GET", url)
        assert answer.status == 200
        seen += [one["id"] for one in matches_of(answer)]
        url = link(answer, "next")
    return seen


async def test_an_id_is_read_directly(practice: Desk) -> None:
    found = await practice.ask("GET", f"Patient?_id={SEEDED}")
    assert [one["id"] for one in matches_of(found)] == [SEEDED]
    assert [one["path"] for one in await practice.calls()] == [f"/api/v1/demo/patients/{SEEDED}"]


async def test_several_ids_are_several_reads(practice: Desk) -> None:
    ids = [one["id"] for one in matches_of(await practice.ask("GET", "Patient?_count=2"))]
    await practice.calls()
    found = await practice.ask("GET", f"Patient?_id={ids[1]},{ids[0]},unknown-id")
    assert {one["id"] for one in matches_of(found)} == set(ids)
    assert resource_of(found)["total"] == 2
    assert all(one["path"].count("/") == 5 for one in await practice.calls())


async def test_an_id_that_another_criterion_excludes_is_not_found(practice: Desk) -> None:
    found = await practice.ask("GET", f"Patient?_id={SEEDED}&gender=female")
    assert matches_of(found) == []


async def test_a_business_identifier_is_pushed_and_filtered(practice: Desk) -> None:
    found = await practice.ask("GET", f"Patient?identifier={CHART}|C-1001")
    assert [one["id"] for one in matches_of(found)] == [SEEDED]
    (call,) = await practice.calls()
    assert call["query"]["search"] == ["C-1001"]


async def test_the_key_as_an_identifier_is_a_read(practice: Desk) -> None:
    found = await practice.ask("GET", f"Patient?identifier=urn:ietf:rfc:3986|urn:uuid:{SEEDED}")
    assert [one["id"] for one in matches_of(found)] == [SEEDED]
    assert [one["path"] for one in await practice.calls()] == [f"/api/v1/demo/patients/{SEEDED}"]


async def test_an_identifier_that_is_no_key_of_the_vendor_finds_nothing(particle: Desk) -> None:
    system = "https://api.particlehealth.com/patient-id"
    found = await particle.ask("GET", f"Patient?identifier={system}|nobody")
    assert (found.status, matches_of(found), resource_of(found)["total"]) == (200, [], 0)


async def test_an_exact_push_is_the_answer(heidi: Desk) -> None:
    found = await heidi.ask("GET", f"Patient?identifier={EHR}|EHR123456")
    assert [one["name"][0]["family"] for one in matches_of(found)] == ["Doe"]
    (call,) = await heidi.calls()
    assert call["query"]["ehr_patient_id"] == ["EHR123456"]


async def test_a_value_that_the_vendor_cannot_take_twice_is_filtered(practice: Desk) -> None:
    found = await practice.ask("GET", "Patient?family=n&given=jos")
    assert [one["id"] for one in matches_of(found)] == [SEEDED]
    (call,) = await practice.calls()
    assert call["query"]["search"] == ["n"]


async def test_alternatives_with_different_values_are_filtered(practice: Desk) -> None:
    found = await practice.ask("GET", "Patient?family=Lindqvist,N%C3%BA%C3%B1ez")
    families = {one["name"][0]["family"] for one in matches_of(found)}
    assert families == {"Lindqvist", "Núñez"}
    assert all("search" not in one["query"] for one in await practice.calls())


async def test_both_ends_of_a_date_range_are_pushed(practice: Desk) -> None:
    await practice.ask("GET", "Patient?birthdate=ge1978-01-01&birthdate=le1978-12-31")
    (call,) = await practice.calls()
    assert call["query"]["dob_from"] == ["1978-01-01"]
    assert call["query"]["dob_to"] == ["1978-12-31"]


async def test_a_patient_is_named_by_id_by_reference_or_by_url(practice: Desk) -> None:
    said = (SEEDED, f"Patient/{SEEDED}", f"{BASE}/Patient/{SEEDED}")
    found = [await pages(practice, f"Condition?patient={one}") for one in said]
    assert found[0]
    assert found[0] == found[1] == found[2]


async def test_codes_of_one_vendor_value_are_pushed_and_filtered_again(practice: Desk) -> None:
    query = f"Condition?patient={SEEDED}&clinical-status=active,recurrence"
    found = await practice.ask("GET", query)
    codes = {one["clinicalStatus"]["coding"][0]["code"] for one in matches_of(found)}
    assert codes == {"active"}
    lists = [one for one in await practice.calls() if one["path"].endswith("/diseases")]
    assert [one["query"]["problem_status"] for one in lists] == [["active"]]


async def test_a_standard_code_finds_what_the_vendor_holds_under_its_own(practice: Desk) -> None:
    found = await practice.ask("GET", f"Condition?patient={SEEDED}&code=http://snomed.info/sct|")
    icd = "http://hl7.org/fhir/sid/icd-10-cm|I10"
    narrow = await practice.ask("GET", f"Condition?patient={SEEDED}&code={icd}")
    texts = [one["code"]["text"] for one in matches_of(narrow)]
    assert texts == ["Essential hypertension"]
    assert len(matches_of(found)) >= len(matches_of(narrow))


async def test_the_parent_that_the_vendor_needs_is_asked_for(practice: Desk) -> None:
    answer = await practice.ask("GET", "Condition?clinical-status=active")
    assert (answer.status, issues_of(answer)) == (400, [("error", "required")])
    assert "patient" in resource_of(answer)["issue"][0]["diagnostics"]


async def test_problems_of_an_unknown_patient_are_none(practice: Desk) -> None:
    unknown = "00000000-0000-4000-8000-00000000ffff"
    found = await practice.ask("GET", f"Condition?patient={unknown}")
    assert (found.status, resource_of(found)["total"]) == (200, 0)


async def test_a_packed_id_finds_the_problem(practice: Desk) -> None:
    (first, *_) = await pages(practice, f"Condition?patient={SEEDED}")
    assert await pages(practice, f"Condition?_id={first}") == [first]


@pytest.mark.parametrize(
    "query", ["pateint=1", "_sort=birthdate", "family:soundex=x", "birthdate=yesterday"]
)
async def test_what_cannot_be_evaluated_is_400(practice: Desk, query: str) -> None:
    answer = await practice.ask("GET", f"Patient?{query}")
    assert answer.status == 400
    assert await practice.calls() == []


async def test_what_the_vendor_never_holds_cannot_be_searched(heidi: Desk) -> None:
    answer = await heidi.ask("GET", "Patient?address-city=Boston")
    assert (answer.status, issues_of(answer)) == (400, [("error", "not-supported")])


async def test_lenient_handling_leaves_out_and_says_so(practice: Desk) -> None:
    url = "Patient?pateint=1&family=Lindqvist"
    found = await practice.ask("GET", url, prefer="handling=lenient")
    assert len(matches_of(found)) == 1
    assert outcomes_of(found) == ["not-supported"]
    assert link(found, "self") == f"{BASE}/Patient?family=Lindqvist"


async def test_pages_hold_every_patient_once(practice: Desk) -> None:
    everyone = await pages(practice, "Patient")
    paged = await pages(practice, "Patient?_count=7")
    assert paged == everyone
    assert len(set(everyone)) == len(everyone)


async def test_filtered_pages_hold_every_match_once(practice: Desk) -> None:
    whole = await pages(practice, "Patient?gender=female")
    assert await pages(practice, "Patient?gender=female&_count=2") == whole
    assert len(whole) > 2


async def test_a_list_of_keys_is_read_page_by_page(particle: Desk) -> None:
    everyone = await pages(particle, "Patient?_count=100")
    assert len(set(everyone)) == len(everyone) == len((await particle.state())["patient"])


async def test_a_page_costs_no_more_reads_than_it_shows(particle: Desk) -> None:
    await particle.ask("GET", "Patient?_count=5")
    assert len(await particle.calls()) == 6


async def test_a_filter_over_keys_finds_all(particle: Desk) -> None:
    found = await pages(particle, "Patient?family=Testingson")
    assert found == ["examplepatientid1"]


async def test_an_unpaged_list_is_paged_here(heidi: Desk) -> None:
    everyone = await pages(heidi, "Patient")
    assert await pages(heidi, "Patient?_count=2") == everyone
    assert len(everyone) > 2


@pytest.mark.parametrize("change", ["gender=male&", "_count=3&", ""])
async def test_a_cursor_is_good_for_its_own_search_only(practice: Desk, change: str) -> None:
    first = await practice.ask("GET", "Patient?_count=2")
    cursor = str(link(first, "next")).partition("_cursor=")[2]
    if not change:
        cursor = f"A{cursor[1:]}" if cursor[0] != "A" else f"B{cursor[1:]}"
    query = f"Patient?{change or '_count=2&'}_cursor={cursor}"
    answer = await practice.ask("GET", query)
    assert (answer.status, issues_of(answer)) == (400, [("error", "invalid")])


@pytest.mark.parametrize("cursor", ["x", "!!!", "ÄÖÜ", "AAAA" * 100])
async def test_what_is_no_cursor_is_400(practice: Desk, cursor: str) -> None:
    assert (await practice.ask("GET", f"Patient?_cursor={cursor}")).status == 400


async def test_a_count_of_zero_asks_for_no_entries(practice: Desk) -> None:
    found = await practice.ask("GET", "Patient?_count=0")
    assert (found.status, matches_of(found), link(found, "next")) == (200, [], None)


async def test_archived_patients_are_not_found(practice: Desk) -> None:
    before = await pages(practice, "Patient")
    deleted = await practice.ask("DELETE", f"Patient/{before[0]}")
    assert deleted.status == 204
    assert await pages(practice, "Patient") == before[1:]


async def test_the_version_in_a_search_result_is_good_for_an_update(particle: Desk) -> None:
    (patient,) = matches_of(await particle.ask("GET", "Patient?family=Testingson"))
    patient["telecom"] = [{"system": "email", "value": "new@example.org"}]
    tag = f'W/"{patient["meta"]["versionId"]}"'
    answer = await particle.ask("PUT", f"Patient/{patient['id']}", patient, if_match=tag)
    assert answer.status == 200


@pytest.mark.parametrize("change", [{"gender": "x"}, {"last_name": 7}, {"version": None}])
async def test_a_broken_record_is_told_of_beside_the_others(
    practice: Desk, change: dict[str, object]
) -> None:
    records = list((await practice.state())["patient"].values())[:3]
    records[1] |= change
    page = {"data": records, "page_info": {"has_next_page": False, "end_cursor": None}}
    found = await open_desk("practice", vendor_that_answers(200, dump(page))).ask("GET", "Patient")
    assert [one["id"] for one in matches_of(found)] == [records[0]["id"], records[2]["id"]]
    assert len(outcomes_of(found)) == 1
    assert "total" not in resource_of(found)


async def test_a_search_that_costs_too_much_goes_on_in_the_next_page(
    particle: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portico.facade.listing.BUDGET", 60)
    first = await particle.ask("GET", "Patient?family=Nobody")
    assert outcomes_of(first) == ["too-costly"]
    assert "total" not in resource_of(first)
    assert link(first, "next")
    assert await pages(particle, "Patient?family=Testingson") == ["examplepatientid1"]
