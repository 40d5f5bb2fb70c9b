"""The sandbox in process, with a clock that tests move, and one client for each vendor."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from portico.sandbox.app import create_app

MAPPINGS = Path(__file__).parents[2] / "mappings"

Connect = Callable[..., httpx.AsyncClient]


@dataclass
class Clock:
    now: datetime = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **much: int) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def mappings() -> Path:
    return MAPPINGS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(mappings: Path, clock: Clock) -> FastAPI:
    return create_app(mappings, seed=1, clock=clock)


@pytest.fixture
def connect(app: FastAPI) -> Connect:
    """Make a client for a path of the sandbox: `connect("/practice", **headers)`."""

    def client(path: str = "", **headers: str) -> httpx.AsyncClient:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx.ASGITransport(app=app)
        base = f"http://sandbox/sandbox{path}"
        return httpx.AsyncClient(transport=transport, base_url=base, headers=named)

    return client


@pytest.fixture
async def control(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    async with connect() as client:
        yield client


@pytest.fixture
async def practice(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    async with connect("/practice/api/v1/demo", authorization="Bearer sandbox-token") as client:
        yield client


@pytest.fixture
async def particle(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    who = {"client-id": "sandbox-client", "client-secret": "sandbox-secret"}
    async with connect("/particle", scope="projects/demo") as client:
        token = await client.get("/auth", headers=who)
        client.headers["authorization"] = f"Bearer {token.text}"
        yield client


@pytest.fixture
async def heidi(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    query = {"email": "clinician@example.com", "third_party_internal_id": "7"}
    async with connect("/heidi") as client:
        key = {"heidi-api-key": "sandbox-heidi-key"}
        answer = await client.get("/jwt", params=query, headers=key)
        client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        yield client


@pytest.fixture
async def connective(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    async with connect("/connective", apikey="sandbox-key") as client:
        yield client
