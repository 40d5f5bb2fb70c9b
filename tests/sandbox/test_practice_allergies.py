"""Allergies of a patient at the practice system, their catalogue, and the chart's header."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"
ALLERGIES = f"/patients/{JOSE}/allergies"


async def definition(practice: httpx.AsyncClient, search: str) -> Json:
    answer = await practice.get("/allergy-definitions", params={"search": search})
    return answer.json()["items"][0]


async def patient(practice: httpx.AsyncClient, search: str) -> str:
    answer = await practice.get("/patients", params={"search": search})
    return str(answer.json()["items"][0]["id"])


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    latex = await definition(practice, "latex")
    body = {"allergy_definition_uuid": latex["id"]} | members
    answer = await practice.post(ALLERGIES, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(practice: httpx.AsyncClient, path: str = ALLERGIES, **query: str) -> list[Json]:
    items: list[Json] = (await practice.get(path, params=query)).json()["items"]
    return items


async def test_a_created_allergy_is_active(practice: httpx.AsyncClient) -> None:
    made = await create(practice, reaction="Hives", severity="mild")
    assert (made["status_is_active"], made["version"]) == (True, 1)
    assert made["patient"] == {"id": JOSE, "name": "José Núñez"}
    assert made["allergy_definition"]["name"] == "Latex"
    assert made in await listed(practice)


async def test_an_allergy_to_a_drug_that_is_taken_is_warned_of_once(
    practice: httpx.AsyncClient,
) -> None:
    path = f"/patients/{await patient(practice, 'lucia')}/allergies"
    body = {"allergy_definition_uuid": (await definition(practice, "2358"))["id"]}
    made = (await practice.post(path, json=body)).json()
    assert [each["severity"] for each in made["interaction_warnings"]] == ["high"]
    again = next(one for one in await listed(practice, path) if one["id"] == made["id"])
    assert again["interaction_warnings"] == []


async def test_the_list_can_be_limited_by_activity(practice: httpx.AsyncClient) -> None:
    path = f"/patients/{await patient(practice, 'kwame')}/allergies"
    counts = [len(await listed(practice, path, **query)) for query in ACTIVITIES]
    assert counts == [3, 2, 1]


ACTIVITIES: list[dict[str, str]] = [{}, {"is_active": "true"}, {"is_active": "false"}]


async def test_the_list_is_paged(practice: httpx.AsyncClient) -> None:
    path = f"/patients/{await patient(practice, 'kwame')}/allergies"
    answer = (await practice.get(path, params={"page": "2", "page_size": "2"})).json()
    assert (len(answer["items"]), answer["page"], answer["total"]) == (1, 2, 3)


@pytest.mark.parametrize("query", [{"page": "0"}, {"page_size": "201"}, {"is_active": "perhaps"}])
async def test_a_query_out_of_range_is_refused(
    practice: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await practice.get(ALLERGIES, params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", *query]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_patient_must_exist(practice: httpx.AsyncClient, method: str) -> None:
    body = {"allergy_definition_uuid": (await definition(practice, "latex"))["id"]}
    answer = await practice.request(method, f"/patients/{NOBODY}/allergies", json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Patient not found"})


async def test_the_definition_must_exist(practice: httpx.AsyncClient) -> None:
    answer = await practice.post(ALLERGIES, json={"allergy_definition_uuid": NOBODY})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Allergy definition not found"})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    body = {"allergy_definition_uuid": (await definition(practice, "latex"))["id"]}
    key = {"Idempotency-Key": "k1"}
    answers = [await practice.post(ALLERGIES, json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]


async def test_update_changes_clears_and_counts(practice: httpx.AsyncClient) -> None:
    made = await create(practice, reaction="Hives", date_adverse_reaction="2024-01-02")
    body = {"base_version": 1, "status_is_active": False, "reaction": None}
    updated = (await practice.patch(f"{ALLERGIES}/{made['id']}", json=body)).json()
    assert (updated["status_is_active"], updated["reaction"]) == (False, None)
    assert (updated["date_adverse_reaction"], updated["version"]) == ("2024-01-02", 2)
    stale = await practice.patch(f"{ALLERGIES}/{made['id']}", json=body)
    assert (stale.status_code, stale.json()["detail"]) == (
        409,
        "Version conflict: expected 2, got 1",
    )


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "status_is_active": None}, "status_is_active"),
        ({"base_version": 1, "criticality": "high"}, "criticality"),
        ({"base_version": 1, "date_adverse_reaction": "2024-01"}, "date_adverse_reaction"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{ALLERGIES}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_an_archived_allergy_is_hidden(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    archived = await practice.post(f"{ALLERGIES}/{made['id']}/archive")
    again = await practice.post(f"{ALLERGIES}/{made['id']}/archive")
    assert archived.json()["deleted_at"] is not None
    assert made["id"] not in [each["id"] for each in await listed(practice)]
    assert (again.status_code, again.json()) == (404, {"detail": "Allergy not found"})


async def test_there_is_no_read_of_one_allergy(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    assert (await practice.get(f"{ALLERGIES}/{made['id']}")).status_code == 405


@pytest.mark.parametrize("search", ["111088007", "latex"])
async def test_the_catalogue_is_searched_by_name_and_codes(
    practice: httpx.AsyncClient, search: str
) -> None:
    assert (await definition(practice, search))["name"] == "Latex"


async def test_the_summary_gathers_what_matters(practice: httpx.AsyncClient) -> None:
    kwame = await patient(practice, "kwame")
    summary = (await practice.get(f"/patients/{kwame}/medical-summary")).json()
    assert summary["allergy_review_status"] == "reviewed"
    assert len(summary["allergies"]) == 3
    assert [each["is_urgent"] for each in summary["alerts"]] == [True]
    assert summary["latest_vitals"]["is_procedure_blocking"] is False
    assert {each["status"] for each in summary["current_medications"]} == {"active"}
    assert summary["premedication_required"] is True


async def test_the_summary_of_nobody_is_not_found(practice: httpx.AsyncClient) -> None:
    answer = await practice.get(f"/patients/{NOBODY}/medical-summary")
    assert answer.status_code == 404
