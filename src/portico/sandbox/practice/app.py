"""The practice management system as an application: credentials, error bodies, routes."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request

from portico import Json
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.credentials import PRACTICE_READ_TOKEN, PRACTICE_TOKEN
from portico.sandbox.mint import Mint
from portico.sandbox.practice import (
    alert_definitions,
    alerts,
    allergies,
    definitions,
    diseases,
    lifecycle,
    lists,
    medications,
    patients,
    providers,
    relationships,
    summary,
    vital_signs,
)
from portico.sandbox.records import Records
from portico.sandbox.schemas import Schemas
from portico.sandbox.vendor_app import vendor_app

_KINDS = {
    "patient": "id",
    "disease": "id",
    "disease-definition": "id",
    "medication": "id",
    "medication-definition": "id",
    "interaction": "id",
    "allergy": "id",
    "allergy-definition": "id",
    "allergy-interaction": "id",
    "vital-signs": "id",
    "relationship": "id",
    "alert": "id",
    "alert-definition": "id",
    "provider": "id",
    "reference": "id",
    "idempotency-key": "key",
}


_PARTS = (
    lists,
    patients,
    lifecycle,
    diseases,
    medications,
    allergies,
    vital_signs,
    alerts,
    relationships,
    summary,
    definitions,
    alert_definitions,
    providers,
)


def practice_app(mappings: Path, mint: Mint) -> FastAPI:
    folder = mappings / "practice"
    records = Records(folder / "sandbox", _KINDS)
    desk = Desk("practice", records, Schemas(folder / "schemas"), mint)
    router = APIRouter(prefix="/api/v1/{org_id}", dependencies=[Depends(_authenticate)])
    for part in _PARTS:
        router.include_router(part.router)
    return vendor_app(desk, _error, router)


def _error(refusal: Refusal) -> tuple[int, Json]:
    """Answer a text, or a list where the request itself is invalid."""
    if not refusal.faults:
        return refusal.status, {"detail": refusal.message}
    detail = [
        {"loc": [fault.part, *fault.path], "msg": fault.message, "type": fault.kind}
        for fault in refusal.faults
    ]
    return refusal.status, {"detail": detail}


def _authenticate(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token not in {PRACTICE_TOKEN, PRACTICE_READ_TOKEN}:
        raise Refusal(401, "Not authenticated")
    if token == PRACTICE_READ_TOKEN and request.method != "GET":
        raise Refusal(403, "Insufficient permissions")
