"""Creating, reading and updating a patient at the practice system."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    body = {"first_name": "Ada", "last_name": "Byron"} | members
    answer = await practice.post("/patients", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def reference(practice: httpx.AsyncClient, member: str) -> Json:
    listed = await practice.get("/patients", params={"page_size": "200"})
    return next(each[member] for each in listed.json()["items"] if each[member])


async def test_a_created_patient_starts_active_at_version_one(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    assert (made["status"], made["version"], made["deleted_at"]) == ("active", 1, None)
    assert made["allergy_review_status"] == "not_reviewed"
    assert made["created_at"] == made["updated_at"] == "2025-11-03T09:00:00.000000Z"


async def test_what_was_created_can_be_read(practice: httpx.AsyncClient) -> None:
    made = await create(practice, gender="non_binary", status="prospective")
    read = await practice.get(f"/patients/{made['id']}")
    assert read.json() == made | {"potential_duplicates": None}


async def test_answers_hold_every_member(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    assert len(made) == 67
    assert made["middle_name"] is None


async def test_references_are_resolved(practice: httpx.AsyncClient) -> None:
    provider = await reference(practice, "primary_provider")
    made = await create(practice, primary_provider_uuid=provider["id"], responsible_party_uuid=JOSE)
    assert made["primary_provider"] == provider
    assert made["responsible_party"] == {"id": JOSE, "name": "José Núñez"}


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("primary_provider_uuid", "Provider not found"),
        ("location_uuid", "Location not found"),
        ("fee_schedule_uuid", "Fee schedule not found"),
        ("responsible_party_uuid", "Guarantor not found"),
    ],
)
async def test_a_reference_to_nothing_is_404(
    practice: httpx.AsyncClient, member: str, message: str
) -> None:
    body = {"first_name": "A", "last_name": "B", member: NOBODY}
    answer = await practice.post("/patients", json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": message})


async def test_a_chart_number_is_given_once(practice: httpx.AsyncClient) -> None:
    body = {"first_name": "A", "last_name": "B", "chart_number": "C-1001"}
    answer = await practice.post("/patients", json=body)
    assert (answer.status_code, answer.json()) == (409, {"detail": "Duplicate chart number"})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    body, key = {"first_name": "A", "last_name": "B"}, {"Idempotency-Key": "k1"}
    first = await practice.post("/patients", json=body, headers=key)
    second = await practice.post("/patients", json=body, headers=key)
    other = await practice.post("/patients", json=body, headers={"Idempotency-Key": "k2"})
    assert [first.status_code, second.status_code, other.status_code] == [201, 409, 201]
    assert second.json()["detail"].startswith("Idempotency conflict")


async def test_a_refused_create_does_not_use_up_its_key(practice: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k1"}
    refused = await practice.post("/patients", json={"first_name": "A"}, headers=key)
    body = {"first_name": "A", "last_name": "B"}
    repaired = await practice.post("/patients", json=body, headers=key)
    assert [refused.status_code, repaired.status_code] == [422, 201]


async def test_create_names_potential_duplicates(practice: httpx.AsyncClient) -> None:
    made = await create(practice, last_name="nunez", date_of_birth="1978-05-14")
    assert [each["id"] for each in made["potential_duplicates"]] == [JOSE]


async def test_an_unknown_patient_is_404(practice: httpx.AsyncClient) -> None:
    answer = await practice.get(f"/patients/{NOBODY}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Patient not found"})


async def test_update_changes_what_it_names_and_clears_with_null(
    practice: httpx.AsyncClient,
) -> None:
    made = await create(practice, city="Boston", mobile_phone="617-555-0100")
    body = {"base_version": 1, "city": "Quincy", "mobile_phone": None}
    updated = (await practice.patch(f"/patients/{made['id']}", json=body)).json()
    assert (updated["city"], updated["mobile_phone"]) == ("Quincy", None)
    assert (updated["first_name"], updated["version"]) == ("Ada", 2)


async def test_update_moves_updated_at(practice: httpx.AsyncClient, clock: Json) -> None:
    made = await create(practice)
    clock.pass_time(seconds=5)
    updated = await practice.patch(f"/patients/{made['id']}", json={"base_version": 1})
    assert updated.json()["updated_at"] == "2025-11-03T09:00:05.000000Z"
    assert updated.json()["created_at"] == made["created_at"]


async def test_a_stale_base_version_is_a_conflict(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    path = f"/patients/{made['id']}"
    await practice.patch(path, json={"base_version": 1, "city": "Quincy"})
    stale = await practice.patch(path, json={"base_version": 1, "city": "Salem"})
    assert stale.status_code == 409
    assert stale.json() == {"detail": "Version conflict: expected 2, got 1"}
    assert (await practice.get(path)).json()["city"] == "Quincy"


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"city": "Salem"}, "base_version"),
        ({"base_version": 1, "status": "inactive"}, "status"),
        ({"base_version": 1, "last_name": None}, "last_name"),
        ({"base_version": 1, "billing_account": {}}, "billing_account"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    answer = await practice.patch(f"/patients/{JOSE}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_a_new_name_shows_wherever_the_patient_is_referred_to(
    practice: httpx.AsyncClient,
) -> None:
    child = await create(practice, responsible_party_uuid=JOSE)
    jose = (await practice.get(f"/patients/{JOSE}")).json()
    body = {"base_version": jose["version"], "last_name": "Núñez Vega"}
    await practice.patch(f"/patients/{JOSE}", json=body)
    read = (await practice.get(f"/patients/{child['id']}")).json()
    assert read["responsible_party"]["name"] == "José Núñez Vega"


async def test_a_large_balance_restricts_scheduling(practice: httpx.AsyncClient) -> None:
    listed = await practice.get("/patients", params={"search": "el-amin"})
    assert [each["scheduling_restricted"] for each in listed.json()["items"]] == [True]
