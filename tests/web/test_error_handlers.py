"""The one door: whatever fails inside, nobody outside learns a value, and the log holds none."""

import re

import httpx
import pytest
from tests.web.conftest import Front

from portico.errors import FhirError, Issue
from portico.facade.message import FhirRequest, FhirResponse

PLANTED = "Zebrowski-4711"


async def fail(_: FhirRequest) -> FhirResponse:
    raise ValueError(f"cannot convert {PLANTED}")


async def refuse(_: FhirRequest) -> FhirResponse:
    raise FhirError(429, Issue("throttled", "slow down"), headers=(("Retry-After", "3"),))


def ours(log: pytest.LogCaptureFixture) -> str:
    """What Portico logged; the test's own client logs too."""
    lines = [each.getMessage() for each in log.records if each.name.startswith("portico")]
    return "\n".join(lines)


async def test_a_failure_of_ours_is_an_outcome_without_internals(
    client: httpx.AsyncClient, front: Front
) -> None:
    front.answer = fail
    response = await client.get("/fhir/north/Patient/1", headers={"X-Request-Id": "r-1"})

    assert response.status_code == 500
    assert response.json() == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "exception",
                "diagnostics": "Portico failed; its log tells more about request r-1",
            }
        ],
    }


async def test_the_log_names_request_route_type_and_place_but_no_value(
    client: httpx.AsyncClient, front: Front, log: pytest.LogCaptureFixture
) -> None:
    front.answer = fail
    await client.get(
        f"/fhir/north/Patient/{PLANTED}?name={PLANTED}", headers={"X-Request-Id": "r-2"}
    )

    (line,) = [each for each in log.records if each.name == "portico.errors"]
    assert re.fullmatch(
        r"GET /fhir/north/Patient/\{\} failed with ValueError at \S+test_error_handlers\.py:\d+ "
        r"request=r-2",
        line.getMessage(),
    )
    assert PLANTED not in ours(log)


async def test_a_failure_that_knows_its_status_keeps_it(
    client: httpx.AsyncClient, front: Front
) -> None:
    front.answer = refuse
    response = await client.get("/fhir/north/Patient/1")

    assert response.status_code == 429
    assert response.headers["retry-after"] == "3"
    assert response.json()["issue"][0]["code"] == "throttled"


async def test_the_process_goes_on_after_a_failure(client: httpx.AsyncClient, front: Front) -> None:
    front.answer = fail
    await client.get("/fhir/north/Patient/1")

    assert (await client.get("/livez")).json() == {"status": "ok"}


async def test_the_access_log_holds_neither_query_nor_id(
    client: httpx.AsyncClient, log: pytest.LogCaptureFixture
) -> None:
    await client.get(f"/fhir/north/Patient/{PLANTED}?name={PLANTED}")
    await client.get(f"/fhir/north/{PLANTED}/_history/{PLANTED}")
    await client.get(f"/{PLANTED}")

    lines = [each.getMessage() for each in log.records if each.name == "portico.access"]
    assert [" ".join(line.split()[:3]) for line in lines] == [
        "GET /fhir/north/Patient/{} 200",
        "GET /fhir/north/{}/_history/{} 200",
        "GET unmatched 404",
    ]
    assert PLANTED not in ours(log)
