"""What only the sandbox has: log, state, reset, and the parameters of `create_app`."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx
import pytest
from fastapi import FastAPI

from portico import Json
from portico.sandbox.app import create_app
from portico.sandbox.schemas import Schemas

Connect = Callable[..., httpx.AsyncClient]


async def log(control: httpx.AsyncClient, **query: str) -> list[Json]:
    entries: list[Json] = (await control.get("/_log", params=query)).json()
    return entries


def client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    headers = {"authorization": "Bearer sandbox-token"}
    return httpx.AsyncClient(transport=transport, base_url="http://s/sandbox", headers=headers)


async def created_id(app: FastAPI) -> str:
    async with client_of(app) as client:
        body = {"first_name": "A", "last_name": "B"}
        answer = await client.post("/practice/api/v1/demo/patients", json=body)
        made: str = answer.json()["id"]
        return made


async def test_a_call_is_logged_as_the_vendor_saw_it(
    practice: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    body = {"base_version": 1}
    await practice.patch("/patients/x?a=1&a=2&b=", json=body, headers={"Idempotency-Key": "k"})
    (entry,) = await log(control)
    assert entry["headers"].pop("idempotency-key") == "k"
    assert entry["headers"].pop("authorization") == "Bearer ***"
    assert {**entry, "headers": {}} == {
        "n": 1,
        "vendor": "practice",
        "method": "PATCH",
        "path": "/api/v1/demo/patients/x",
        "query": {"a": ["1", "2"], "b": [""]},
        "headers": {},
        "body": body,
        "status": 422,
    }


async def test_no_secret_is_in_the_log(connect: Connect, control: httpx.AsyncClient) -> None:
    secrets = {"apikey": "s3", "client_secret": "s3", "heidi_api_key": "s3", "authorization": "s3"}
    async with connect("/particle", **secrets) as client:
        await client.get("/auth")
    assert "s3" not in str((await log(control))[0]["headers"])


async def test_a_body_that_is_not_json_is_logged_as_text(
    practice: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await practice.post("/patients", content=b"\xff{")
    await practice.get("/patients")
    assert [each["body"] for each in await log(control)] == ["�{", None]


async def test_the_log_can_be_limited_to_a_vendor_and_to_what_is_new(
    practice: httpx.AsyncClient, heidi: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await practice.get("/patients")
    await heidi.get("/patient-profiles")
    assert [each["path"] for each in await log(control, vendor="practice")] == [
        "/api/v1/demo/patients"
    ]
    assert [each["n"] for each in await log(control, since="2")] == [3]


async def test_numbers_go_on_after_the_log_was_cleared(
    practice: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await practice.get("/patients")
    assert (await control.delete("/_log")).status_code == 204
    assert await log(control) == []
    await practice.get("/patients")
    assert [each["n"] for each in await log(control)] == [2]


async def test_state_shows_everything_by_kind_and_id(control: httpx.AsyncClient) -> None:
    state = (await control.get("/_state/practice")).json()
    assert len(state["patient"]) == 26
    assert len(state["disease-definition"]) == 40
    particle = (await control.get("/_state/particle")).json()
    assert particle["patient"]["examplepatientid1"]["purpose_of_use"] == "TREATMENT"


async def test_reset_brings_back_the_start_of_one_vendor_or_all(
    particle: httpx.AsyncClient, heidi: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await particle.delete("/api/v1/patients/examplepatientid1")
    await heidi.post("/patient-profiles", json={})
    await control.post("/_reset", params={"vendor": "particle"})
    restored = await particle.get("/api/v1/patients/examplepatientid1")
    assert restored.status_code == 200
    assert len((await control.get("/_state/heidi")).json()["patient-profile"]) == 13
    await control.post("/_reset")
    assert len((await control.get("/_state/heidi")).json()["patient-profile"]) == 12


@pytest.mark.parametrize(("method", "path"), [("POST", "/_reset?vendor=x"), ("GET", "/_state/x")])
async def test_an_unknown_vendor_is_404_and_told_which_there_are(
    control: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await control.request(method, path)
    assert answer.status_code == 404
    assert "practice, particle, connective, heidi" in answer.json()["detail"]


async def test_only_the_chosen_vendors_are_served(mappings: Path) -> None:
    async with client_of(create_app(mappings, vendors=["practice"])) as client:
        assert (await client.get("http://s/sandbox")).json() == {
            "vendors": {"practice": "/sandbox/practice"}
        }
        assert (await client.get("/practice/api/v1/demo/patients")).status_code == 200
        assert (await client.get("/heidi/patient-profiles")).status_code == 404


async def test_a_seed_makes_ids_repeatable(mappings: Path) -> None:
    first, second = [await created_id(create_app(mappings, seed=7)) for _ in range(2)]
    assert first == second
    assert await created_id(create_app(mappings)) != await created_id(create_app(mappings))


async def test_ids_are_not_given_twice_after_a_reset(
    app: FastAPI, control: httpx.AsyncClient
) -> None:
    before = await created_id(app)
    await control.post("/_reset")
    assert await created_id(app) != before


async def test_latency_delays_the_vendors_but_not_the_control(mappings: Path) -> None:
    async with client_of(create_app(mappings, latency=50)) as client:
        started = monotonic()
        await client.get("/_log")
        control_took, started = monotonic() - started, monotonic()
        calls = [client.get("/practice/api/v1/demo/disease-definitions") for _ in range(3)]
        await asyncio.gather(*calls)
    assert control_took < 0.05 <= monotonic() - started


async def test_an_answer_that_breaks_its_schema_is_a_loud_500(
    mappings: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = (
        (mappings / "practice/sandbox/patient.json")
        .read_text()
        .replace('"receives_sms": true', '"receives_sms": 1')
    )
    (tmp_path / "practice/sandbox").mkdir(parents=True)
    (tmp_path / "practice/schemas").symlink_to(mappings / "practice/schemas")
    (tmp_path / "practice/sandbox/patient.json").write_text(broken)
    with caplog.at_level(logging.CRITICAL):
        async with client_of(create_app(tmp_path, vendors=["practice"])) as client:
            answer = await client.get("/practice/api/v1/demo/patients")
    assert answer.status_code == 500
    assert "answer of practice breaks patient-page" in caplog.text
    assert "receives_sms boolean_type" in caplog.text


def test_noted_rules_of_the_schemas_are_asserted(mappings: Path) -> None:
    faults = Schemas(mappings / "connective/schemas").faults("mrn", {"root": "MRN"})
    assert sorted(str(fault) for fault in faults) == [
        "extension: Field required",
        r"root: String should match ^[0-2](\.(0|[1-9]\d*))+$",
    ]
