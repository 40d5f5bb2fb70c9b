"""Rows of a vendor that are several resources, and several objects that show as one type."""

import base64
from collections.abc import Iterator

import pytest
from tests.facade.desk import link, matches_of, resource_of
from tests.facade.tarn import Shore, shore

from portico import Json
from portico.facade.message import FhirResponse

LOINC = "http://loinc.org"
SIGNS = {"who": "p1", "rev": 1, "day": "2025-03-01", "pulse": 62, "systolic": 120, "diastolic": 80}


@pytest.fixture
def lake() -> Iterator[Shore]:
    with shore() as opened:
        opened.tarn.vitals["v1"] = {**SIGNS, "id": "v1"}
        opened.tarn.smoking["s1"] = {"who": "p1", "id": "s1", "word": "never"}
        opened.tarn.charts["p1"] = {"who": "p1", "rev": 1, "notes": "Sleeps well", "colour": "red"}
        yield opened


def observation(code: str, **members: Json) -> dict[str, Json]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        **members,
    }


def document(code: str, text: str) -> dict[str, Json]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }


def ids(response: FhirResponse) -> list[str]:
    return [one["id"] for one in matches_of(response)]


def said(response: FhirResponse) -> str:
    return str(resource_of(response)["issue"][0]["diagnostics"])


async def test_each_part_of_a_row_is_read_at_its_own_id(lake: Shore) -> None:
    pulse = resource_of(await lake.ask("GET", "Observation/p1-v1-hr"))
    pressure = resource_of(await lake.ask("GET", "Observation/p1-v1-bp"))
    assert pulse["valueQuantity"]["value"] == 62
    assert [one["valueQuantity"]["value"] for one in pressure["component"]] == [120, 80]


async def test_a_part_that_the_row_lacks_is_not_found(lake: Shore) -> None:
    lake.tarn.vitals["v1"]["pulse"] = None
    assert (await lake.ask("GET", "Observation/p1-v1-hr")).status == 404
    assert (await lake.ask("GET", "Observation/p1-v1-bp")).status == 200
    assert (await lake.ask("GET", "Observation/p1-v1-xx")).status == 404


async def test_the_other_object_of_the_type_is_known_by_its_ids(lake: Shore) -> None:
    found = resource_of(await lake.ask("GET", "Observation/smoking-p1-s1"))
    assert found["valueCodeableConcept"] == {"text": "never"}


async def test_a_search_shows_all_objects_of_the_type_and_all_parts(lake: Shore) -> None:
    response = await lake.ask("GET", "Observation?patient=p1")
    assert ids(response) == ["p1-v1-hr", "p1-v1-bp", "smoking-p1-s1"]
    assert resource_of(response)["total"] == 3


async def test_a_search_filters_what_all_objects_show(lake: Shore) -> None:
    assert ids(await lake.ask("GET", f"Observation?patient=p1&code={LOINC}|8867-4")) == ["p1-v1-hr"]
    assert ids(await lake.ask("GET", "Observation?patient=p1&date=2025-03-01")) == [
        "p1-v1-hr",
        "p1-v1-bp",
    ]
    assert ids(await lake.ask("GET", "Observation?_id=smoking-p1-s1,p1-v1-bp")) == [
        "p1-v1-bp",
        "smoking-p1-s1",
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7])
async def test_pages_end_within_rows_and_go_on_in_the_next_object(lake: Shore, count: int) -> None:
    for number in range(2, 7):
        lake.tarn.vitals[f"v{number}"] = {**SIGNS, "id": f"v{number}"}
    lake.tarn.vitals["v3"]["pulse"] = None
    whole = ids(await lake.ask("GET", "Observation?patient=p1&_count=100"))
    found: list[str] = []
    url: str | None = f"Observation?patient=p1&_count={count}"
    while url:
        response = await lake.ask("GET", url.partition("/fhir/it/")[2] or url)
        page = ids(response)
        assert len(page) <= count
        found += page
        url = link(response, "next")
    assert found == whole
    assert len(found) == 12


async def test_one_part_is_updated_and_the_others_stay(lake: Shore) -> None:
    pulse = resource_of(await lake.ask("GET", "Observation/p1-v1-hr"))
    pulse["valueQuantity"]["value"] = 70
    response = await lake.ask("PUT", "Observation/p1-v1-hr", pulse, If_Match='W/"1"')
    assert response.status == 200
    assert resource_of(response)["meta"]["versionId"] == "2"
    assert lake.tarn.calls == [("PATCH", "/people/p1/vitals/v1", {"pulse": 70, "rev": 1})]
    stale = await lake.ask("PUT", "Observation/p1-v1-bp", _at(lake, "bp"), If_Match='W/"1"')
    assert stale.status == 412


def _at(lake: Shore, suffix: str) -> dict[str, Json]:
    return observation("85354-9", id=f"p1-{next(iter(lake.tarn.vitals))}-{suffix}")


async def test_a_created_part_is_a_row_of_its_own(lake: Shore) -> None:
    made = observation("8867-4", effectiveDateTime="2025-04-01", valueQuantity={"value": 58})
    response = await lake.ask("POST", "Observation", made)
    assert response.status == 201
    assert resource_of(response)["id"] == "p1-v2-hr"
    assert lake.tarn.calls == [
        ("POST", "/people/p1/vitals", {"day": "2025-04-01", "pulse": 58}),
    ]


async def test_what_is_created_goes_to_the_object_that_it_is_of(lake: Shore) -> None:
    made = observation("72166-2", valueCodeableConcept={"text": "former"})
    response = await lake.ask("POST", "Observation", made)
    assert resource_of(response)["id"] == "smoking-p1-s2"
    refused = await lake.ask("POST", "Observation", observation("1751-7"))
    assert (refused.status, said(refused)[:4]) == (422, "R422")


async def test_a_deleted_part_leaves_the_others(lake: Shore) -> None:
    response = await lake.ask("DELETE", "Observation/p1-v1-bp")
    assert response.status == 204
    assert lake.tarn.calls == [
        ("PATCH", "/people/p1/vitals/v1", {"systolic": None, "diastolic": None, "rev": 1})
    ]
    assert (await lake.ask("GET", "Observation/p1-v1-bp")).status == 404
    assert (await lake.ask("GET", "Observation/p1-v1-hr")).status == 200


async def test_the_last_part_goes_with_its_row(lake: Shore) -> None:
    await lake.ask("DELETE", "Observation/p1-v1-bp")
    await lake.ask("DELETE", "Observation/p1-v1-hr")
    assert lake.tarn.vitals == {}


async def test_a_kind_that_the_vendor_cannot_delete_is_405(lake: Shore) -> None:
    assert (await lake.ask("DELETE", "Observation/smoking-p1-s1")).status == 405


async def test_where_no_rows_are_made_a_created_part_fills_one(lake: Shore) -> None:
    response = await lake.ask("POST", "DocumentReference", document("60591-5", "Asthma"))
    assert response.status == 201
    assert resource_of(response)["id"] == "p1-summary"
    assert lake.tarn.calls == [("PATCH", "/people/p1/chart", {"summary": "Asthma", "rev": 1})]
    assert ids(await lake.ask("GET", "DocumentReference?patient=p1")) == ["p1-summary", "p1-notes"]


async def test_a_part_that_is_filled_already_is_a_conflict(lake: Shore) -> None:
    response = await lake.ask("POST", "DocumentReference", document("34133-9", "Sleeps badly"))
    assert response.status == 409
    assert lake.tarn.charts["p1"]["notes"] == "Sleeps well"


@pytest.mark.parametrize("subject", [{}, {"subject": {"reference": "Patient/p2"}}])
async def test_a_part_without_a_row_to_fill_is_refused(
    lake: Shore, subject: dict[str, Json]
) -> None:
    made = {k: v for k, v in document("60591-5", "Asthma").items() if k != "subject"}
    response = await lake.ask("POST", "DocumentReference", {**made, **subject})
    assert response.status == 422
    assert "DocumentReference.subject.reference" in said(response)


async def test_a_deleted_text_is_emptied(lake: Shore) -> None:
    assert (await lake.ask("DELETE", "DocumentReference/p1-notes")).status == 204
    assert lake.tarn.calls == [("PATCH", "/people/p1/chart", {"notes": None, "rev": 1})]
    assert lake.tarn.charts["p1"]["colour"] == "red"


async def test_the_statement_names_what_some_of_the_objects_can_do(lake: Shore) -> None:
    statement = resource_of(await lake.ask("GET", "metadata"))
    (rest,) = statement["rest"]
    offered = {
        one["type"]: [each["code"] for each in one["interaction"]] for one in rest["resource"]
    }
    every = ["read", "vread", "update", "delete", "create", "search-type"]
    assert offered == {"Observation": every, "DocumentReference": every}
