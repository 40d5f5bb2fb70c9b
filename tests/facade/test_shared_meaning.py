"""What a record that is shared must not turn round: drugs, dosages, notes."""

import pytest
from tests.facade.desk import Desk, issues_of
from tests.facade.examples import transaction

from portico import Json


def with_entry(kind: str, **changes: Json) -> Json:
    """A transaction whose resource of this type says something else."""
    bundle = transaction()
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == kind:
            entry["resource"] |= changes
    return bundle


@pytest.mark.parametrize("status", ["preliminary", "entered-in-error"])
async def test_a_draft_or_withdrawn_note_is_not_shared(connective: Desk, status: str) -> None:
    bundle = with_entry("DocumentReference", docStatus=status)

    answer = await connective.ask("POST", "", bundle)

    assert (answer.status, issues_of(answer)) == (422, [("error", "business-rule")])
    assert await connective.calls() == []


async def test_a_note_of_another_type_is_not_shared_as_plain_text(connective: Desk) -> None:
    page = [{"attachment": {"contentType": "text/html", "data": "PGI+eDwvYj4="}}]

    answer = await connective.ask("POST", "", with_entry("DocumentReference", content=page))

    assert answer.status == 422
    assert await connective.calls() == []


async def test_half_of_a_dosage_is_not_shared(connective: Desk) -> None:
    halves = [{"text": "one in the morning"}, {"text": "two in the evening"}]

    answer = await connective.ask(
        "POST", "", with_entry("MedicationRequest", dosageInstruction=halves)
    )

    assert answer.status == 422
    assert await connective.calls() == []


async def test_an_order_whose_drug_the_record_cannot_say_is_not_shared(connective: Desk) -> None:
    drug = {"text": "the white tablets"}
    bundle = with_entry("MedicationRequest", medicationCodeableConcept=drug)

    answer = await connective.ask("POST", "", bundle)

    assert (answer.status, issues_of(answer)) == (422, [("error", "required")])
    assert await connective.calls() == []


@pytest.mark.parametrize("status", ["on-hold", "draft", "cancelled", "entered-in-error", "unknown"])
async def test_an_order_in_a_state_that_the_record_cannot_say_is_not_shared(
    connective: Desk, status: str
) -> None:
    answer = await connective.ask("POST", "", with_entry("MedicationRequest", status=status))

    assert answer.status == 422
    assert await connective.calls() == []


async def test_a_stopped_order_is_shared_as_not_active(connective: Desk) -> None:
    answer = await connective.ask("POST", "", with_entry("MedicationRequest", status="stopped"))

    (call,) = await connective.calls()
    assert answer.status == 200
    assert [drug["active"] for drug in call["body"]["medications"]] == [False]
