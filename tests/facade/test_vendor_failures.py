"""Whatever the vendor does, the client gets an OperationOutcome with the right status."""

import pytest
from tests.facade.desk import JSON, Desk, issues_of, open_desk, vendor_that_answers
from tests.facade.examples import PATIENT, SEEDED, transaction


async def every_status(desk: Desk) -> set[int]:
    """The statuses of a read, a search and a create; each answer has issues."""
    answers = [
        await desk.ask("GET", f"Patient/{SEEDED}"),
        await desk.ask("GET", "Patient"),
        await desk.ask("POST", "Patient", PATIENT),
    ]
    assert all(issues_of(answer) for answer in answers)
    return {answer.status for answer in answers}


@pytest.mark.parametrize(
    ("status", "body", "kind", "expected"),
    [
        (500, b'{"detail": "boom"}', JSON, 502),
        (503, b"<html>busy</html>", "text/html", 502),
        (200, b"<html>hello</html>", "text/html", 502),
        (200, b"{", JSON, 502),
        (200, b"[]", JSON, 502),
        (200, b"null", JSON, 502),
        (200, b'{"data": 7, "id": {}}', JSON, 502),
        (200, b"\xff\xfe", JSON, 502),
        (302, b"", JSON, 502),
        (401, b'{"detail": "Not authenticated"}', JSON, 502),
        (403, b'{"detail": "Insufficient permissions"}', JSON, 502),
        (429, b'{"detail": "slow down"}', JSON, 503),
    ],
)
async def test_a_failing_vendor_is_not_the_clients_fault(
    status: int, body: bytes, kind: str, expected: int
) -> None:
    app = vendor_that_answers(status, body, kind, location="http://elsewhere.example/")
    assert await every_status(open_desk("practice", app)) == {expected}


async def test_a_throttling_vendor_tells_when_to_come_back() -> None:
    desk = open_desk("practice", vendor_that_answers(429, b"{}", retry_after="7"))
    answer = await desk.ask("GET", "Patient")
    assert (answer.status, answer.header("Retry-After")) == (503, "7")


async def test_a_vendor_whose_catalogue_fails_fails_what_needs_it_only() -> None:
    desk = open_desk("practice", vendor_that_answers(500, b"{}"))
    assert (await desk.ask("GET", f"Condition?patient={SEEDED}")).status == 502
    assert (await desk.ask("GET", "metadata")).status == 200


async def test_a_vendor_that_refuses_a_snapshot_leaves_nothing_behind() -> None:
    desk = open_desk("connective", vendor_that_answers(500, b'{"message": "no"}'))
    answer = await desk.ask("POST", "", transaction())
    assert answer.status == 502
    assert desk.store.snapshots == {}


async def test_a_write_without_a_clear_answer_is_not_told_to_have_failed() -> None:
    desk = open_desk("practice", vendor_that_answers(500, b"{}"))
    answer = await desk.ask("POST", "Patient", PATIENT)
    assert issues_of(answer) == [("error", "exception"), ("warning", "incomplete")]


async def test_a_refused_write_is_told_to_have_failed() -> None:
    desk = open_desk("practice", vendor_that_answers(422, b'{"detail": "no"}'))
    answer = await desk.ask("POST", "Patient", PATIENT)
    assert (answer.status, issues_of(answer)) == (422, [("error", "business-rule")])
