"""What is taken for an answer, and what is refused as garbage."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.errors import VendorError
from portico.vendor.exchange import act, create, read
from portico.vendor.message import Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Hold = Callable[..., tuple[list[Any], Any]]
Load = Callable[..., Vendor]

FILE = """
    portico: 1
    vendor: v
    objects:
      thing:
        key: id
        schema: thing.schema.json
        read: {request: "GET /things/{id}", absent: {status: [204], empty: yes}}
        create: {request: POST /things, answer: {key: new.id}}
        actions:
          send: {request: POST /send, answer: receipt}
          burn: {request: POST /burn, answer: none, expect: {ok: true}, success: [200]}
"""
SCHEMA = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]$"},
        "name": {"oneOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "parts": {"type": "array", "items": {"type": "object", "required": ["n"]}},
    },
    "additionalProperties": False,
}


@pytest.fixture
def vendor(load: Load) -> Vendor:
    return load(FILE, thing=SCHEMA)


@pytest.mark.parametrize(
    "record",
    [
        {"id": "x", "name": None},
        {"id": "x", "name": "A", "new member": 1},
        {"id": "x", "name": "A", "kind": "c"},
    ],
)
def test_drift_that_no_mapping_can_misread_passes(
    vendor: Vendor, answer: Answer, hold: Hold, record: dict[str, Any]
) -> None:
    assert hold(read(vendor, "thing", {"id": "x"}), answer(record))[1] == record


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"id": "x"}, "/ lacks name"),
        ({"id": 1, "name": "Ada"}, "/id is of another type"),
        ({"id": "x", "name": ["Ada"]}, "/name is of another type"),
        ({"id": "x", "name": "Ada", "parts": [{"n": 1}, {}]}, "/parts/1 lacks n"),
    ],
)
def test_a_missing_member_or_another_type_is_garbage_and_named_without_its_value(
    vendor: Vendor, answer: Answer, hold: Hold, record: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(read(vendor, "thing", {"id": "x"}), answer(record))
    assert (failure.value.status, failure.value.kind) == (502, "garbage")
    assert complaint in str(failure.value)
    assert "Ada" not in str(failure.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"id": "x", "na',
        b'{"id": "x", "id": "y"}',
        b"[1]",
        b'"text"',
        b"\xff",
        b"[" * 99,
    ],
)
def test_what_is_not_a_record_is_garbage(
    vendor: Vendor, answer: Answer, hold: Hold, body: bytes
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(read(vendor, "thing", {"id": "x"}), answer(body))
    assert (failure.value.status, failure.value.kind) == (502, "garbage")


@pytest.mark.parametrize(("body", "status"), [(b"", 204), ({}, 200), (None, 200)])
def test_a_vendor_may_say_in_other_ways_that_nothing_is_there(
    vendor: Vendor, answer: Answer, hold: Hold, body: object, status: int
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(read(vendor, "thing", {"id": "x"}), answer(body, status))
    assert failure.value.status == 404


def test_decimals_keep_their_digits(vendor: Vendor, answer: Answer, hold: Hold) -> None:
    body = b'{"id": "x", "name": null, "dose": 1.10}'
    _, record = hold(read(vendor, "thing", {"id": "x"}), answer(body))
    assert str(record["dose"]) == "1.10"


def test_an_answer_that_tells_only_the_key_is_followed_by_a_read(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    record = {"id": "x", "name": "A"}
    told = answer({"new": {"id": "x"}}, 201)
    asked, created = hold(create(vendor, "thing", {}, {"name": "A"}), told, answer(record))
    assert [request.path for request in asked] == ["/things", "/things/x"]
    assert created == record


def test_an_answer_that_should_tell_the_key_and_does_not_is_garbage(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(create(vendor, "thing", {}, {}), answer({"new": {}}))
    assert failure.value.kind == "garbage"


def test_a_receipt_is_not_held_against_the_objects_schema(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    _, receipt = hold(act(vendor, "thing", "send", {}), answer({"ticket": "t1"}))
    assert receipt == {"ticket": "t1"}


def test_a_success_that_says_it_was_none_is_a_failure(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    assert hold(act(vendor, "thing", "burn", {}), answer({"ok": True}))[1] is None
    with pytest.raises(VendorError) as failure:
        hold(act(vendor, "thing", "burn", {}), answer({"ok": False}))
    assert (failure.value.status, failure.value.kind) == (502, "failure")


def test_what_every_answer_must_say_is_said_once(load: Load, answer: Answer, hold: Hold) -> None:
    vendor = load("""
        portico: 1
        vendor: v
        defaults: {expect: {ok: true}, unwrap: it}
        objects: {thing: {key: id, read: "GET /things/{id}"}}
    """)
    good = answer({"ok": True, "it": {"id": "1"}})
    assert hold(read(vendor, "thing", {"id": "1"}), good)[1] == {"id": "1"}
    with pytest.raises(VendorError) as failure:
        hold(read(vendor, "thing", {"id": "1"}), answer({"ok": False, "it": {"id": "1"}}))
    assert failure.value.kind == "failure"


def test_only_the_declared_statuses_are_a_success(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    with pytest.raises(VendorError):
        hold(act(vendor, "thing", "burn", {}), answer({"ok": True}, 202))
