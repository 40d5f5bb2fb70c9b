"""FHIR over HTTP: the request arrives whole, the answer leaves byte for byte."""

from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
from tests.web.conftest import Front

from portico import Resource
from portico.facade.message import FhirRequest, FhirResponse
from portico.web.requests import MAX_BODY


def issue(response: httpx.Response) -> dict[str, str]:
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert response.headers["content-type"] == "application/fhir+json; charset=utf-8"
    first: dict[str, str] = outcome["issue"][0]
    return first


async def test_method_path_query_and_base_arrive_as_they_were_meant(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/fhir/north/Patient/a%2Fb?name=M%C3%BCller&name=x&_count=")

    assert response.json() == {
        "resourceType": "Basic",
        "method": "GET",
        "path": ["Patient", "a/b"],
        "base": f"{client.base_url}/fhir/north".replace("//fhir", "/fhir"),
        "query": [["name", "Müller"], ["name", "x"], ["_count", ""]],
    }


async def test_the_base_itself_has_an_empty_path(client: httpx.AsyncClient) -> None:
    for path in ("/fhir/north", "/fhir/north/"):
        assert (await client.post(path, content=b"{}")).json()["path"] == []


async def test_the_answer_is_fhir_json_with_the_headers_of_the_facade(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/fhir/north/metadata")

    assert response.headers["content-type"] == "application/fhir+json; charset=utf-8"
    assert response.headers["etag"] == 'W/"1"'
    assert response.headers["cache-control"] == "no-store"


async def test_decimals_leave_with_the_digits_they_came_with(
    client: httpx.AsyncClient, front: Front
) -> None:
    async def answer(_: FhirRequest) -> FhirResponse:
        return FhirResponse(200, (), Resource({"resourceType": "Basic", "n": Decimal("1.10")}))

    front.answer = answer
    assert b'"n":1.10' in (await client.get("/fhir/north/Basic/1")).content


async def test_pretty_is_for_people(client: httpx.AsyncClient) -> None:
    assert (await client.get("/fhir/north/metadata?_pretty=true")).text.startswith("{\n  ")


async def test_head_answers_the_headers_of_get_without_its_body(client: httpx.AsyncClient) -> None:
    whole = await client.get("/fhir/north/metadata")
    head = await client.head("/fhir/north/metadata")

    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


async def test_an_answer_without_resource_has_no_body(
    client: httpx.AsyncClient, front: Front
) -> None:
    async def answer(_: FhirRequest) -> FhirResponse:
        return FhirResponse(204)

    front.answer = answer
    response = await client.delete("/fhir/north/Patient/1")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers


@pytest.mark.parametrize("path", ["/fhir", "/fhir/", "/fhir/south", "/fhir/south/Patient/1"])
async def test_an_unknown_base_is_404_and_says_which_there_are(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path)

    assert response.status_code == 404
    assert issue(response)["diagnostics"].endswith("there are: /fhir/north")


async def test_a_body_that_says_it_is_too_long_is_refused_unread(client: httpx.AsyncClient) -> None:
    response = await client.post("/fhir/north/Patient", content=b" " * (MAX_BODY + 1))

    assert response.status_code == 413
    assert issue(response)["code"] == "too-long"


async def test_a_body_that_grows_too_long_is_refused_while_it_is_read(
    client: httpx.AsyncClient, front: Front
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(90):
            yield b" " * 65536

    response = await client.post("/fhir/north/Patient", content=chunks())

    assert response.status_code == 413
    assert front.asked == []


async def test_a_body_arrives_byte_for_byte(client: httpx.AsyncClient, front: Front) -> None:
    body = b'{"resourceType": "Patient", "n": 1.10}'
    await client.put("/fhir/north/Patient/1", content=body, headers={"If-Match": 'W/"3"'})

    assert front.asked[0].body == body
    assert front.asked[0].headers["if-match"] == 'W/"3"'


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/fhir/north/Patient", content=b"x", headers={"Content-Encoding": "gzip"}
    )

    assert response.status_code == 415
    assert issue(response)["code"] == "not-supported"


@pytest.mark.parametrize("path", ["/fhir/north/Patient/%ff", "/fhir/north/Patient?name=%ff"])
async def test_what_is_not_utf8_is_400(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)

    assert response.status_code == 400
    assert issue(response)["code"] == "invalid"


async def test_a_flood_of_parameters_is_400(client: httpx.AsyncClient) -> None:
    response = await client.get("/fhir/north/Patient?" + "a=1&" * 500)

    assert response.status_code == 400


async def test_a_host_that_is_no_host_makes_no_links(client: httpx.AsyncClient) -> None:
    response = await client.get("/fhir/north/metadata", headers={"Host": "evil.example/x?y"})

    assert response.status_code == 400


async def test_a_request_id_is_echoed_or_made(client: httpx.AsyncClient) -> None:
    named = await client.get("/fhir/north/metadata", headers={"X-Request-Id": "abc-1.2_3"})
    unnamed = await client.get("/fhir/south")
    forged = await client.get("/livez", headers={"X-Request-Id": "a b{}"})

    assert named.headers["x-request-id"] == "abc-1.2_3"
    assert len(unnamed.headers["x-request-id"]) == 32
    assert len(forged.headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/nowhere", "/fhir/north/Patient/a%0d%0ab"])
async def test_where_nothing_is_the_answer_is_an_outcome_too(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert issue(response)["code"] == "not-found"
