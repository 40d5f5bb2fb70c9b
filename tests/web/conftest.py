"""The web application over a façade that answers what its test wants, on a real port."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn

from portico import Resource
from portico.facade.message import FhirRequest, FhirResponse
from portico.web.app import Application, web_app
from portico.web.console import ConnectionEntry

Answer = Callable[[FhirRequest], Awaitable[FhirResponse]]


async def say_what_was_asked(request: FhirRequest) -> FhirResponse:
    """Answer a Basic resource that says how the request arrived."""
    asked = {"method": request.method, "path": list(request.path), "base": request.base}
    resource = {"resourceType": "Basic", **asked, "query": [list(pair) for pair in request.query]}
    return FhirResponse(200, (("ETag", 'W/"1"'),), Resource(resource))


@dataclass
class Front:
    """A façade whose answers a test chooses."""

    answer: Answer = say_what_was_asked
    asked: list[FhirRequest] = field(default_factory=list)

    async def handle(self, request: FhirRequest) -> FhirResponse:
        self.asked.append(request)
        return await self.answer(request)


@dataclass
class Store:
    up: bool = True

    async def reachable(self) -> bool:
        return self.up


@asynccontextmanager
async def nothing_to_open() -> AsyncIterator[None]:
    yield


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def client(front: Front, store: Store) -> AsyncIterator[httpx.AsyncClient]:
    entry = ConnectionEntry("north", "Acme <North>", ("Patient",), ("metadata", "Patient?_count=5"))
    app = web_app(
        {"north": front}, [entry], {"store": store.reachable}, nothing_to_open, public_url=None
    )
    async with served(app) as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        yield http


class Announcing(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def served(app: Application) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app, port=0, http="httptools", log_config=None, access_log=False, lifespan="on"
    )
    server = Announcing(config)
    running = asyncio.create_task(server.serve())
    await server.listening.wait()
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog
