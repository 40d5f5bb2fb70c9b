"""What goes wrong at vendors that no code here knows is told in R4's words, and passes."""

import json
from collections.abc import Iterator

import pytest
from tests.acceptance.fifth.people import CONDITION, larkspur_person
from tests.acceptance.fifth.quill import API_KEY
from tests.acceptance.fifth.world import World, both_vendors

from portico import Json


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with both_vendors(tmp_path_factory.mktemp("fifth")) as world:
        yield world


@pytest.fixture
def world(running: World) -> World:
    running.quieten()
    return running


def test_a_change_behind_our_back_is_412(world: World) -> None:
    read = world.fhir.get("people/Patient/30")
    world.larkspur.intrudes = True
    changed = world.put({**read.json(), "gender": "other"}, "people", read.headers["etag"])
    assert changed.status_code == 412, changed.text
    assert world.larkspur.people[30].attributes["sex"] == larkspur_person(13)["sex"]


@pytest.mark.parametrize(
    ("connection", "logical_id", "family"),
    [("people", "31", "F" * 41), ("pens", "b32.obqxiorsgazdilzqgaydamzr", "Refused")],
)
def test_a_refusal_names_the_element_and_not_the_vendors_words(
    world: World, connection: str, logical_id: str, family: str
) -> None:
    patient = world.get(f"{connection}/Patient/{logical_id}")
    patient["name"][0]["family"] = family
    refused = world.put(patient, connection)
    (issue,) = refused.json()["issue"]
    assert (refused.status_code, issue["expression"]) == (422, ["Patient.name.family"])
    assert "Byron" not in refused.text


@pytest.mark.parametrize("path", ["people/Patient/32", "people/Patient", "pens/Patient"])
@pytest.mark.parametrize(
    ("mood", "lie", "status", "code"),
    [
        ("fails", None, 502, "exception"),
        ("babbles", None, 502, "exception"),
        ("lies", [], 502, "exception"),
        ("lies", {"ok": True, "data": {"id": "Byron"}}, 502, "exception"),
        ("lies", {"ok": False, "fault": {"reason": "ODD"}, "data": 7}, 502, "exception"),
        ("sleeps", None, 504, "timeout"),
    ],
)
def test_a_vendor_that_fails_is_told_as_an_outcome_and_the_next_request_works(
    world: World, path: str, mood: str, lie: Json, status: int, code: str
) -> None:
    for vendor in (world.larkspur, world.quill):
        vendor.mood.now, vendor.mood.lie = mood, lie
    outcome = world.get(path, status)
    assert outcome["resourceType"] == "OperationOutcome"
    assert [issue["code"] for issue in outcome["issue"]] == [code]
    assert "Byron" not in json.dumps(outcome)
    world.quieten()
    world.get(path)


def test_a_create_whose_answer_tells_no_key_says_that_it_took_effect(world: World) -> None:
    mood = world.larkspur.mood
    mood.now, mood.lie = "lies", {"data": {"type": "problem", "attributes": {"icd": "E11.9"}}}
    made = world.fhir.post(
        "people/Condition", json={**CONDITION, "subject": {"reference": "Patient/20"}}
    )
    assert made.status_code == 502, made.text
    first, second = made.json()["issue"]
    assert first["diagnostics"] == "problem: the vendor's record does not tell its key"
    assert (second["code"], "took effect" in second["diagnostics"]) == ("incomplete", True)


def test_a_token_that_ends_early_is_asked_for_once_more(world: World) -> None:
    world.get("people/Patient/33")
    given = world.larkspur.tokens_given
    world.larkspur.expire_tokens()
    world.quieten()
    assert world.get("people/Patient/33")["id"] == "33"
    assert world.larkspur.tokens_given == given + 1
    paths = [call.path.rpartition("/")[2] for call in world.larkspur.calls]
    assert paths == ["33", "token", "33"]


@pytest.mark.parametrize("path", ["locked-people/Patient/33", "locked-pens/Patient"])
def test_a_wrong_credential_is_502_and_never_the_clients_fault(world: World, path: str) -> None:
    assert [issue["code"] for issue in world.get(path, 502)["issue"]] == ["security"]


def test_the_log_holds_neither_secrets_nor_people(world: World) -> None:
    world.get("pens/Patient?identifier=https://quill.example/ref|pat:2024/000024")
    log = world.log.read_text(encoding="utf-8")
    assert "portico.access" in log
    for word in ("s3cret", "token-1", API_KEY, "k%2F1", "Fold", "Byron", "pat:2024", "Traceback"):
        assert word not in log
