"""The sandbox in a process and on a port of its own."""

import multiprocessing
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portico.sandbox.server import serve


@pytest.fixture
def base(mappings: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=("127.0.0.1", port), kwargs={"mappings": mappings}
    )
    process.start()
    yield f"http://127.0.0.1:{port}/sandbox"
    process.terminate()
    process.join(timeout=10)


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return


def test_it_serves_over_http_including_the_colon_and_the_body_of_a_delete(base: str) -> None:
    wait_for(base)
    with httpx.Client(base_url=base, headers={"authorization": "Bearer sandbox-token"}) as client:
        patients = client.get("/practice/api/v1/demo/patients").json()
        query = {"email": "a@example.com", "third_party_internal_id": "1"}
        key = {"heidi-api-key": "sandbox-heidi-key"}
        token = client.get("/heidi/jwt", params=query, headers=key).json()["token"]
        deleted = client.request(
            "DELETE",
            "/heidi/patient-profiles:batch-delete",
            json={"patient_profile_ids": ["5eb7cf5a86d9755df3a6c593"]},
            headers={"authorization": f"Bearer {token}"},
        )
        logged = client.get("/_log", params={"vendor": "heidi"}).json()
    assert patients["total"] == 25
    assert deleted.json() == {"is_success": True}
    assert [each["method"] for each in logged] == ["GET", "DELETE"]
