"""Bundles (https://hl7.org/fhir/R4/bundle.html)."""

import pytest

from portico import Resource
from portico.errors import FhirError, Issue
from portico.fhir import bundle
from portico.fhir.bundle import EntryResponse, SearchEntry, search_entry, searchset
from portico.fhir.outcome import operation_outcome

BASE = "https://here.example/fhir/practice"
PATIENT = Resource({"resourceType": "Patient", "id": "7"})


def test_a_match_has_a_full_url_and_its_mode() -> None:
    page = searchset([search_entry(BASE, PATIENT)], self_url=f"{BASE}/Patient")
    assert page == {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "self", "url": f"{BASE}/Patient"}],
        "entry": [
            {"fullUrl": f"{BASE}/Patient/7", "resource": PATIENT, "search": {"mode": "match"}}
        ],
    }


def test_a_page_links_to_the_next_one() -> None:
    page = searchset([], self_url=f"{BASE}/Patient", next_url=f"{BASE}/Patient?cursor=x")
    assert {link["relation"]: link["url"] for link in page["link"]} == {
        "self": f"{BASE}/Patient",
        "next": f"{BASE}/Patient?cursor=x",
    }


def test_an_empty_page_has_no_entry_member_since_fhir_has_no_empty_lists() -> None:
    assert "entry" not in searchset([], self_url=BASE)


def test_an_unknown_total_is_absent_and_zero_is_not() -> None:
    assert "total" not in searchset([], self_url=BASE)
    assert searchset([], self_url=BASE, total=0)["total"] == 0


def test_an_outcome_entry_tells_of_the_search() -> None:
    outcome = operation_outcome([Issue("too-costly", "narrow it", severity="warning")])
    [entry] = searchset([SearchEntry(outcome, mode="outcome")], self_url=BASE)["entry"]
    assert entry == {"resource": outcome, "search": {"mode": "outcome"}}


def test_a_transaction_response_answers_each_entry() -> None:
    said = bundle.response_bundle(
        "transaction-response",
        [
            EntryResponse(201, location="Patient/7/_history/1", etag='W/"1"'),
            EntryResponse(204),
        ],
    )
    assert said["type"] == "transaction-response"
    assert [entry["response"] for entry in said["entry"]] == [
        {"status": "201 Created", "location": "Patient/7/_history/1", "etag": 'W/"1"'},
        {"status": "204 No Content"},
    ]


def test_the_requests_of_a_transaction_are_read() -> None:
    [request] = bundle.entry_requests(
        {
            "entry": [
                {
                    "fullUrl": "urn:uuid:1",
                    "resource": PATIENT,
                    "request": {"method": "POST", "url": "Patient", "ifNoneExist": "name=x"},
                }
            ]
        }
    )
    assert (request.method, request.url, request.full_url) == ("POST", "Patient", "urn:uuid:1")
    assert (request.resource, request.if_none_exist) == (PATIENT, "name=x")
    assert request.expression == "Bundle.entry[0]"


def test_all_entries_that_are_no_requests_are_named_at_once() -> None:
    entries = [
        {"resource": PATIENT},
        {"request": {"method": "FETCH", "url": "Patient/7"}},
        {"request": {"method": "PUT"}},
        7,
    ]
    with pytest.raises(FhirError) as refused:
        bundle.entry_requests({"entry": entries})
    assert refused.value.status == 400
    assert [issue.expression[0] for issue in refused.value.issues] == [
        "Bundle.entry[0]",
        "Bundle.entry[1].request.method",
        "Bundle.entry[2].request.url",
        "Bundle.entry[2].resource",
        "Bundle.entry[3]",
    ]


def test_entries_must_be_a_list() -> None:
    with pytest.raises(FhirError, match=r"Bundle\.entry must be a list"):
        bundle.entry_requests({"entry": "POST"})
