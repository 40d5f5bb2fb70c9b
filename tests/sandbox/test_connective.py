"""Connective Health's patient record."""

from collections.abc import Callable

import httpx
import pytest

from portico import Json
from portico.document import copy

Connect = Callable[..., httpx.AsyncClient]

NAME = {"family": "Johnson", "given": ["John", "Aaron"], "prefix": "Mr.", "suffix": "Jr."}


def code(value: str, system: str, name: str, display: str) -> dict[str, str]:
    return {"code": value, "codeSystem": system, "codeSystemName": name, "displayName": display}


RECORD = {
    "patient": {
        "mrn": {"root": "1.2.3.4", "extension": "ABC123"},
        "name": NAME,
        "birthDate": "1992-04-09",
        "addresses": [
            {
                "lines": ["123 Main St", "Suite 517"],
                "city": "Minneapolis",
                "state": "MN",
                "zip": "55401",
            }
        ],
        "contactPoints": [
            {"value": "9525551234", "contactPointSystem": "PHONE", "contactPointUse": "HOME"}
        ],
    },
    "responsibleProvider": {"npi": "1414912117", "name": NAME},
    "diagnoses": [
        {
            "code": "E66.01",
            "codeSystem": "2.16.840.1.113883.6.90",
            "displayName": "Morbid (severe) obesity due to excess calories",
            "active": True,
            "date": "2022-12-12",
        }
    ],
    "medications": [
        {
            "active": True,
            "nameCode": code("6809", "2.16.840.1.113883.6.88", "RxNorm", "metFORMIN"),
            "medicationRequests": [
                {
                    "route": code("C38288", "2.16.840.1.113883.3.26.1.1", "NCI Thesaurus", "oral"),
                    "prescribedDate": "2023-12-02",
                    "initialFillQuantity": 10,
                    "numberOfRefillsAllowed": 0,
                    "timingEvent": "QD",
                    "frequencyUnit": "d",
                    "frequencyValue": 1,
                    "dosageInstruction": {
                        "text": "take 1 tablet by mouth once daily",
                        "strengthUnit": "mg",
                        "strengthValue": 100,
                    },
                }
            ],
        }
    ],
    "clinicalNotes": [
        {
            "lines": ["The patient was pleasant", "Recommend following up in 2 weeks"],
            "date": "2022-12-12",
            "code": code("11506-3", "2.16.840.1.113883.6.1", "LOINC", "Progress Note"),
        }
    ],
    "batchId": "BATCH-123",
}


def altered(path: str, value: Json) -> Json:
    """Set one member of the record, named by a path with dots; null takes it away."""
    record = copy(RECORD)
    *parents, last = path.split(".")
    place = record
    for parent in parents:
        place = place[int(parent) if isinstance(place, list) else parent]
    place.pop(last, None) if value is None else place.update({last: value})
    return record


async def test_a_record_is_kept_as_it_came(
    connective: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    answer = await connective.post("/v2/patient-record", json=RECORD)
    state = (await control.get("/_state/connective")).json()
    correlation = answer.json()["correlationId"]
    assert (answer.status_code, list(answer.json())) == (200, ["correlationId"])
    assert state["patient-record"] == {correlation: RECORD}
    assert state["receipt"][correlation]["batchId"] == "BATCH-123"


async def test_each_post_is_another_correlation(connective: httpx.AsyncClient) -> None:
    answers = [await connective.post("/v2/patient-record", json=RECORD) for _ in range(2)]
    assert len({each.json()["correlationId"] for each in answers}) == 2


async def test_a_batch_id_is_made_where_none_was_sent(
    connective: httpx.AsyncClient, control: httpx.AsyncClient
) -> None:
    await connective.post("/v2/patient-record", json=altered("batchId", None))
    state = (await control.get("/_state/connective")).json()
    assert [len(each["batchId"]) for each in state["receipt"].values()] == [36]


async def test_without_a_key_401_with_a_wrong_one_403(connect: Connect) -> None:
    async with connect("/connective") as client:
        without = await client.post("/v2/patient-record", json=RECORD)
        wrong = await client.post("/v2/patient-record", json=RECORD, headers={"apiKey": "x"})
    assert [without.status_code, wrong.status_code] == [401, 403]
    assert without.json() == {"message": "Unauthorized"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("responsibleProvider", None),
        ("patient.mrn", None),
        ("patient.birthDate", "1992-04"),
        ("responsibleProvider.npi", "123"),
        ("diagnoses.0.codeSystem", "urn:oid:2.16.840.1.113883.6.90"),
        ("diagnoses.0.codeSystemName", "ICD-10-CM"),
        ("medications.0.medicationRequests.0.numberOfRefillsAllowed", -1),
        ("clinicalNotes.0.lines", None),
        ("batchId", "50%"),
    ],
)
async def test_a_record_that_breaks_the_contract_is_400(
    connective: httpx.AsyncClient, control: httpx.AsyncClient, path: str, value: Json
) -> None:
    answer = await connective.post("/v2/patient-record", json=altered(path, value))
    assert answer.status_code == 400
    assert list(answer.json()) == ["message"]
    assert (await control.get("/_state/connective")).json()["patient-record"] == {}


async def test_nothing_can_be_read(connective: httpx.AsyncClient) -> None:
    answer = await connective.get("/v2/patient-record")
    assert (answer.status_code, answer.json()) == (405, {"message": "Method Not Allowed"})
