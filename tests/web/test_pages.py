"""Status and the first page."""

import re

import httpx
from tests.web.conftest import Store


async def test_alive_does_not_depend_on_the_store(client: httpx.AsyncClient, store: Store) -> None:
    store.up = False

    assert (await client.get("/livez")).status_code == 200


async def test_ready_depends_on_the_store(client: httpx.AsyncClient, store: Store) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ready"}

    store.up = False
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "failed": ["store"]}


async def test_the_first_page_lists_connections_with_links_that_work(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Acme &lt;North&gt;" in page.text
    links = re.findall(r'href="([^"]+)"', page.text)
    assert "/fhir/north/Patient?_count=5" in links
    for link in links:
        assert (await client.get(link)).status_code == 200


async def test_the_first_page_has_a_json_twin(client: httpx.AsyncClient) -> None:
    twin = (await client.get("/-/connections.json")).json()

    assert twin["connections"] == [
        {
            "name": "north",
            "base": "/fhir/north",
            "title": "Acme <North>",
            "resource_types": ["Patient"],
            "links": ["metadata", "Patient?_count=5"],
        }
    ]


async def test_the_page_needs_no_script_and_no_other_host(client: httpx.AsyncClient) -> None:
    page = await client.get("/")

    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
