"""A patient's life at the practice system: status machine, archive, restore."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"


async def create(practice: httpx.AsyncClient, **members: Json) -> Json:
    body = {"first_name": "Ada", "last_name": "Byron"} | members
    return (await practice.post("/patients", json=body)).json()


async def transition(practice: httpx.AsyncClient, patient: Json, status: str) -> httpx.Response:
    body = {"base_version": patient["version"], "new_status": status}
    return await practice.post(f"/patients/{patient['id']}/transition-status", json=body)


@pytest.mark.parametrize(
    ("status", "target"),
    [
        ("prospective", "active"),
        ("active", "inactive"),
        ("active", "deceased"),
        ("inactive", "active"),
    ],
)
async def test_allowed_transitions(practice: httpx.AsyncClient, status: str, target: str) -> None:
    patient = await create(practice, status=status)
    moved = await transition(practice, patient, target)
    assert moved.status_code == 200
    assert (moved.json()["status"], moved.json()["version"]) == (target, 2)


@pytest.mark.parametrize(
    ("status", "target"),
    [
        ("prospective", "inactive"),
        ("prospective", "deceased"),
        ("inactive", "deceased"),
        ("deceased", "active"),
        ("active", "prospective"),
        ("active", "archived"),
    ],
)
async def test_other_transitions_are_422(
    practice: httpx.AsyncClient, status: str, target: str
) -> None:
    refused = await transition(practice, await create(practice, status=status), target)
    assert refused.status_code == 422
    assert refused.json() == {"detail": f"Invalid status transition: {status} -> {target}"}


async def test_the_same_status_again_is_422(practice: httpx.AsyncClient) -> None:
    refused = await transition(practice, await create(practice), "active")
    assert (refused.status_code, refused.json()["detail"]) == (422, "Patient is already active")


async def test_a_transition_needs_the_current_version(practice: httpx.AsyncClient) -> None:
    patient = await create(practice)
    await transition(practice, patient, "inactive")
    assert (await transition(practice, patient, "active")).status_code == 409


async def test_dying_sets_no_date_of_death(practice: httpx.AsyncClient) -> None:
    dead = await transition(practice, await create(practice), "deceased")
    assert dead.json()["date_time_deceased"] is None


async def test_archive_keeps_the_patient_readable_by_id(practice: httpx.AsyncClient) -> None:
    patient = await create(practice)
    archived = await practice.post(f"/patients/{patient['id']}/archive")
    read = await practice.get(f"/patients/{patient['id']}")
    assert archived.status_code == 200
    assert read.json() == archived.json()
    assert read.json()["status"] == "archived"
    assert read.json()["deleted_at"] == "2025-11-03T09:00:00.000000Z"


async def test_an_archived_patient_cannot_be_written(practice: httpx.AsyncClient) -> None:
    patient = await create(practice)
    path = f"/patients/{patient['id']}"
    await practice.post(f"{path}/archive")
    answers = [
        await practice.patch(path, json={"base_version": 2, "city": "Salem"}),
        await practice.post(f"{path}/archive"),
        await transition(practice, patient | {"version": 2}, "active"),
    ]
    assert [each.status_code for each in answers] == [422, 422, 422]
    assert {each.json()["detail"] for each in answers} == {"Patient is archived"}


async def test_restore_brings_back_an_inactive_patient(practice: httpx.AsyncClient) -> None:
    patient = await create(practice)
    await practice.post(f"/patients/{patient['id']}/archive")
    restored = (await practice.post(f"/patients/{patient['id']}/restore")).json()
    assert (restored["status"], restored["deleted_at"]) == ("inactive", None)
    assert restored["version"] == 3
    assert restored["scheduling_restricted"] is True


async def test_only_the_archived_can_be_restored(practice: httpx.AsyncClient) -> None:
    answer = await practice.post(f"/patients/{JOSE}/restore")
    assert (answer.status_code, answer.json()) == (422, {"detail": "Patient is not archived"})


async def test_a_guarantor_of_active_dependents_cannot_be_archived(
    practice: httpx.AsyncClient,
) -> None:
    answer = await practice.post(f"/patients/{JOSE}/archive")
    assert answer.status_code == 422
    assert answer.json() == {"detail": "Patient is guarantor for active dependents"}


async def test_a_guarantor_only_of_itself_can_be_archived(practice: httpx.AsyncClient) -> None:
    patient = await create(practice)
    path = f"/patients/{patient['id']}"
    await practice.patch(path, json={"base_version": 1, "responsible_party_uuid": patient["id"]})
    assert (await practice.post(f"{path}/archive")).status_code == 200


async def test_a_patient_created_as_archived_is_gone_at_once(practice: httpx.AsyncClient) -> None:
    assert (await create(practice, status="archived"))["deleted_at"] is not None
