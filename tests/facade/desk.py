"""One façade over the real sandbox in process: real modules, real exchanges, real transport."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI, Request, Response

from portico import Json
from portico.document import dump, parse
from portico.facade.connection import Connection
from portico.facade.dispatch import Facade
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.ports import Ports, Snapshot
from portico.mapping.language.terminology import Terminology, load_terminology
from portico.mapping.load import ObjectModule, load_vendor_modules
from portico.sandbox.app import create_app
from portico.transport.http import HttpTransport
from portico.transport.in_process import open_client_in_process
from portico.vendor.connecting import complete_settings
from portico.vendor.connection_file import load_vendor
from portico.vendor.model import Vendor

MAPPINGS = Path(__file__).parents[2] / "mappings"
JSON = "application/json"
BASE = "https://fhir.example.org/fhir/it"


class MemoryStore:
    """The RecordStore port in memory."""

    def __init__(self) -> None:
        self.snapshots: dict[tuple[str, str, str], Snapshot] = {}

    async def save(self, snapshot: Snapshot) -> None:
        place = (snapshot.connection, snapshot.vendor_object, snapshot.key)
        self.snapshots[place] = snapshot

    async def by_key(self, connection: str, vendor_object: str, key: str) -> Snapshot | None:
        return self.snapshots.get((connection, vendor_object, key))

    async def by_resource_id(
        self, connection: str, resource_type: str, logical_id: str
    ) -> Snapshot | None:
        def holds(one: Snapshot) -> bool:
            wanted = (resource_type, logical_id)
            return one.connection == connection and any(
                (entry.resource_type, entry.logical_id) == wanted for entry in one.entries
            )

        return next(filter(holds, self.snapshots.values()), None)

    async def following(
        self, connection: str, vendor_object: str, key: str, limit: int
    ) -> tuple[Snapshot, ...]:
        found = [
            snapshot
            for place, snapshot in sorted(self.snapshots.items())
            if place[:2] == (connection, vendor_object) and place[2] > key
        ]
        return tuple(found[:limit])


@dataclass
class ManualClock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """A façade and everything around it that a test looks at."""

    facade: Facade
    connection: Connection
    ports: Ports
    clock: ManualClock
    store: MemoryStore
    sandbox: httpx.AsyncClient
    vendor: str
    seen: int = 0

    async def ask(self, method: str, url: str, body: Json = None, **headers: str) -> FhirResponse:
        """One request; `url` is relative to the base or absolute, header names take `_` for `-`."""
        parts = urlsplit(url.removeprefix(f"{BASE}/").removeprefix("/"))
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else dump(body)
        if content and "content-type" not in named:
            named["content-type"] = "application/fhir+json"
        return await self.facade.handle(
            FhirRequest(
                method=method,
                path=tuple(part for part in parts.path.split("/") if part),
                query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
                headers=named,
                body=content,
                base=BASE,
            )
        )

    async def calls(self) -> list[Json]:
        """What the vendor was asked since the last look, without its token requests."""
        answer = await self.sandbox.get("/_log", params={"vendor": self.vendor, "since": self.seen})
        entries = parse(answer.content)
        self.seen = max([self.seen, *(entry["n"] for entry in entries)])
        return [entry for entry in entries if not entry["path"].endswith(("/auth", "/jwt"))]

    async def state(self) -> Json:
        """The sandbox's own records of this vendor."""
        return parse((await self.sandbox.get(f"/_state/{self.vendor}")).content)


@cache
def load(vendor: str) -> tuple[Vendor, Mapping[str, ObjectModule]]:
    """A vendor's connection file and modules, which nothing changes."""
    folder = MAPPINGS / vendor
    return load_vendor(folder), load_vendor_modules(folder, terminology())


@cache
def terminology() -> Terminology:
    return load_terminology(MAPPINGS / "terminology")


def open_desk(vendor: str, app: FastAPI, **settings: str) -> Desk:
    """A connection named `it` to one vendor of the sandbox."""
    loaded, modules = load(vendor)
    published = parse((MAPPINGS / vendor / "sandbox" / "connection.json").read_bytes())
    given = {**published, "base_url": f"http://sandbox/sandbox/{vendor}", **settings}
    values = complete_settings(loaded, given)
    clock, store = ManualClock(), MemoryStore()
    client = open_client_in_process(app)
    transport = HttpTransport(values["base_url"], loaded.credential, values, client, clock)
    ports = Ports(transport, store, clock, lambda: str(uuid.uuid4()), b"a secret of the tests")
    connection = Connection("it", loaded, modules, values)
    control = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://sandbox/sandbox"
    )
    return Desk(Facade(connection, ports), connection, ports, clock, store, control, vendor)


def open_sandbox(vendor: str) -> FastAPI:
    return create_app(MAPPINGS, vendors=[vendor], seed=1)


def resource_of(response: FhirResponse) -> Json:
    """The answer's resource as a client gets it: a copy, after being written as JSON."""
    assert response.resource is not None
    return parse(dump(response.resource))


def issues_of(response: FhirResponse) -> list[tuple[str, str]]:
    """(severity, code) of an OperationOutcome."""
    outcome = resource_of(response)
    assert outcome["resourceType"] == "OperationOutcome"
    return [(issue["severity"], issue["code"]) for issue in outcome["issue"]]


def matches_of(response: FhirResponse) -> list[Json]:
    """The matches in a searchset."""
    entries = resource_of(response).get("entry", [])
    return [one["resource"] for one in entries if one["search"]["mode"] == "match"]


def outcomes_of(response: FhirResponse) -> list[str]:
    """The issue codes in a searchset's outcome entries."""
    entries = resource_of(response).get("entry", [])
    found = [one["resource"] for one in entries if one["search"]["mode"] == "outcome"]
    return [issue["code"] for outcome in found for issue in outcome["issue"]]


def link(response: FhirResponse, relation: str) -> str | None:
    links = resource_of(response).get("link", [])
    return next((one["url"] for one in links if one["relation"] == relation), None)


def vendor_that_answers(status: int, body: bytes, kind: str = JSON, **headers: str) -> FastAPI:
    """A vendor that says the same to everything."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PATCH", "DELETE"])
    async def answer(request: Request) -> Response:
        await request.body()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(body, status, named, kind)

    return app
