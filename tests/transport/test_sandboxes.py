"""The four vendors' connection files against their sandboxes: what is asked, and what comes."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from portico import document
from portico.errors import VendorError
from portico.sandbox.app import create_app
from portico.transport.http import HttpTransport
from portico.vendor import exchange
from portico.vendor.connecting import complete_settings
from portico.vendor.connection_file import load_vendor

MAPPINGS = Path(__file__).parents[2] / "mappings"


class Connection:
    """One vendor at its sandbox: `do(read, "patient", id=…)`."""

    def __init__(self, name: str, client: httpx.AsyncClient, **settings: str) -> None:
        self.vendor = load_vendor(MAPPINGS / name)
        published = document.parse((MAPPINGS / name / "sandbox/connection.json").read_bytes())
        given = {**published, "base_url": f"http://sandbox/sandbox/{name}", **settings}
        self.values = complete_settings(self.vendor, given)
        self.client = client
        credential = self.vendor.credential
        base = self.values["base_url"]
        self.transport = HttpTransport(base, credential, self.values, client, time.time)

    async def do(
        self, conversation: Callable[..., Any], name: str, *more: object, **key: str
    ) -> Any:  # noqa: ANN401 records and pages
        return await self.transport.run(conversation(self.vendor, name, self.with_key(key), *more))

    async def act(self, name: str, action: str, body: object, **key: str) -> Any:  # noqa: ANN401 a record
        conversation = exchange.act(self.vendor, name, action, self.with_key(key), body)
        return await self.transport.run(conversation)

    def with_key(self, key: Mapping[str, str]) -> dict[str, str]:
        return self.values | {member.replace("__", "."): value for member, value in key.items()}

    async def asked(self) -> list[dict[str, Any]]:
        """The calls that reached the vendor since the last look, without tokens' requests."""
        response = await self.client.get("http://sandbox/sandbox/_log")
        await self.client.delete("http://sandbox/sandbox/_log")
        body = document.parse(response.content)
        calls = body if isinstance(body, list) else body["calls"]
        return [call for call in calls if call["path"] not in {"/auth", "/jwt"}]


Connect = Callable[..., Connection]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    transport = httpx.ASGITransport(create_app(MAPPINGS))
    async with httpx.AsyncClient(transport=transport) as client:
        yield lambda name, **settings: Connection(name, client, **settings)


async def pages(connection: Connection, name: str, size: int, **key: str) -> list[list[Any]]:
    found, cursor = [], None
    while True:
        page = await connection.do(exchange.search, name, (), cursor, size, **key)
        found.append(list(page.records))
        cursor = page.cursor
        if cursor is None:
            return found


async def test_practice_patients_are_paged_by_cursor(connect: Connect) -> None:
    practice = connect("practice")
    found = await pages(practice, "patient", 10)
    assert [len(page) for page in found][:-1] == [10, 10]
    ids = [record["id"] for page in found for record in page]
    assert len(set(ids)) == len(ids) >= 25
    assert {call["path"] for call in await practice.asked()} == {"/api/v1/demo/patients/cursor"}


async def test_a_practice_patient_lives_and_is_archived(connect: Connect) -> None:
    practice = connect("practice")
    body = {"first_name": "Ann", "last_name": "Novak", "date_of_birth": "1990-02-03"}
    made = await practice.do(exchange.create, "patient", body, str(uuid4()))
    change = {"preferred_name": "Annie", "base_version": made["version"]}
    changed = await practice.do(exchange.update, "patient", change, id=made["id"])
    assert (changed["preferred_name"], changed["version"]) == ("Annie", made["version"] + 1)
    with pytest.raises(VendorError) as stale:
        await practice.do(exchange.update, "patient", change, id=made["id"])
    assert stale.value.kind == "version-conflict"
    step = {"new_status": "inactive", "base_version": changed["version"]}
    moved = await practice.act("patient", "transition-status", step, id=made["id"])
    assert moved["status"] == "inactive"
    await practice.do(exchange.delete, "patient", id=made["id"])
    with pytest.raises(VendorError) as gone:
        await practice.do(exchange.read, "patient", id=made["id"])
    assert gone.value.status == 410


async def test_a_repeated_idempotency_key_is_told_apart_from_other_conflicts(
    connect: Connect,
) -> None:
    practice = connect("practice")
    body = {"first_name": "Ann", "last_name": "Novak"}
    await practice.do(exchange.create, "patient", body, "once")
    with pytest.raises(VendorError) as repeated:
        await practice.do(exchange.create, "patient", body, "once")
    assert repeated.value.kind == "idempotency-conflict"


async def test_a_practice_refusal_names_the_member(connect: Connect) -> None:
    with pytest.raises(VendorError) as refused:
        await connect("practice").do(exchange.create, "patient", {"first_name": "Ann"})
    assert (refused.value.status, refused.value.members) == (422, ("last_name",))


@pytest.mark.parametrize("key", ["not-a-uuid", "00000000-0000-0000-0000-000000000000"])
async def test_an_unknown_practice_key_is_not_found(connect: Connect, key: str) -> None:
    practice = connect("practice")
    for conversation, name, values in (
        (exchange.read, "patient", {"id": key}),
        (exchange.search, "disease", {"patient__id": key}),
        (exchange.read, "disease", {"patient__id": key, "id": key}),
    ):
        with pytest.raises(VendorError) as missing:
            await practice.do(conversation, name, **values)
        assert missing.value.status == 404


async def test_a_practice_problem_is_found_in_its_patients_list(connect: Connect) -> None:
    practice = connect("practice")
    terms = await practice.do(exchange.catalogue, "diseases")
    patient = (await pages(practice, "patient", 1))[0][0]
    body = {"disease_definition_uuid": terms[0].key}
    made = await practice.do(exchange.create, "disease", body, patient__id=patient["id"])
    key = {"patient__id": patient["id"], "id": made["id"]}
    assert await practice.do(exchange.read, "disease", **key) == made
    await practice.do(exchange.delete, "disease", **key)
    with pytest.raises(VendorError) as gone:
        await practice.do(exchange.read, "disease", **key)
    assert gone.value.status == 404


async def test_a_practice_catalogue_has_standard_and_local_codes(connect: Connect) -> None:
    terms = await connect("practice").do(exchange.catalogue, "diseases")
    systems = {system for term in terms for system, _, _ in term.codings}
    assert systems == {
        "http://hl7.org/fhir/sid/icd-10-cm",
        "http://snomed.info/sct",
        "https://practice.example/disease-definition",
    }


async def test_particle_ids_are_read_one_by_one_and_only_those_of_the_page(
    connect: Connect,
) -> None:
    particle = connect("particle")
    found = await pages(particle, "patient", 60)
    assert [len(page) for page in found] == [60, 60, 60, 20, 20]
    calls = await particle.asked()
    lists = [call for call in calls if call["path"] == "/api/v1/patients"]
    assert (len(calls) - len(lists), len(lists)) == (220, 5)


async def test_a_particle_patient_is_upserted_with_the_connections_purpose(
    connect: Connect,
) -> None:
    particle = connect("particle", purpose_of_use="OPERATIONS")
    known = (await pages(particle, "patient", 1))[0][0]
    await particle.asked()
    body = {**known, "telephone": "952-555-0100"}
    assert await particle.do(exchange.update, "patient", body) == body
    (call,) = await particle.asked()
    assert (call["method"], call["body"]["purpose_of_use"]) == ("POST", "OPERATIONS")
    assert await particle.do(exchange.delete, "patient", patient_id=known["patient_id"]) is None
    with pytest.raises(VendorError) as missing:
        await particle.do(exchange.read, "patient", patient_id=known["patient_id"])
    assert missing.value.status == 404


async def test_a_heidi_profile_lives_and_is_deleted_in_a_batch_of_one(connect: Connect) -> None:
    heidi = connect("heidi")
    made = await heidi.do(
        exchange.create, "patient-profile", {"first_name": "Zoe", "ehr_patient_id": "E-9"}
    )
    query = (("ehr_patient_id", "E-9"),)
    found = await heidi.do(exchange.search, "patient-profile", query)
    assert [record["id"] for record in found.records] == [made["id"]]
    changed = await heidi.do(
        exchange.update, "patient-profile", {"last_name": "Lee"}, id=made["id"]
    )
    assert changed["last_name"] == "Lee"
    await heidi.asked()
    await heidi.do(exchange.delete, "patient-profile", id=made["id"])
    (call,) = await heidi.asked()
    assert (call["method"], call["path"]) == ("DELETE", "/patient-profiles:batch-delete")
    assert call["body"] == {"patient_profile_ids": [made["id"]]}
    with pytest.raises(VendorError) as missing:
        await heidi.do(exchange.read, "patient-profile", id=made["id"])
    assert missing.value.status == 404


async def test_a_connective_record_is_answered_with_a_receipt(connect: Connect) -> None:
    connective = connect("connective")
    example = MAPPINGS / "connective/golden/patient-record/contract-example.vendor.json"
    record = document.parse(example.read_bytes())
    receipt = await connective.do(exchange.create, "patient-record", record)
    assert set(receipt) == {"correlationId"}
    (call,) = await connective.asked()
    assert (call["method"], call["path"]) == ("POST", "/v2/patient-record")
    assert call["body"] == record


@pytest.mark.parametrize(
    ("name", "wrong", "thing"),
    [
        ("practice", {"token": "x"}, "patient"),
        ("particle", {"client_secret": "x"}, "patient"),
        ("heidi", {"api_key": "x"}, "patient-profile"),
    ],
)
async def test_a_wrong_credential_is_502_and_never_401(
    connect: Connect, name: str, wrong: dict[str, str], thing: str
) -> None:
    with pytest.raises(VendorError) as refused:
        await connect(name, **wrong).do(exchange.search, thing)
    assert (refused.value.status, refused.value.kind) == (502, "credential")
