"""Drugs of a patient at the practice system, and the catalogue that they are taken from."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
INGRID = "4331c88b-97cc-406f-a071-bbf17a88a65e"  # has an active penicillin allergy
NOBODY = "00000000-0000-4000-8000-00000000ffff"
DENTIST = "39db2ed2-db51-44c7-9c12-2b135395c1e3"
MEDICATIONS = f"/patients/{JOSE}/medications"


async def definition(practice: httpx.AsyncClient, search: str) -> Json:
    answer = await practice.get("/medication-definitions", params={"search": search})
    return answer.json()["items"][0]


async def create(practice: httpx.AsyncClient, path: str = MEDICATIONS, **members: Json) -> Json:
    answer = await practice.post(path, json=members)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(practice: httpx.AsyncClient, **query: str) -> list[Json]:
    items: list[Json] = (await practice.get(MEDICATIONS, params=query)).json()["items"]
    return items


async def test_a_created_drug_is_active_and_shows_its_references(
    practice: httpx.AsyncClient,
) -> None:
    drug = await definition(practice, "314076")
    made = await create(
        practice, medication_definition_uuid=drug["id"], provider_uuid=DENTIST, dosage="10 mg"
    )
    assert (made["status"], made["is_cpoe"], made["version"]) == ("active", False, 1)
    assert made["medication_definition"] == {"id": drug["id"], "name": drug["name"]}
    assert made["provider"] == {"id": DENTIST, "name": "Dr. Amara Osei, DDS"}
    assert made["patient"] == {"id": JOSE, "name": "José Núñez"}
    assert made in await listed(practice)


async def test_a_drug_may_be_words_only(practice: httpx.AsyncClient) -> None:
    made = await create(practice, med_descript="Grandmother's tea")
    assert (made["medication_definition"], made["med_descript"]) == (None, "Grandmother's tea")


async def test_a_create_takes_no_state(practice: httpx.AsyncClient) -> None:
    for member in ("status", "discontinuation_reason"):
        answer = await practice.post(MEDICATIONS, json={member: "completed"})
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", member]


@pytest.mark.parametrize(("is_active", "count"), [("true", 2), ("false", 2)])
async def test_the_list_can_be_limited_to_the_active_ones(
    practice: httpx.AsyncClient, is_active: str, count: int
) -> None:
    found = await listed(practice, is_active=is_active)
    assert len(found) == count
    assert {each["status"] == "active" for each in found} == {is_active == "true"}


async def test_the_list_is_paged(practice: httpx.AsyncClient) -> None:
    answer = (await practice.get(MEDICATIONS, params={"page": "2", "page_size": "3"})).json()
    assert (len(answer["items"]), answer["total"]) == (1, 4)


@pytest.mark.parametrize("query", [{"page": "0"}, {"page_size": "201"}, {"is_active": "maybe"}])
async def test_the_list_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await practice.get(MEDICATIONS, params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", *query]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_patient_must_exist(practice: httpx.AsyncClient, method: str) -> None:
    answer = await practice.request(method, f"/patients/{NOBODY}/medications", json={})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Patient not found"})


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("medication_definition_uuid", "Medication definition not found"),
        ("provider_uuid", "Provider not found"),
    ],
)
async def test_what_it_refers_to_must_exist(
    practice: httpx.AsyncClient, member: str, what: str
) -> None:
    made = await create(practice)
    path = f"{MEDICATIONS}/{made['id']}"
    for answer in (
        await practice.post(MEDICATIONS, json={member: NOBODY}),
        await practice.patch(path, json={"base_version": 1, member: NOBODY}),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": what})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k1"}
    answers = [await practice.post(MEDICATIONS, json={}, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]
    assert answers[1].json() == {"detail": "Idempotency conflict: duplicate Idempotency-Key"}


async def test_a_drug_that_a_problem_speaks_against_is_warned_of_once(
    practice: httpx.AsyncClient,
) -> None:
    amoxicillin = await definition(practice, "amoxicillin 500")
    path, body = f"/patients/{INGRID}/medications", amoxicillin["id"]
    made = await create(practice, path, medication_definition_uuid=body)
    assert [each["severity"] for each in made["interaction_warnings"]] == ["high"]
    items = (await practice.get(path)).json()["items"]
    assert [one["interaction_warnings"] for one in items if one["id"] == made["id"]] == [[]]
    elsewhere = await create(practice, medication_definition_uuid=body)
    assert elsewhere["interaction_warnings"] == []


async def test_update_discontinues_with_a_reason_and_clears(practice: httpx.AsyncClient) -> None:
    made = await create(practice, med_descript="Tea", patient_note="Two cups.")
    body = {
        "base_version": 1,
        "status": "discontinued",
        "discontinuation_reason": "Tastes bad.",
        "patient_note": None,
    }
    updated = (await practice.patch(f"{MEDICATIONS}/{made['id']}", json=body)).json()
    assert (updated["status"], updated["discontinuation_reason"]) == ("discontinued", "Tastes bad.")
    assert (updated["patient_note"], updated["version"]) == (None, 2)


async def test_a_stale_update_is_a_conflict(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{MEDICATIONS}/{made['id']}", json={"base_version": 7})
    assert answer.status_code == 409
    assert answer.json() == {"detail": "Version conflict: expected 1, got 7"}


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "status": "paused"}, "status"),
        ({"base_version": 1, "is_cpoe": None}, "is_cpoe"),
        ({"base_version": 1, "date_stop": "May 2024"}, "date_stop"),
        ({"base_version": 1, "rxnorm": "314076"}, "rxnorm"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{MEDICATIONS}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_an_archived_drug_is_hidden(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    archived = await practice.post(f"{MEDICATIONS}/{made['id']}/archive")
    again = await practice.post(f"{MEDICATIONS}/{made['id']}/archive")
    assert archived.json()["deleted_at"] is not None
    assert made["id"] not in [each["id"] for each in await listed(practice)]
    assert (again.status_code, again.json()) == (404, {"detail": "Medication not found"})


async def test_a_drug_is_reached_under_its_own_patient_only(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    path = f"/patients/{INGRID}/medications/{made['id']}"
    assert (await practice.patch(path, json={"base_version": 1})).status_code == 404


async def test_there_is_no_read_of_one_drug(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    assert (await practice.get(f"{MEDICATIONS}/{made['id']}")).status_code == 405


@pytest.mark.parametrize("search", ["855332", "warfarin"])
async def test_the_catalogue_is_searched_by_name_and_code(
    practice: httpx.AsyncClient, search: str
) -> None:
    found = await definition(practice, search)
    assert (found["name"], found["rx_cui"]) == ("Warfarin Sodium 5 MG Oral Tablet", "855332")


async def test_the_catalogue_is_paged(practice: httpx.AsyncClient) -> None:
    query = {"page": "2", "page_size": "20"}
    answer = (await practice.get("/medication-definitions", params=query)).json()
    assert (len(answer["items"]), answer["total"]) == (6, 26)
