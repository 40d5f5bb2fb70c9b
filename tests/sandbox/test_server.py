"""The sandbox on a real port: what in-process clients take for granted goes over the wire."""

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI


@pytest.fixture
def base(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sandbox"
        server.should_exit = True
        thread.join(timeout=10)


def test_the_colon_of_a_verb_and_the_body_of_a_delete_arrive(base: str) -> None:
    with httpx.Client(base_url=base) as client:
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
    assert deleted.json() == {"is_success": True}
    assert [each["method"] for each in logged] == ["GET", "DELETE"]
