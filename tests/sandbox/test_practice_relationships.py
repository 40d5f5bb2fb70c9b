"""Relationships at the practice system: of one direction, listed by whom they start from."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"
RELATIONSHIPS = f"/patients/{JOSE}/relationships"


async def patient(practice: httpx.AsyncClient, search: str) -> str:
    answer = await practice.get("/patients", params={"search": search})
    return str(answer.json()["items"][0]["id"])


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    body = {"relationship_type": "sibling", "to_patient_uuid": await patient(practice, "zoe")}
    answer = await practice.post(RELATIONSHIPS, json=body | members)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ends(practice: httpx.AsyncClient, path: str) -> list[tuple[str, str, str]]:
    items = (await practice.get(path)).json()["items"]
    return [
        (each["from_patient_name"], each["relationship_type"], each["to_patient_name"])
        for each in items
    ]


async def test_a_relationship_is_listed_by_whom_it_starts_from(
    practice: httpx.AsyncClient,
) -> None:
    made = await create(practice, note="Half-sister.")
    assert made["from_patient"] == {"id": JOSE, "name": "José Núñez"}
    assert made["to_patient_name"] == "Zoë Fitzgerald"
    assert ("José Núñez", "sibling", "Zoë Fitzgerald") in await ends(practice, RELATIONSHIPS)
    zoe = f"/patients/{made['to_patient']['id']}/relationships"
    assert await ends(practice, zoe) == []


async def test_guardians_and_dependents_are_the_two_ends(practice: httpx.AsyncClient) -> None:
    mateo = await patient(practice, "mateo")
    assert await ends(practice, f"/patients/{mateo}/guardians") == [
        ("José Núñez", "parent", "Mateo Núñez"),
        ("Lucía Núñez", "parent", "Mateo Núñez"),
    ]
    assert await ends(practice, f"/patients/{JOSE}/dependents") == [
        ("José Núñez", "parent", "Mateo Núñez")
    ]


async def test_the_family_shares_a_guarantor(practice: httpx.AsyncClient) -> None:
    items = (await practice.get(f"/patients/{JOSE}/family")).json()["items"]
    assert {each["first_name"] for each in items} == {"José", "Lucía", "Mateo"}


async def test_who_has_no_guarantor_is_a_family_alone(practice: httpx.AsyncClient) -> None:
    zoe = await patient(practice, "zoe")
    items = (await practice.get(f"/patients/{zoe}/family")).json()["items"]
    assert [each["id"] for each in items] == [zoe]


@pytest.mark.parametrize("path", ["relationships", "dependents", "guardians", "family"])
async def test_the_patient_must_exist(practice: httpx.AsyncClient, path: str) -> None:
    assert (await practice.get(f"/patients/{NOBODY}/{path}")).status_code == 404


async def test_the_target_must_exist(practice: httpx.AsyncClient) -> None:
    body = {"relationship_type": "sibling", "to_patient_uuid": NOBODY}
    answer = await practice.post(RELATIONSHIPS, json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Target patient not found"})


async def test_update_changes_clears_and_counts(practice: httpx.AsyncClient) -> None:
    made = await create(practice, note="Half-sister.", is_guardian=False)
    body = {"base_version": 1, "relationship_type": "caregiver", "note": None}
    updated = (await practice.patch(f"{RELATIONSHIPS}/{made['id']}", json=body)).json()
    assert (updated["relationship_type"], updated["note"]) == ("caregiver", None)
    assert (updated["is_guardian"], updated["version"]) == (False, 2)
    assert (await practice.patch(f"{RELATIONSHIPS}/{made['id']}", json=body)).status_code == 409


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "relationship_type": "friend"}, "relationship_type"),
        ({"base_version": 1, "relationship_type": None}, "relationship_type"),
        ({"base_version": 1, "to_patient_uuid": JOSE}, "to_patient_uuid"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{RELATIONSHIPS}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_an_archived_relationship_is_hidden(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    archived = await practice.post(f"{RELATIONSHIPS}/{made['id']}/archive")
    again = await practice.post(f"{RELATIONSHIPS}/{made['id']}/archive")
    assert archived.json()["deleted_at"] is not None
    assert ("José Núñez", "sibling", "Zoë Fitzgerald") not in await ends(practice, RELATIONSHIPS)
    assert (again.status_code, again.json()) == (404, {"detail": "Relationship not found"})


async def test_a_replayed_idempotency_key_is_a_conflict(practice: httpx.AsyncClient) -> None:
    body = {"relationship_type": "sibling", "to_patient_uuid": await patient(practice, "zoe")}
    key = {"Idempotency-Key": "k1"}
    answers = [await practice.post(RELATIONSHIPS, json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 409]


async def test_providers_are_listed_and_read(practice: httpx.AsyncClient) -> None:
    listed = (await practice.get("/providers")).json()
    assert [each["last_name"] for each in listed["items"]] == ["Brandt", "Chow", "Duarte", "Osei"]
    one = await practice.get(f"/providers/{listed['items'][0]['id']}")
    assert one.json() == listed["items"][0]
    assert (await practice.get(f"/providers/{NOBODY}")).status_code == 404
    found = (await practice.get("/providers", params={"search": "mei"})).json()["items"]
    assert [each["first_name"] for each in found] == ["Mei-Ling"]
