"""A vendor without reads: one transaction is one record, and what was sent is readable."""

import asyncio
from dataclasses import replace

import pytest
from tests.facade.desk import BASE, Desk, issues_of, matches_of, outcomes_of, resource_of
from tests.facade.examples import golden, transaction

from portico import Json
from portico.document import copy, dump, parse
from portico.facade.message import FhirResponse

TYPES = ["Patient", "Practitioner", "Condition", "MedicationRequest", "DocumentReference"]


def another_condition(bundle: Json) -> Json:
    """A Condition entry like the Bundle's first, of another code."""
    entry = copy(next(one for one in bundle["entry"] if _type(one) == "Condition"))
    entry["fullUrl"] = "urn:uuid:0d0b9c8c-91f8-4dd6-9c9c-6a8b5a3f0a01"
    entry["resource"]["code"]["coding"][0] |= {"code": "I10", "display": "Hypertension"}
    return entry


def _type(entry: Json) -> str:
    return str(entry["resource"]["resourceType"])


def responses(answer: FhirResponse) -> list[Json]:
    return [entry["response"] for entry in resource_of(answer)["entry"]]


def places(answer: FhirResponse) -> list[str]:
    """Where each entry is now: `Type/id`, in the order of the request."""
    return [one["location"].partition("/_history/")[0] for one in responses(answer)]


async def test_a_transaction_is_one_post_of_the_whole_record(connective: Desk) -> None:
    answer = await connective.ask("POST", "", transaction())
    assert answer.status == 200
    (call,) = await connective.calls()
    assert (call["method"], call["path"]) == ("POST", "/v2/patient-record")
    assert call["body"] == {
        name: value
        for name, value in golden("contract-example", "vendor").items()
        if name != "batchId"
    }


async def test_the_answer_has_each_entry_in_its_order(connective: Desk) -> None:
    bundle = transaction()
    bundle["entry"].reverse()
    answer = await connective.ask("POST", "", bundle)
    said = resource_of(answer)
    assert said["type"] == "transaction-response"
    assert [one["status"] for one in responses(answer)] == ["201 Created"] * 5
    assert [place.split("/")[0] for place in places(answer)] == list(map(_type, bundle["entry"]))


async def test_what_was_sent_is_read_with_the_version_that_was_told(connective: Desk) -> None:
    answer = await connective.ask("POST", "", transaction())
    for said in responses(answer):
        read = await connective.ask("GET", said["location"])
        assert (read.status, read.header("ETag")) == (200, said["etag"])
    assert len(await connective.calls()) == 1


async def test_references_lead_to_the_assigned_ids(connective: Desk) -> None:
    answer = await connective.ask("POST", "", transaction())
    by_type = dict(zip(TYPES, places(answer), strict=True))
    condition = resource_of(await connective.ask("GET", by_type["Condition"]))
    assert condition["subject"] == {"reference": by_type["Patient"]}
    patient = resource_of(await connective.ask("GET", by_type["Patient"]))
    assert patient["generalPractitioner"] == [{"reference": by_type["Practitioner"]}]


@pytest.mark.parametrize(
    "query",
    [
        "Patient?identifier=urn:oid:1.2.3.4|ABC123",
        "Patient?family=johnson&birthdate=1992-04-09",
        "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1414912117",
        "Condition?clinical-status=active&code=E66.01",
        "MedicationRequest?status=active&intent=order",
        "DocumentReference?type=http://loinc.org|11506-3",
    ],
)
async def test_every_type_is_searched(connective: Desk, query: str) -> None:
    await connective.ask("POST", "", transaction())
    found = await connective.ask("GET", query)
    assert [one["resourceType"] for one in matches_of(found)] == [query.partition("?")[0]]
    assert resource_of(found)["total"] == 1


async def test_a_search_by_patient_finds_that_patients_only(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    other = transaction()
    other["entry"][0]["resource"]["identifier"][0]["value"] = "DEF456"
    second = await connective.ask("POST", "", other)
    for answer in (first, second):
        patient = places(answer)[0]
        found = await connective.ask("GET", f"Condition?patient={patient}")
        assert [f"Condition/{one['id']}" for one in matches_of(found)] == [places(answer)[2]]


async def test_a_second_snapshot_keeps_the_ids_of_what_stayed(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"].append(another_condition(bundle))
    second = await connective.ask("POST", "", bundle)
    assert places(second)[:5] == places(first)
    statuses = [one["status"] for one in responses(second)]
    assert statuses == ["200 OK"] * 5 + ["201 Created"]


async def test_a_changed_patient_keeps_the_id_and_gets_a_new_version(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"][0]["resource"]["birthDate"] = "1992-04-10"
    second = await connective.ask("POST", "", bundle)
    assert places(second)[0] == places(first)[0]
    assert responses(second)[0]["etag"] != responses(first)[0]["etag"]


async def test_another_practitioner_is_another_resource(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"][1]["resource"]["identifier"][0]["value"] = "1972509990"
    second = await connective.ask("POST", "", bundle)
    assert places(second)[1] != places(first)[1]
    assert (await connective.ask("GET", places(first)[1])).status == 404


async def test_what_the_second_snapshot_leaves_out_is_no_longer_there(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    del bundle["entry"][2]
    await connective.ask("POST", "", bundle)
    assert (await connective.ask("GET", places(first)[2])).status == 404


async def test_a_put_names_the_id_it_continues(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"][2]["resource"]["recordedDate"] = "2023-01-01"
    place = places(first)[2]
    bundle["entry"][2]["resource"]["id"] = place.split("/")[1]
    bundle["entry"][2]["request"] = {"method": "PUT", "url": place}
    second = await connective.ask("POST", "", bundle)
    assert places(second)[2] == place
    assert responses(second)[2]["status"] == "200 OK"


async def test_a_put_of_a_stale_version_is_refused_before_anything_is_sent(
    connective: Desk,
) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    place = places(first)[2]
    bundle["entry"][2]["resource"]["id"] = place.split("/")[1]
    bundle["entry"][2]["request"] = {"method": "PUT", "url": place, "ifMatch": 'W/"older"'}
    await connective.calls()
    answer = await connective.ask("POST", "", bundle)
    assert answer.status == 412
    assert await connective.calls() == []


async def test_the_id_of_another_patients_resource_is_a_conflict(connective: Desk) -> None:
    first = await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"][0]["resource"]["identifier"][0]["value"] = "DEF456"
    place = places(first)[2]
    bundle["entry"][2]["resource"]["id"] = place.split("/")[1]
    bundle["entry"][2]["request"] = {"method": "PUT", "url": place}
    assert (await connective.ask("POST", "", bundle)).status == 409


async def test_the_patient_of_a_record_keeps_one_id(connective: Desk) -> None:
    await connective.ask("POST", "", transaction())
    bundle = transaction()
    bundle["entry"][0]["resource"]["id"] = "another"
    bundle["entry"][0]["request"] = {"method": "PUT", "url": "Patient/another"}
    await connective.calls()
    assert (await connective.ask("POST", "", bundle)).status == 409
    assert await connective.calls() == []


async def test_entries_find_their_places_where_the_vendor_groups_them(connective: Desk) -> None:
    bundle = transaction("two-groups-one-inactive")
    drugs = [one for one in bundle["entry"] if _type(one) == "MedicationRequest"]
    rest = [one for one in bundle["entry"] if _type(one) != "MedicationRequest"]
    mixed = [drugs[0], *rest, *reversed(drugs[1:])]
    answer = await connective.ask("POST", "", {**bundle, "entry": mixed})
    for entry, place in zip(mixed, places(answer), strict=True):
        if _type(entry) == "MedicationRequest":
            read = resource_of(await connective.ask("GET", place))
            assert (
                read["medicationCodeableConcept"] == entry["resource"]["medicationCodeableConcept"]
            )
            assert read["status"] == entry["resource"]["status"]


async def test_the_vendors_mark_is_kept_beside_the_record(connective: Desk) -> None:
    await connective.ask("POST", "", transaction())
    (snapshot,) = connective.store.snapshots.values()
    assert snapshot.correlation_id is not None


async def test_a_conditional_reference_means_the_entry_that_fits(connective: Desk) -> None:
    bundle = transaction()
    npi = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1414912117"
    bundle["entry"][0]["resource"]["generalPractitioner"] = [{"reference": npi}]
    assert (await connective.ask("POST", "", bundle)).status == 200


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("DELETE", "Condition/1"),
        ("GET", "Condition"),
        ("POST", "Condition/1"),
        ("PUT", "Patient/1"),
    ],
)
async def test_an_entry_that_is_no_write_of_its_type_refuses_all(
    connective: Desk, method: str, url: str
) -> None:
    bundle = transaction()
    bundle["entry"][2]["request"] = {"method": method, "url": url}
    answer = await connective.ask("POST", "", bundle)
    assert answer.status == 422
    expressions = [issue["expression"] for issue in resource_of(answer)["issue"]]
    assert expressions == [["Bundle.entry[2]"]]
    assert await connective.calls() == []


async def test_a_type_that_the_record_does_not_hold_refuses_all(connective: Desk) -> None:
    bundle = transaction()
    extra = {
        "fullUrl": "urn:uuid:3d4fa7c8-0f5f-4d52-93f4-4c6f1f0c2e11",
        "resource": {"resourceType": "Location", "name": "Jamaica Plain"},
        "request": {"method": "POST", "url": "Location"},
    }
    bundle["entry"].append(extra)
    answer = await connective.ask("POST", "", bundle)
    assert (answer.status, issues_of(answer)) == (422, [("error", "not-supported")])
    assert await connective.calls() == []


async def test_a_reference_to_nothing_refuses_all(connective: Desk) -> None:
    bundle = transaction()
    nowhere = "urn:uuid:6e0a5bd6-6d3b-4f39-8a3f-1a2b3c4d5e6f"
    bundle["entry"][2]["resource"]["subject"]["reference"] = nowhere
    answer = await connective.ask("POST", "", bundle)
    assert (answer.status, issues_of(answer)) == (422, [("error", "not-found")])


async def test_a_patient_without_an_identifier_is_nobodys_record(connective: Desk) -> None:
    bundle = transaction()
    del bundle["entry"][0]["resource"]["identifier"]
    assert (await connective.ask("POST", "", bundle)).status == 422


async def test_what_the_vendor_refuses_is_not_kept(connective: Desk) -> None:
    desk = connective
    answer = await desk.ask("POST", "", transaction("only-who") | {"type": "batch"})
    assert answer.status == 501
    assert desk.store.snapshots == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_single_writes_are_not_offered(connective: Desk, method: str) -> None:
    url = "Condition" if method == "POST" else "Condition/1"
    answer = await connective.ask(method, url, transaction()["entry"][2]["resource"])
    assert (answer.status, answer.header("Allow")) == (405, "GET")


async def test_pages_of_a_search_hold_each_match_once(connective: Desk) -> None:
    for number in range(7):
        bundle = transaction()
        bundle["entry"].append(another_condition(bundle))
        bundle["entry"][0]["resource"]["identifier"][0]["value"] = f"P{number}"
        await connective.ask("POST", "", bundle)
    seen: list[str] = []
    url: str | None = f"{BASE}/Condition?_count=3"
    while url:
        answer = await connective.ask("GET", url)
        assert len(matches_of(answer)) <= 3
        seen += [one["id"] for one in matches_of(answer)]
        links = {one["relation"]: one["url"] for one in resource_of(answer)["link"]}
        url = links.get("next")
    assert (len(seen), len(set(seen))) == (14, 14)


async def test_a_count_of_zero_tells_the_total(connective: Desk) -> None:
    await connective.ask("POST", "", transaction())
    answer = await connective.ask("GET", "Condition?_count=0")
    assert (matches_of(answer), resource_of(answer)["total"]) == ([], 1)


async def test_metadata_declares_the_transaction(connective: Desk) -> None:
    rest = resource_of(await connective.ask("GET", "metadata"))["rest"][0]
    assert rest["interaction"] == [{"code": "transaction"}]
    assert [one["type"] for one in rest["resource"]] == TYPES


async def test_preferring_an_outcome_shows_what_was_lost_of_each_entry(connective: Desk) -> None:
    bundle = transaction()
    bundle["entry"][2]["resource"]["onsetDateTime"] = "2020-01-01"
    answer = await connective.ask("POST", "", bundle, prefer="return=OperationOutcome")
    assert answer.header("Portico-Loss") == "1"
    said = responses(answer)[2]["outcome"]["issue"]
    assert ["Bundle.entry[2].resource.onsetDateTime"] in [one.get("expression") for one in said]


async def test_a_kept_record_that_reads_otherwise_now_gives_no_wrong_ids(
    connective: Desk,
) -> None:
    answer = await connective.ask("POST", "", transaction())
    ((place, snapshot),) = connective.store.snapshots.items()
    fewer = replace(snapshot, entries=snapshot.entries[:-1])
    connective.store.snapshots[place] = fewer
    assert (await connective.ask("GET", places(answer)[0])).status == 503
    found = await connective.ask("GET", "Patient")
    assert (found.status, matches_of(found), outcomes_of(found)) == (200, [], ["no-store"])
    again = await connective.ask("POST", "", transaction())
    assert {one["status"] for one in responses(again)} == {"201 Created"}


async def test_a_full_url_of_this_server_is_resolved(connective: Desk) -> None:
    bundle = transaction()
    patient = bundle["entry"][0]
    old, new = patient["fullUrl"], f"{BASE}/Patient/my-patient"
    text = dump(bundle).decode().replace(old, new)
    bundle = parse(text)
    bundle["entry"][0]["resource"]["id"] = "my-patient"
    bundle["entry"][0]["request"] = {"method": "PUT", "url": "Patient/my-patient"}
    answer = await connective.ask("POST", "", bundle)
    assert places(answer)[0] == "Patient/my-patient"
    condition = resource_of(await connective.ask("GET", places(answer)[2]))
    assert condition["subject"]["reference"] == "Patient/my-patient"


async def test_saying_that_an_order_is_to_be_performed_loses_nothing(connective: Desk) -> None:
    bundle = transaction()
    orders = [one["resource"] for one in bundle["entry"] if _type(one) == "MedicationRequest"]
    orders[0]["doNotPerform"] = False
    assert (await connective.ask("POST", "", bundle)).status == 200
    orders[0]["doNotPerform"] = True
    assert (await connective.ask("POST", "", bundle)).status == 422


async def test_two_transactions_of_one_patient_agree_on_the_ids(connective: Desk) -> None:
    answers = await asyncio.gather(*(connective.ask("POST", "", transaction()) for _ in range(2)))
    assert places(answers[0]) == places(answers[1])
    assert len(await connective.calls()) == 2
