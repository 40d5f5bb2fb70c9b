"""Connective Health's patient record: write-only, a full snapshot with each call."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.credentials import CONNECTIVE_API_KEY
from portico.sandbox.mint import Mint
from portico.sandbox.records import Records
from portico.sandbox.schemas import Schemas
from portico.sandbox.vendor_app import AtDesk, vendor_app


def connective_app(mappings: Path, mint: Mint) -> FastAPI:
    folder = mappings / "connective"
    kinds = {"patient-record": "correlationId", "receipt": "correlationId"}
    desk = Desk("connective", Records(folder / "sandbox", kinds), Schemas(folder / "schemas"), mint)
    return vendor_app(desk, _error, _records)


def _error(refusal: Refusal) -> tuple[int, Json]:
    faults = "; ".join(str(fault) for fault in refusal.faults)
    return (400, {"message": faults}) if faults else (refusal.status, {"message": refusal.message})


def _authenticate(apikey: Annotated[str | None, Header(alias="apiKey")] = None) -> None:
    if apikey is None:
        raise Refusal(401, "Unauthorized")
    if apikey != CONNECTIVE_API_KEY:
        raise Refusal(403, "Forbidden")


_records = APIRouter(prefix="/v2", dependencies=[Depends(_authenticate)])


@_records.post("/patient-record")
async def share(request: Request, desk: AtDesk) -> Response:
    """Keep the record as it came, and beside it what the vendor makes of the call."""
    record = Record(await desk.body(request, "patient-record-request"))
    correlation = {"correlationId": desk.mint.uuid()}
    receipt = Record(
        {
            **correlation,
            "batchId": record.get("batchId") or desk.mint.uuid(),
            "receivedAt": desk.mint.now(),
        }
    )
    desk.records.put("patient-record", correlation["correlationId"], record)
    desk.records.put("receipt", correlation["correlationId"], receipt)
    return desk.answer("patient-record-response", correlation)
