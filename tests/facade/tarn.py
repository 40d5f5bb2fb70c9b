"""Tarn, a made-up vendor: rows that are several resources, and two objects of one type."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from tests.facade.desk import BASE, ManualClock, MemoryStore, terminology

from portico import Json
from portico.document import dump, parse
from portico.facade.connection import Connection
from portico.facade.dispatch import Facade
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.ports import Ports
from portico.mapping.load import load_vendor_modules
from portico.transport.http import HttpTransport
from portico.transport.in_process import open_client_in_process
from portico.vendor.connection_file import load_vendor

FOLDER = Path(__file__).parent / "mappings" / "tarn"


@dataclass
class Tarn:
    """The vendor's state and its call log."""

    vitals: dict[str, dict[str, Any]] = field(default_factory=dict)
    smoking: dict[str, dict[str, Any]] = field(default_factory=dict)
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, Json]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/people/{who}/vitals")(self.list_vitals)
        app.post("/people/{who}/vitals")(self.create_vitals)
        app.api_route("/people/{who}/vitals/{row}", methods=["GET", "PATCH", "DELETE"])(self.row)
        app.get("/people/{who}/smoking")(self.list_smoking)
        app.post("/people/{who}/smoking")(self.create_smoking)
        app.get("/people/{who}/smoking/{row}")(self.read_smoking)
        app.api_route("/people/{who}/chart", methods=["GET", "PATCH"])(self.chart)
        app.get("/people/{who}/charts")(self.list_charts)
        return app

    async def list_vitals(self, who: str, page: int = 1, size: int = 3) -> Json:
        rows = [row for row in self.vitals.values() if row["who"] == who]
        return {"rows": rows[(page - 1) * size : page * size], "more": page * size < len(rows)}

    async def create_vitals(self, request: Request, who: str) -> Json:
        body = await self._noted(request)
        row = {**body, "who": who, "id": f"v{len(self.vitals) + 1}", "rev": 1}
        self.vitals[row["id"]] = row
        return row

    async def row(self, request: Request, row: str) -> Any:  # noqa: ANN401  FastAPI's answers
        if row not in self.vitals:
            return JSONResponse({}, 404)
        return await self._one(request, self.vitals, row)

    async def list_smoking(self, who: str) -> Json:
        return {"rows": [row for row in self.smoking.values() if row["who"] == who]}

    async def create_smoking(self, request: Request, who: str) -> Json:
        row = {**await self._noted(request), "who": who, "id": f"s{len(self.smoking) + 1}"}
        self.smoking[row["id"]] = row
        return row

    async def read_smoking(self, row: str) -> Any:  # noqa: ANN401
        return self.smoking.get(row) or JSONResponse({}, 404)

    async def chart(self, request: Request, who: str) -> Any:  # noqa: ANN401
        if who not in self.charts:
            return JSONResponse({}, 404)
        return await self._one(request, self.charts, who)

    async def list_charts(self, who: str) -> Json:
        return {"rows": [self.charts[who]] if who in self.charts else []}

    async def _one(self, request: Request, rows: dict[str, dict[str, Any]], key: str) -> Json:
        if request.method == "GET":
            return rows[key]
        body = await self._noted(request)
        if request.method == "DELETE":
            return rows.pop(key)
        rows[key] |= {**body, "rev": rows[key]["rev"] + 1}
        return rows[key]

    async def _noted(self, request: Request) -> dict[str, Any]:
        data = await request.body()
        body: Any = parse(data) if data else {}
        self.calls.append((request.method, request.url.path, body))
        return dict(body)


@dataclass
class Shore:
    """The façade before the vendor."""

    tarn: Tarn
    facade: Facade

    async def ask(self, method: str, path: str, body: Json = None, **headers: str) -> FhirResponse:
        path, _, query = path.partition("?")
        pairs = tuple(httpx.QueryParams(query).multi_items())
        named = {"content-type": "application/fhir+json"}
        named |= {name.replace("_", "-").lower(): value for name, value in headers.items()}
        content = dump(body) if body is not None else b""
        request = FhirRequest(method, tuple(path.split("/")), pairs, named, content, BASE)
        return await self.facade.handle(request)


@contextmanager
def shore() -> Iterator[Shore]:
    """One connection to Tarn, in process."""
    vendor, tarn = load_vendor(FOLDER), Tarn()
    modules = load_vendor_modules(FOLDER, terminology())
    clock = ManualClock()
    client = open_client_in_process(tarn.app())
    transport = HttpTransport("http://tarn", vendor.credential, {}, client, clock)
    ports = Ports(transport, MemoryStore(), clock, lambda: "token", b"a secret of the tests")
    yield Shore(tarn, Facade(Connection("it", vendor, modules, {}), ports))
