"""Drugs of a patient: one record is one drug, and a stopped one is never left as a taken one."""

from dataclasses import replace

import pytest
from tests.facade.desk import Desk, issues_of, matches_of, resource_of
from tests.facade.examples import SEEDED

from portico import Json
from portico.errors import Issue, VendorError
from portico.facade.dispatch import Facade
from portico.facade.ports import T, VendorPort
from portico.vendor.message import Exchange

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
WARFARIN = {"system": RXNORM, "code": "855332"}
DENTIST = "39db2ed2-db51-44c7-9c12-2b135395c1e3"
INGRID = "4331c88b-97cc-406f-a071-bbf17a88a65e"
MEDICATIONS = f"/api/v1/demo/patients/{SEEDED}/medications"


def order(status: str = "active", **elements: Json) -> dict[str, Json]:
    return {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"coding": [WARFARIN]},
        "subject": {"reference": f"Patient/{SEEDED}"},
        "requester": {"reference": f"Practitioner/{DENTIST}"},
        "dosageInstruction": [{"text": "5 mg at night"}],
        **elements,
    }


class Silent:
    """The vendor's port with conversations, counted from 1, that nobody answers."""

    def __init__(self, port: VendorPort, unanswered: tuple[int, ...]) -> None:
        self._port, self._unanswered, self._at = port, unanswered, 0

    async def run(self, exchange: Exchange[T]) -> T:
        self._at += 1
        if self._at in self._unanswered:
            exchange.close()
            raise VendorError(504, Issue("timeout", "no answer"), kind="timeout")
        return await self._port.run(exchange)


CATALOGUE, CREATE, UPDATE, ARCHIVE = range(1, 5)
"""The conversations of a create in two steps, where the second fails."""


def silent(desk: Desk, *conversations: int) -> Desk:
    ports = replace(desk.ports, vendor=Silent(desk.ports.vendor, conversations))
    return replace(desk, facade=Facade(desk.connection, ports))


async def writes(desk: Desk) -> list[tuple[str, str, Json]]:
    """The calls that change something, as method, path after the list's, and body."""
    calls = [one for one in await desk.calls() if one["method"] != "GET"]
    return [(one["method"], one["path"].removeprefix(MEDICATIONS), one["body"]) for one in calls]


async def kept(desk: Desk) -> list[Json]:
    """The vendor's records of the drug that these tests order, archived ones too."""
    records = (await desk.state())["medication"].values()
    return [
        one
        for one in records
        if one["patient"]["id"] == SEEDED and one.get("rx_cui") == WARFARIN["code"]
    ]


async def created(desk: Desk, resource: Json) -> Json:
    answer = await desk.ask("POST", "MedicationRequest", resource)
    assert answer.status == 201, resource_of(answer)
    await desk.calls()
    return resource_of(answer)


async def test_an_active_drug_is_one_request(practice: Desk) -> None:
    drug = await practice.ask("POST", "MedicationRequest", order())
    assert drug.status == 201
    (record,) = await kept(practice)
    assert record["status"] == "active"
    assert record["medication_definition"]["name"] == "Warfarin Sodium 5 MG Oral Tablet"
    assert [one[:2] for one in await writes(practice)] == [("POST", "")]


async def test_a_stopped_drug_is_created_and_then_stopped(practice: Desk) -> None:
    reason = {"text": "Bleeding."}
    answer = await practice.ask("POST", "MedicationRequest", order("stopped", statusReason=reason))
    assert answer.status == 201
    drug = resource_of(answer)
    assert (drug["status"], drug["statusReason"], drug["meta"]["versionId"]) == (
        "stopped",
        reason,
        "2",
    )
    (record,) = await kept(practice)
    assert (record["status"], record["discontinuation_reason"]) == ("discontinued", "Bleeding.")
    create, update = await writes(practice)
    assert create[:2] == ("POST", "")
    assert update == (
        "PATCH",
        f"/{record['id']}",
        {"status": "discontinued", "discontinuation_reason": "Bleeding.", "base_version": 1},
    )


async def test_a_stopped_drug_that_could_not_be_stopped_is_archived(practice: Desk) -> None:
    desk = silent(practice, UPDATE)
    answer = await desk.ask("POST", "MedicationRequest", order("stopped"))
    assert answer.status == 504
    assert issues_of(answer)[-1] == ("warning", "incomplete")
    assert "deleted again" in resource_of(answer)["issue"][-1]["diagnostics"]
    (record,) = await kept(practice)
    assert (record["status"], bool(record["deleted_at"])) == ("active", True)
    search = await practice.ask("GET", f"MedicationRequest?patient={SEEDED}&code=855332")
    assert matches_of(search) == []


async def test_a_drug_that_can_neither_be_stopped_nor_archived_is_told_of(practice: Desk) -> None:
    desk = silent(practice, UPDATE, ARCHIVE)
    answer = await desk.ask("POST", "MedicationRequest", order("completed"))
    assert answer.status == 504
    (record,) = await kept(practice)
    assert (record["status"], record["deleted_at"]) == ("active", None)
    search = await practice.ask("GET", f"MedicationRequest?patient={SEEDED}&code=855332")
    (left,) = matches_of(search)
    said = " ".join(issue["diagnostics"] for issue in resource_of(answer)["issue"])
    assert f"MedicationRequest/{left['id']}" in said
    assert "could not be deleted again" in said


async def test_create_read_search_update_conflict_delete(practice: Desk) -> None:
    drug = await created(practice, order("on-hold"))
    url = f"MedicationRequest/{drug['id']}"
    read = await practice.ask("GET", url)
    assert (read.status, resource_of(read), read.header("ETag")) == (200, drug, 'W/"2"')

    await practice.calls()
    query = f"MedicationRequest?patient={SEEDED}&status=on-hold,stopped&intent=order"
    found = [one["id"] for one in matches_of(await practice.ask("GET", query))]
    assert drug["id"] in found
    assert len(found) == 2
    (call,) = await practice.calls()
    assert (call["path"], call["query"]["is_active"]) == (MEDICATIONS, ["false"])

    changed = {**drug, "status": "active", "note": [{"text": "Restarted."}]}
    updated = await practice.ask("PUT", url, changed, if_match='W/"2"')
    assert (updated.status, updated.header("ETag")) == (200, 'W/"3"')
    body = {"status": "active", "patient_note": "Restarted.", "base_version": 2}
    assert [one[2] for one in await writes(practice)] == [body]

    stale = await practice.ask("PUT", url, drug, if_match='W/"2"')
    assert (stale.status, issues_of(stale)) == (412, [("error", "conflict")])
    assert await writes(practice) == []

    assert (await practice.ask("DELETE", url)).status == 204
    (record,) = await kept(practice)
    assert [one[:2] for one in await writes(practice)] == [("POST", f"/{record['id']}/archive")]
    assert record["deleted_at"]
    assert (await practice.ask("GET", url)).status in (404, 410)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=active", 2),
        ("status=stopped", 1),
        ("status=active,stopped", 3),
        ("status=draft", 0),
        ("intent=plan", 0),
        ("code=314076", 1),
        (f"code={RXNORM}|314076", 1),
        ("authoredon=ge2000-01-01", 4),
        ("authoredon=lt2000-01-01", 0),
    ],
)
async def test_searches_find_what_they_ask_for(practice: Desk, query: str, count: int) -> None:
    found = await practice.ask("GET", f"MedicationRequest?patient={SEEDED}&{query}")
    assert len(matches_of(found)) == count


async def test_another_drug_in_the_same_record_is_refused(practice: Desk) -> None:
    drug = await created(practice, order())
    other = {"coding": [{"system": RXNORM, "code": "314076"}]}
    answer = await practice.ask(
        "PUT", f"MedicationRequest/{drug['id']}", {**drug, "medicationCodeableConcept": other}
    )
    assert (answer.status, issues_of(answer)) == (422, [("error", "business-rule")])
    assert await writes(practice) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("draft", "no drafts"),
        ("cancelled", "never given"),
        ("entered-in-error", "archive the drug instead (DELETE)"),
        ("unknown", "whether the drug is taken"),
    ],
)
async def test_a_state_that_the_practice_lacks_is_refused(
    practice: Desk, status: str, said: str
) -> None:
    answer = await practice.ask("POST", "MedicationRequest", order(status))
    assert (answer.status, issues_of(answer)) == (422, [("error", "business-rule")])
    assert said in resource_of(answer)["issue"][0]["diagnostics"]
    assert await writes(practice) == []


async def test_a_requester_that_the_practice_does_not_know_is_refused(practice: Desk) -> None:
    nobody = {"reference": "Practitioner/00000000-0000-4000-8000-00000000ffff"}
    answer = await practice.ask("POST", "MedicationRequest", order(requester=nobody))
    assert answer.status >= 400
    assert await kept(practice) == []


async def test_what_is_lost_of_an_order_is_named(practice: Desk) -> None:
    answer = await practice.ask(
        "POST",
        "MedicationRequest",
        order(reasonCode=[{"text": "Atrial fibrillation"}]),
        prefer="return=OperationOutcome",
    )
    assert (answer.status, answer.header("Portico-Loss")) == (201, "1")
    assert ["MedicationRequest.reasonCode"] in [
        issue["expression"] for issue in resource_of(answer)["issue"]
    ]


async def test_a_requester_of_another_chart_is_left_out_and_named(practice: Desk) -> None:
    elsewhere = {"reference": "urn:uuid:0e99785d-8f2a-45c7-848c-d6b31d1aa50e"}
    answer = await practice.ask(
        "POST",
        "MedicationRequest",
        order(requester=elsewhere),
        prefer="return=OperationOutcome",
    )
    assert answer.status == 201
    assert ["MedicationRequest.requester"] in [
        issue["expression"] for issue in resource_of(answer)["issue"]
    ]
    (record,) = await kept(practice)
    assert record.get("provider") is None


@pytest.mark.parametrize(("status", "steps"), [("active", 1), ("on-hold", 2)])
async def test_what_the_vendor_warns_of_is_told(practice: Desk, status: str, steps: int) -> None:
    penicillin = {"coding": [{"system": RXNORM, "code": "834061"}]}
    drug = order(
        status,
        medicationCodeableConcept=penicillin,
        subject={"reference": f"Patient/{INGRID}"},
    )
    answer = await practice.ask("POST", "MedicationRequest", drug, prefer="return=OperationOutcome")
    assert (answer.status, answer.header("Portico-Warnings")) == (201, "1")
    assert issues_of(answer)[0] == ("warning", "business-rule")
    assert len([one for one in await practice.calls() if one["method"] != "GET"]) == steps
    harmless = await practice.ask("POST", "MedicationRequest", order())
    assert harmless.header("Portico-Warnings") is None
