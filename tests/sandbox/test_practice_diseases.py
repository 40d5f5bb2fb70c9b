"""Problems of a patient at the practice system, and the catalogue that they are taken from."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"
DISEASES = f"/patients/{JOSE}/diseases"


async def definition(practice: httpx.AsyncClient, search: str) -> Json:
    answer = await practice.get("/disease-definitions", params={"search": search})
    return answer.json()["items"][0]


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    asthma = await definition(practice, "J45.909")
    body = {"disease_definition_uuid": asthma["id"]} | members
    answer = await practice.post(DISEASES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(practice: httpx.AsyncClient, **query: str) -> list[Json]:
    items: list[Json] = (await practice.get(DISEASES, params=query)).json()["items"]
    return items


async def test_a_created_problem_is_active_and_resolved(practice: httpx.AsyncClient) -> None:
    made = await create(practice, date_start="2024-01-02")
    assert (made["problem_status"], made["function_status"]) == ("active", "problem")
    assert made["patient"] == {"id": JOSE, "name": "José Núñez"}
    assert made["disease_definition"]["name"] == "Asthma"
    assert made in await listed(practice)


async def test_the_list_is_paged(practice: httpx.AsyncClient) -> None:
    answer = await practice.get(DISEASES, params={"page": "2", "page_size": "3"})
    assert len(answer.json()["items"]) == 1
    assert answer.json()["total"] == 4


async def test_the_list_can_be_limited_to_a_status(practice: httpx.AsyncClient) -> None:
    assert len(await listed(practice, problem_status="active")) == 2
    assert len(await listed(practice, problem_status="resolved")) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_patient_must_exist(practice: httpx.AsyncClient, method: str) -> None:
    asthma = await definition(practice, "asthma")
    body = {"disease_definition_uuid": asthma["id"]}
    answer = await practice.request(method, f"/patients/{NOBODY}/diseases", json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Patient not found"})


async def test_the_definition_must_exist(practice: httpx.AsyncClient) -> None:
    answer = await practice.post(DISEASES, json={"disease_definition_uuid": NOBODY})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Disease definition not found"})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    body = {"disease_definition_uuid": (await definition(practice, "asthma"))["id"]}
    key = {"Idempotency-Key": "k1"}
    answers = [await practice.post(DISEASES, json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]


async def test_update_changes_and_clears(practice: httpx.AsyncClient) -> None:
    made = await create(practice, patient_note="Mild.", date_start="2024-01-02")
    body = {"base_version": 1, "problem_status": "resolved", "patient_note": None}
    updated = (await practice.patch(f"{DISEASES}/{made['id']}", json=body)).json()
    assert (updated["problem_status"], updated["patient_note"]) == ("resolved", None)
    assert (updated["date_start"], updated["version"]) == ("2024-01-02", 2)


async def test_update_can_take_another_definition_or_none(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    other = await definition(practice, "migraine")
    body = {"base_version": 1, "disease_definition_uuid": other["id"]}
    changed = (await practice.patch(f"{DISEASES}/{made['id']}", json=body)).json()
    assert changed["disease_definition"] == {"id": other["id"], "name": "Migraine"}
    body = {"base_version": 2, "disease_definition_uuid": None}
    cleared = (await practice.patch(f"{DISEASES}/{made['id']}", json=body)).json()
    assert cleared["disease_definition"] is None


async def test_a_stale_update_is_a_conflict(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{DISEASES}/{made['id']}", json={"base_version": 7})
    assert answer.status_code == 409
    assert answer.json() == {"detail": "Version conflict: expected 1, got 7"}


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "problem_status": "cured"}, "problem_status"),
        ({"base_version": 1, "problem_status": None}, "problem_status"),
        ({"base_version": 1, "icd10_code": "I10"}, "icd10_code"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{DISEASES}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_an_archived_problem_is_hidden(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    archived = await practice.post(f"{DISEASES}/{made['id']}/archive")
    again = await practice.post(f"{DISEASES}/{made['id']}/archive")
    assert archived.json()["deleted_at"] is not None
    assert made["id"] not in [each["id"] for each in await listed(practice)]
    assert (again.status_code, again.json()) == (404, {"detail": "Disease not found"})


async def test_a_problem_is_reached_under_its_own_patient_only(
    practice: httpx.AsyncClient,
) -> None:
    made = await create(practice)
    other = (await practice.get("/patients", params={"search": "zoe"})).json()["items"][0]["id"]
    path = f"/patients/{other}/diseases/{made['id']}"
    assert (await practice.patch(path, json={"base_version": 1})).status_code == 404


async def test_there_is_no_read_of_one_problem(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    assert (await practice.get(f"{DISEASES}/{made['id']}")).status_code == 405


@pytest.mark.parametrize("search", ["E11.9", "44054006", "type 2 diab"])
async def test_the_catalogue_is_searched_by_name_and_codes(
    practice: httpx.AsyncClient, search: str
) -> None:
    found = await definition(practice, search)
    assert found["name"] == "Type 2 diabetes mellitus"
    assert (found["icd10_code"], found["snomed_code"]) == ("E11.9", "44054006")


async def test_the_catalogue_is_paged(practice: httpx.AsyncClient) -> None:
    query = {"page": "2", "page_size": "30"}
    answer = (await practice.get("/disease-definitions", params=query)).json()
    assert (len(answer["items"]), answer["total"]) == (10, 40)
