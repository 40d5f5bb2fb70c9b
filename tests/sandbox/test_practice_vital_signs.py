"""Readings of vital signs at the practice system: numbers in, decimals as text out."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"
VITALS = f"/patients/{JOSE}/vital-signs"


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    answer = await practice.post(VITALS, json={"date_taken": "2025-10-01"} | members)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def days(practice: httpx.AsyncClient, **query: str) -> list[str]:
    answer = await practice.get(VITALS, params=query)
    return [each["date_taken"] for each in answer.json()["items"]]


async def test_decimals_keep_their_digits_and_come_back_as_text(
    practice: httpx.AsyncClient,
) -> None:
    sent = b'{"date_taken": "2025-10-01", "weight_lbs": 182.40, "height_inches": 68, "pulse": 70}'
    made = (await practice.post(VITALS, content=sent)).json()
    assert (made["weight_lbs"], made["height_inches"], made["pulse"]) == ("182.40", "68", 70)
    assert (made["bp_systolic"], made["has_followup_plan"]) == (None, False)


async def test_a_reading_is_read_by_its_id(practice: httpx.AsyncClient) -> None:
    made = await create(practice, pulse=70)
    assert (await practice.get(f"{VITALS}/{made['id']}")).json() == made


async def test_readings_are_listed_the_latest_first(practice: httpx.AsyncClient) -> None:
    assert await days(practice) == ["2025-06-11", "2024-12-03", "2024-06-04", "2023-11-20"]


async def test_the_range_holds_both_of_its_days(practice: httpx.AsyncClient) -> None:
    found = await days(practice, date_from="2024-06-04", date_to="2024-12-03")
    assert found == ["2024-12-03", "2024-06-04"]


@pytest.mark.parametrize("query", [{"date_from": "June"}, {"page": "0"}, {"page_size": "201"}])
async def test_a_query_out_of_range_is_refused(
    practice: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await practice.get(VITALS, params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", *query]


@pytest.mark.parametrize(
    ("members", "flags", "blocks"),
    [
        ({"bp_systolic": 120, "bp_diastolic": 80, "pulse": 70}, [], False),
        ({"bp_systolic": 180, "bp_diastolic": 120}, ["warning", "warning"], False),
        ({"bp_systolic": 181}, ["critical"], True),
        ({"bp_diastolic": 121}, ["critical"], True),
        ({"oxygen_saturation": 94}, ["warning"], False),
        ({"oxygen_saturation": 93}, ["critical"], True),
        ({"temperature_f": 100.1}, ["warning"], False),
    ],
)
async def test_what_is_out_of_range_is_flagged(
    practice: httpx.AsyncClient, members: dict[str, Json], flags: list[str], *, blocks: bool
) -> None:
    made = await create(practice, **members)
    assert [each["severity"] for each in made["abnormal_flags"]] == flags
    assert made["is_procedure_blocking"] is blocks


async def test_the_patient_knows_the_day_of_the_latest_reading(
    practice: httpx.AsyncClient,
) -> None:
    await create(practice, date_taken="2025-10-20")
    answer = await practice.get(f"/patients/{JOSE}")
    assert answer.json()["latest_vitals_date"] == "2025-10-20"


async def test_the_provider_must_exist(practice: httpx.AsyncClient) -> None:
    body = {"date_taken": "2025-10-01", "provider_uuid": NOBODY}
    answer = await practice.post(VITALS, json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Provider not found"})


@pytest.mark.parametrize("path", [f"/patients/{NOBODY}/vital-signs", f"{VITALS}/{NOBODY}"])
async def test_what_does_not_exist_is_not_found(practice: httpx.AsyncClient, path: str) -> None:
    assert (await practice.get(path)).status_code == 404


async def test_update_changes_clears_and_counts(practice: httpx.AsyncClient) -> None:
    made = await create(practice, pulse=70, weight_lbs=180)
    body = {"base_version": 1, "pulse": None, "weight_lbs": 181.5}
    updated = (await practice.patch(f"{VITALS}/{made['id']}", json=body)).json()
    assert (updated["pulse"], updated["weight_lbs"], updated["version"]) == (None, "181.5", 2)
    assert (await practice.patch(f"{VITALS}/{made['id']}", json=body)).status_code == 409


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "date_taken": None}, "date_taken"),
        ({"base_version": 1, "pulse": "70"}, "pulse"),
        ({"base_version": 1, "pulse": 70.5}, "pulse"),
        ({"base_version": 1, "time_taken": "noon"}, "time_taken"),
        ({"base_version": 1, "bmi": "25"}, "bmi"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{VITALS}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_an_archived_reading_is_hidden(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    archived = await practice.post(f"{VITALS}/{made['id']}/archive")
    again = await practice.post(f"{VITALS}/{made['id']}/archive")
    assert archived.json()["deleted_at"] is not None
    assert (await practice.get(f"{VITALS}/{made['id']}")).status_code == 404
    assert "2025-10-01" not in await days(practice)
    assert (again.status_code, again.json()) == (404, {"detail": "Vital signs not found"})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    body, key = {"date_taken": "2025-10-01"}, {"Idempotency-Key": "k1"}
    answers = [await practice.post(VITALS, json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]
