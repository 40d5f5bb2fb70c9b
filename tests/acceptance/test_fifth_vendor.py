"""Vendors that no code here knows work by their folders of YAML alone, read and written live.

Larkspur (an OAuth 2 token, JSON:API nesting, PUT under If-Match, Link headers, children that do not
tell their parent) and Quill (an API key in the query, POST for everything, failures under 200, ids
with colon and slash, YYYYMMDD) resemble neither each other nor the vendors that come along.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.fifth.people import (
    CONDITION,
    CROWD,
    NUMBER,
    ada,
    larkspur_person,
    quill_patient,
    said,
)
from tests.acceptance.fifth.world import VARIABLES, World, both_vendors

from portico import Json


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with both_vendors(tmp_path_factory.mktemp("fifth")) as world:
        yield world


@pytest.fixture
def world(running: World) -> World:
    running.quieten()
    return running


def portico(*arguments: str, given: Json = None, cwd: Path) -> tuple[Json, str]:
    """What a command that succeeds prints."""
    done = subprocess.run(  # noqa: S603  the command under test
        [sys.executable, "-m", "portico", *arguments],
        cwd=cwd,
        input=json.dumps(given),
        capture_output=True,
        check=False,
        env={**os.environ, **VARIABLES},
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (json.loads(done.stdout) if done.stdout else None), done.stderr


def test_map_check_finds_nothing_in_the_folders(tmp_path: Path) -> None:
    assert portico("map", "check", "larkspur", "quill", cwd=tmp_path) == (
        None,
        "larkspur, quill: no findings\n",
    )


@pytest.mark.parametrize(
    ("vendor", "name", "record"),
    [
        ("larkspur", "person", {"type": "person", "id": 20, "attributes": larkspur_person(2)}),
        ("quill", "patient", {"ref": "pat:2024/000020", **quill_patient(2)}),
    ],
)
def test_convert_brings_a_record_to_fhir_and_back_without_a_change(
    vendor: str, name: str, record: Json, tmp_path: Path
) -> None:
    resource, _ = portico("convert", vendor, name, "--to", "fhir", given=record, cwd=tmp_path)
    assert resource["name"][0]["family"] == "Fold002"
    (tmp_path / "base.json").write_text(json.dumps(record), encoding="utf-8")
    back = ("convert", vendor, name, "--to", "vendor")
    assert portico(*back, "--base", "base.json", given=resource, cwd=tmp_path)[0] == {}
    made, _ = portico(*back, given=resource, cwd=tmp_path)
    assert made == said(record)


@pytest.mark.parametrize(
    ("connection", "types"), [("people", {"Patient", "Condition"}), ("pens", {"Patient"})]
)
def test_the_statement_tells_what_the_folder_maps(
    world: World, connection: str, types: set[str]
) -> None:
    (rest,) = world.get(f"{connection}/metadata")["rest"]
    offered = {
        each["type"]: {one["code"] for one in each["interaction"]} for each in rest["resource"]
    }
    assert offered.keys() == types
    assert offered["Patient"] >= {"read", "search-type", "create", "update", "delete"}


def test_larkspur_from_create_to_delete(world: World) -> None:
    sent = ada(address=[{"use": "home", "line": ["1 Ex Ln", "Flat 3"], "postalCode": "HR3"}])
    made = world.fhir.post("people/Patient", json=sent)
    assert made.status_code == 201, made.text
    patient, posted = made.json(), world.larkspur.calls[-2]
    number = int(patient["id"])
    assert (posted.method, posted.path) == ("POST", "/v3/tenants/north/people")
    assert world.larkspur.people[number].attributes == {
        "name": {"first": "Ada", "middle": ["Maria", "Jo"], "last": "Lovelace"},
        "birth": "1980-02-03",
        "sex": "F",
        "contacts": [{"kind": "mobile", "value": "+44 20 7946 0018"}],
        "residence": {"street": "1 Ex Ln\nFlat 3", "zip": "HR3"},
        "origin": {"system": "portico"},
    }
    read = world.fhir.get(f"people/Patient/{number}")
    assert (read.json(), read.headers["etag"]) == (patient, made.headers["etag"])

    patient["name"][0]["family"] = "King"
    changed = world.put(patient, "people", read.headers["etag"])
    assert (changed.status_code, changed.json()["name"][0]["family"]) == (200, "King")
    put = next(call for call in world.larkspur.calls if call.method == "PUT")
    assert put.headers["if-match"] == f'"r{number}x1"'
    assert world.larkspur.people[number].attributes["origin"] == {"system": "portico"}

    world.quieten()
    assert world.put(patient, "people", read.headers["etag"]).status_code == 412
    assert {call.method for call in world.larkspur.calls} == {"GET"}
    assert world.fhir.delete(f"people/Patient/{number}").status_code == 204
    assert number not in world.larkspur.people
    assert world.get(f"people/Patient/{number}", 404)["issue"][0]["code"] == "not-found"


def test_quill_from_create_to_delete(world: World) -> None:
    identifier = {"system": NUMBER, "value": "4711"}
    made = world.fhir.post("pens/Patient", json=ada(identifier=[identifier], active=True))
    assert made.status_code == 201, made.text
    ref = world.quill.calls[1].body["ref"]
    assert made.json()["id"].startswith("b32.")
    assert world.quill.patients[ref] == {
        "ref": ref,
        "no": "4711",
        "who": {"surname": "Lovelace", "forenames": "Ada Maria Jo"},
        "born": "19800203",
        "gender": "w",
        "active": "Y",
        "reach": {"tel": "+44 20 7946 0018"},
    }
    read = world.fhir.get(f"pens/Patient/{made.json()['id']}")
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])

    world.quieten()
    died = {**read.json(), "deceasedDateTime": "2024-01-01", "active": False}
    assert world.put(died, "pens", read.headers["etag"]).status_code == 200
    (saved,) = (call for call in world.quill.calls if call.path == "/rpc/patient.save")
    assert saved.body == {"ref": ref, "patient": {"alive": "N", "died": "20240101", "active": "N"}}

    world.quieten()
    assert world.put(died, "pens", read.headers["etag"]).status_code == 412
    assert {call.path for call in world.quill.calls} == {"/rpc/patient.get"}
    assert world.fhir.delete(f"pens/Patient/{died['id']}").status_code == 204
    assert ref in world.quill.removed
    assert world.get(f"pens/Patient/{died['id']}", 410)["issue"][0]["code"] == "deleted"


def test_a_child_that_does_not_tell_its_parent_has_an_id_and_a_subject(world: World) -> None:
    subject = {"subject": {"reference": "Patient/20"}}
    made = world.fhir.post("people/Condition", json=CONDITION | subject)
    assert (made.status_code, made.json()["id"]) == (201, "20-1"), made.text
    assert world.larkspur.problems[20, 1].attributes == {
        "icd": "E11.9",
        "label": "Type 2 diabetes",
        "state": "OPEN",
        "since": "2020-05-01",
    }
    assert world.get("people/Condition/20-1") == made.json()
    (entry,) = world.get("people/Condition?patient=Patient/20&code=E11.9")["entry"]
    assert entry["resource"] == made.json()
    assert made.json()["subject"] == subject["subject"]


def born(first: str, last: str) -> dict[str, str]:
    return {"filter[born_from]": first, "filter[born_to]": last}


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("family=Fold007", {"filter[last]": "Fold007"}),
        ("birthdate=1907-01-02", born("1907-01-02", "1907-01-02")),
        (
            "birthdate=ge1907-01&birthdate=lt1908&family=fold007",
            born("1907-01-01", "1907-12-31") | {"filter[last]": "fold007"},
        ),
    ],
)
def test_larkspur_is_asked_for_what_is_searched(
    world: World, query: str, asked: dict[str, str]
) -> None:
    found = world.get(f"people/Patient?{query}")["entry"]
    assert {each["resource"]["birthDate"] for each in found} == {"1907-01-02"}
    (call,) = world.larkspur.calls
    assert call.query == {**asked, "page[size]": "40"}


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("name=Fold007", {"text": "Fold007"}),
        (f"identifier={NUMBER}|N007", {"no": "N007"}),
        (
            "birthdate=1907-01-02&family=fold0",
            {"text": "fold0", "born": {"from": "19070102", "to": "19070102"}},
        ),
    ],
)
def test_quill_is_asked_for_what_is_searched(
    world: World, query: str, asked: dict[str, Json]
) -> None:
    (entry,) = world.get(f"pens/Patient?{query}")["entry"]
    assert entry["resource"]["name"][0]["family"] == "Fold007"
    (call,) = world.quill.calls
    assert (call.path, call.body["filter"]) == ("/rpc/patient.find", asked)


@pytest.mark.parametrize(
    ("connection", "system", "value"),
    [
        ("people", "https://larkspur.example/person", "24"),
        ("pens", "https://quill.example/ref", "pat:2024/000024"),
    ],
)
def test_an_identifier_that_is_the_key_is_one_read(
    world: World, connection: str, system: str, value: str
) -> None:
    (entry,) = world.get(f"{connection}/Patient?identifier={system}|{value}")["entry"]
    assert entry["resource"]["name"][0]["family"] == "Fold007"
    assert len([*world.larkspur.calls, *world.quill.calls]) == 1


@pytest.mark.parametrize("connection", ["people", "pens"])
def test_a_crowd_is_paged_without_a_gap(world: World, connection: str) -> None:
    names, sizes = [], []
    url: str | None = f"{connection}/Patient?_count=50"
    while url:
        page = world.get(url)
        sizes.append(len(page["entry"]))
        names += [each["resource"]["name"][0]["family"] for each in page["entry"]]
        url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
    assert sizes == [50, 50, CROWD - 100]
    assert names == [f"Fold{number:03}" for number in range(CROWD)]
    assert len([*world.larkspur.calls, *world.quill.calls]) <= 6
