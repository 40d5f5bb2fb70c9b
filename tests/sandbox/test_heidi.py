"""Heidi Health's patient profiles."""

from collections.abc import Callable

import httpx
import pytest

from portico import Json

Connect = Callable[..., httpx.AsyncClient]

JOHN = "5eb7cf5a86d9755df3a6c593"
ZOE = "64a1f0c2b7e3d95a1c0f2a02"
NOBODY = "ffffffffffffffffffffffff"
NOT_FOUND = {"detail": {"msg": "Patient profile not found", "type": "PatientProfileNotFoundError"}}
WHO = {"email": "a@example.com", "third_party_internal_id": "1"}


async def create(heidi: httpx.AsyncClient, **members: Json) -> Json:
    answer = await heidi.post("/patient-profiles", json=members)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def read(heidi: httpx.AsyncClient, profile_id: str) -> Json:
    return (await heidi.get(f"/patient-profiles/{profile_id}")).json()["data"]


async def listed(heidi: httpx.AsyncClient, **query: str) -> list[Json]:
    profiles: list[Json] = (await heidi.get("/patient-profiles", params=query)).json()["data"]
    return profiles


async def batch_delete(heidi: httpx.AsyncClient, *ids: str) -> httpx.Response:
    body = {"patient_profile_ids": list(ids)}
    return await heidi.request("DELETE", "/patient-profiles:batch-delete", json=body)


async def test_a_key_buys_a_token_that_ends_in_an_hour(connect: Connect) -> None:
    async with connect("/heidi", heidi_api_key="sandbox-heidi-key") as client:
        answer = await client.get("/jwt", params=WHO)
    assert answer.status_code == 200
    assert answer.json()["expiration_time"] == "2025-11-03T10:00:00Z"


async def test_a_wrong_key_is_401(connect: Connect) -> None:
    async with connect("/heidi", heidi_api_key="wrong") as client:
        answer = await client.get("/jwt", params=WHO)
    assert answer.status_code == 401
    assert answer.json() == {"detail": {"msg": "Invalid API key", "type": "AuthenticationError"}}


async def test_the_exchange_needs_to_know_who_asks(connect: Connect) -> None:
    async with connect("/heidi", heidi_api_key="sandbox-heidi-key") as client:
        answer = await client.get("/jwt", params={"email": "a@example.com"})
    assert answer.status_code == 422
    assert answer.json()["detail"]["msg"] == "third_party_internal_id: Field required"


async def test_calls_need_a_token_that_has_not_ended(heidi: httpx.AsyncClient, clock: Json) -> None:
    refused = await heidi.get("/patient-profiles", headers={"authorization": "Bearer x"})
    clock.pass_time(hours=1)
    ended = await heidi.get("/patient-profiles")
    assert [refused.status_code, ended.status_code] == [401, 401]
    assert ended.json()["detail"]["type"] == "AuthenticationError"


async def test_an_empty_profile_can_be_created(heidi: httpx.AsyncClient) -> None:
    made = await create(heidi)
    assert len(made["id"]) == 24
    assert made["first_name"] is None
    assert made["demographic_string"] == ""


async def test_what_was_created_can_be_read(heidi: httpx.AsyncClient) -> None:
    made = await create(heidi, first_name="Ada", gender="FEMALE", ehr_patient_id="E1")
    profile = await read(heidi, made["id"])
    assert profile == made | {"managed_by": made["id"], "remember_consent": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"remember_consent": True},
        {"source": "EHR"},
        {"gender": "UNKNOWN"},
        {"birth_date": "1990"},
        {"phone": None},
    ],
)
async def test_create_refuses_what_it_does_not_take(
    heidi: httpx.AsyncClient, wrong: dict[str, Json]
) -> None:
    answer = await heidi.post("/patient-profiles", json=wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]["type"] == "RequestValidationError"
    assert answer.json()["detail"]["msg"].startswith(*wrong)


async def test_update_changes_only_what_it_names(heidi: httpx.AsyncClient) -> None:
    body = {"last_name": "Smith", "remember_consent": True}
    answer = await heidi.patch(f"/patient-profiles/{JOHN}", json=body)
    assert answer.json()["data"]["source"] == "EHR"
    profile = await read(heidi, JOHN)
    assert (profile["first_name"], profile["last_name"]) == ("John", "Smith")
    assert profile["remember_consent"] is True


@pytest.mark.parametrize("member", ["ehr_patient_id", "patient_sex_code", "id"])
async def test_update_does_not_take_every_member(heidi: httpx.AsyncClient, member: str) -> None:
    answer = await heidi.patch(f"/patient-profiles/{JOHN}", json={member: 1})
    assert answer.status_code == 422
    assert member in answer.json()["detail"]["msg"]


async def test_an_empty_text_clears(heidi: httpx.AsyncClient) -> None:
    await heidi.patch(f"/patient-profiles/{ZOE}", json={"email": "", "demographic_string": ""})
    profile = await read(heidi, ZOE)
    assert (profile["email"], profile["demographic_string"]) == (None, "")


async def test_identifiers_and_sex_code_are_kept_and_never_shown(
    heidi: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    made = await create(heidi, identifiers=[{"value": "1"}], patient_sex_code=2)
    assert not {"identifiers", "patient_sex_code"} & {*await read(heidi, made["id"])}
    state = (await control.get("/_state/heidi")).json()
    assert state["patient-profile"][made["id"]]["identifiers"] == [{"value": "1"}]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_an_unknown_profile_is_404(heidi: httpx.AsyncClient, method: str) -> None:
    answer = await heidi.request(method, f"/patient-profiles/{NOBODY}", json={})
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


async def test_the_list_is_whole_and_counts_sessions(heidi: httpx.AsyncClient) -> None:
    profiles = await listed(heidi)
    assert len(profiles) == 12
    assert (profiles[0]["id"], profiles[0]["session_count"]) == (JOHN, 3)


async def test_the_ehr_id_selects_none_one_or_many(heidi: httpx.AsyncClient) -> None:
    found = [
        len(await listed(heidi, ehr_patient_id=each))
        for each in ("nothing", "EHR123456", "EHR200003")
    ]
    assert found == [0, 1, 2]


async def test_the_provider_selects_by_linked_sessions(heidi: httpx.AsyncClient) -> None:
    profiles = await listed(heidi, ehr_provider="Dr. Helen Marsh")
    assert [each["id"] for each in profiles] == [JOHN]


async def test_sessions_are_linked(heidi: httpx.AsyncClient) -> None:
    body = {"session_ids": ["1234567890", "0987654321"]}
    answer = await heidi.post(f"/patient-profiles/{ZOE}/sessions", json=body)
    assert answer.json()["data"][0] == {
        "session_id": "1234567890",
        "session_name": "Session 123",
        "created_at": "2024-12-11T03:57:57.921000",
        "updated_at": "2024-12-11T23:41:54.138000",
    }
    counts = {each["id"]: each["session_count"] for each in await listed(heidi)}
    assert counts[ZOE] == 3


async def test_an_unknown_session_is_404(heidi: httpx.AsyncClient) -> None:
    body = {"session_ids": ["1234567890", "x"]}
    answer = await heidi.post(f"/patient-profiles/{ZOE}/sessions", json=body)
    assert answer.status_code == 404
    assert answer.json()["detail"]["type"] == "SessionNotFoundError"


async def test_batch_delete_removes_for_good(heidi: httpx.AsyncClient) -> None:
    answer = await batch_delete(heidi, JOHN, ZOE)
    assert (answer.status_code, answer.json()) == (200, {"is_success": True})
    assert len(await listed(heidi)) == 10
    assert (await heidi.get(f"/patient-profiles/{JOHN}")).status_code == 404


async def test_batch_delete_is_all_or_nothing(heidi: httpx.AsyncClient) -> None:
    answer = await batch_delete(heidi, JOHN, NOBODY)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert len(await listed(heidi)) == 12


async def test_batch_delete_needs_ids(heidi: httpx.AsyncClient) -> None:
    without_body = await heidi.request("DELETE", "/patient-profiles:batch-delete")
    assert [(await batch_delete(heidi)).status_code, without_body.status_code] == [422, 400]
