"""Whatever is sent: the vendor's answer keeps its schema, which no 500 proves."""

import asyncio
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from portico import Json
from portico.document import dump, parse
from portico.sandbox.app import create_app

MAPPINGS = Path(__file__).parents[2] / "mappings"
JOSE = "00000000-0000-4000-8000-0000000000a1"
KEYS = {"authorization": "Bearer sandbox-token", "apikey": "sandbox-key"}
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SANDBOX = create_app(MAPPINGS)


def values(member: Json) -> SearchStrategy[Json]:
    """Make values that a member may take, and some that it may not."""
    ours = st.sampled_from(member["enum"]) if "enum" in member else WORDS
    dates = st.dates(date(1000, 1, 1)).map(str)
    times = st.datetimes(datetime(1000, 1, 1)).map(lambda each: f"{each.isoformat()}Z")  # noqa: DTZ001 - the zone is appended
    formats = {"date": dates, "date-time": times, "uuid": st.uuids().map(str)}
    return (
        ours | formats.get(member.get("format"), ours) | st.none() | st.integers() | st.booleans()
    )


def bodies(vendor: str, schema: str, **always: Json) -> SearchStrategy[Json]:
    file = MAPPINGS / vendor / "schemas" / f"{schema}.schema.json"
    members = {name: values(each) for name, each in parse(file.read_bytes())["properties"].items()}
    return st.fixed_dictionaries({}, optional=members).map(lambda body: body | always)


def send(method: str, path: str, body: Json) -> int:
    async def call() -> int:
        transport = httpx.ASGITransport(app=SANDBOX)
        async with httpx.AsyncClient(transport=transport, headers=KEYS) as client:
            url = f"http://sandbox/sandbox/{path}"
            return (await client.request(method, url, content=dump(body))).status_code

    return asyncio.run(call())


@given(bodies("practice", "patient-create", first_name="A", last_name="B"))
def test_practice_patients(body: Json) -> None:
    assert send("POST", "practice/api/v1/x/patients", body) in {201, 404, 409, 422}


@given(bodies("practice", "patient-update", base_version=4))
def test_practice_patient_changes(body: Json) -> None:
    path = f"practice/api/v1/x/patients/{JOSE}"
    assert send("PATCH", path, body) in {200, 404, 409, 422}


@given(bodies("practice", "disease-create"))
def test_practice_problems(body: Json) -> None:
    path = f"practice/api/v1/x/patients/{JOSE}/diseases"
    assert send("POST", path, body) in {201, 404, 422}


@given(bodies("practice", "vital-signs-create", date_taken="2025-01-02"))
def test_practice_readings(body: Json) -> None:
    path = f"practice/api/v1/x/patients/{JOSE}/vital-signs"
    assert send("POST", path, body) in {201, 404, 422}


@given(bodies("practice", "allergy-create"))
def test_practice_allergies(body: Json) -> None:
    path = f"practice/api/v1/x/patients/{JOSE}/allergies"
    assert send("POST", path, body) in {201, 404, 422}


@given(bodies("practice", "relationship-create", to_patient_uuid=JOSE))
def test_practice_relationships(body: Json) -> None:
    path = f"practice/api/v1/x/patients/{JOSE}/relationships"
    assert send("POST", path, body) in {201, 422}


@given(bodies("practice", "alert-definition-create", name="A"))
def test_practice_alert_definitions(body: Json) -> None:
    assert send("POST", "practice/api/v1/x/patient-alert-definitions", body) in {201, 422}


@given(bodies("connective", "patient-record-request"))
def test_connective_records(body: Json) -> None:
    assert send("POST", "connective/v2/patient-record", body) in {200, 400}


@pytest.mark.parametrize("cursor", ["", "W10", "bnVsbA", "WyJmaXJzdF9uYW1lIiwiYXNjIl0", "é", "%"])
def test_cursors(cursor: str) -> None:
    assert send("GET", f"practice/api/v1/x/patients/cursor?after={cursor}", None) == 422
