"""A whole record goes to a vendor without reads in one call, and is readable afterwards."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.acceptance.conftest import Demo, Front, Start, free_port

from portico import Json

RECORD = Path(__file__).parents[1] / "cli" / "records" / "connective.patient-record.json"
TYPES = ("Patient", "Practitioner", "Condition", "MedicationRequest", "DocumentReference")


@pytest.fixture(scope="module")
def demo(start_demo: Start) -> Demo:
    """A demo of its own, to which nobody has sent this record before."""
    return start_demo("--port", str(free_port()), "--sandbox-port", str(free_port()))


def transaction() -> Json:
    """The contract's own example as a transaction that creates every resource."""
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "portico", "convert", "connective", "patient-record", RECORD,
         "--to", "fhir"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    bundle = json.loads(done.stdout)
    bundle["type"] = "transaction"
    for entry in bundle["entry"]:
        entry["request"] = {"method": "POST", "url": entry["resource"]["resourceType"]}
    return bundle


def test_a_transaction_is_one_call_that_equals_the_record(front: Callable[[str], Front]) -> None:
    network = front("connective")

    answer = network.fhir.post("", json=transaction())

    assert answer.status_code == 200, answer.text
    assert {entry["response"]["status"].split()[0] for entry in answer.json()["entry"]} == {"201"}
    (call,) = network.sandbox.calls()
    expected = json.loads(RECORD.read_text(encoding="utf-8"))
    del expected["batchId"]
    assert (call["method"], call["path"]) == ("POST", "/v2/patient-record")
    assert call["body"] == expected


def test_every_type_is_read_and_searched_afterwards(front: Callable[[str], Front]) -> None:
    network = front("connective")
    answer = network.fhir.post("", json=transaction()).json()
    network.sandbox.calls()

    patient = answer["entry"][0]["response"]["location"].split("/_history")[0].split("/")[-1]
    for name in TYPES:
        found = network.fhir.get(f"/{name}").json()
        entries = [entry["resource"] for entry in found["entry"]]
        assert {entry["resourceType"] for entry in entries} == {name}
        one = network.fhir.get(f"/{name}/{entries[0]['id']}")
        assert (one.status_code, one.json()) == (200, entries[0])
    for name in ("Condition", "MedicationRequest", "DocumentReference"):
        mine = network.fhir.get(f"/{name}?patient={patient}").json()
        assert mine["entry"]
        other = network.fhir.get(f"/{name}?patient=nobody").json()
        assert "entry" not in other
    assert network.sandbox.calls() == []
