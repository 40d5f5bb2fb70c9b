"""Particle Health's Patients API: upsert by the caller's id, ids-only list, token exchange."""

from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.responses import PlainTextResponse

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.credentials import PARTICLE_CLIENT_ID, PARTICLE_CLIENT_SECRET
from portico.sandbox.mint import Mint
from portico.sandbox.opaque import seal, unseal
from portico.sandbox.records import Records
from portico.sandbox.schemas import Fault, Schemas
from portico.sandbox.signed_token import TokenIssuer
from portico.sandbox.vendor_app import AtDesk, vendor_app

_PAGE = 200
_TOKEN_LIFETIME = timedelta(hours=1)
_NEVER_ANSWERED = frozenset({"purpose_of_use", "consent"})
_WHO = ("family_name", "date_of_birth", "gender")
_OVERLAY = 2
_NAMES = ("given_name", "family_name")
_NAME_LENGTH = 100
_REQUIRED_TEXTS = frozenset({*_NAMES, "patient_id", "address_city"})


def particle_app(mappings: Path, mint: Mint) -> FastAPI:
    folder = mappings / "particle"
    records = Records(folder / "sandbox", {"patient": "patient_id"})
    desk = Desk("particle", records, Schemas(folder / "schemas"), mint)
    app = vendor_app(desk, _error, _open, _patients)
    app.state.tokens = TokenIssuer("particle", mint.clock, _TOKEN_LIFETIME)
    return app


def _error(refusal: Refusal) -> tuple[int, Json]:
    faults = "; ".join(str(fault) for fault in refusal.faults)
    return (400, {"message": faults}) if faults else (refusal.status, {"message": refusal.message})


def _tokens(request: Request) -> TokenIssuer:
    tokens: TokenIssuer = request.app.state.tokens
    return tokens


def _authenticate(
    tokens: Annotated[TokenIssuer, Depends(_tokens)],
    authorization: Annotated[str, Header()] = "",
) -> None:
    """Accept the token with and without the scheme `Bearer`, as the two documentations show it."""
    if not tokens.is_valid(authorization.removeprefix("Bearer ")):
        raise Refusal(401, "Unauthorized")


_open = APIRouter()
_patients = APIRouter(prefix="/api/v1/patients", dependencies=[Depends(_authenticate)])


@_open.get("/auth")
async def exchange(
    tokens: Annotated[TokenIssuer, Depends(_tokens)],
    client_id: Annotated[str, Header()] = "",
    client_secret: Annotated[str, Header()] = "",
    scope: Annotated[str, Header()] = "",
) -> Response:
    if (client_id, client_secret) != (PARTICLE_CLIENT_ID, PARTICLE_CLIENT_SECRET):
        raise Refusal(401, "Unknown client")
    if not scope.startswith("projects/"):
        raise Refusal(403, "The scope names no project")
    return PlainTextResponse(tokens.issue(scope)[0])


@_patients.get("")
async def list_ids(desk: AtDesk, continuation_token: str = "") -> Response:
    last = _last_id(continuation_token) if continuation_token else ""
    known = sorted(record["patient_id"] for record in desk.records.all("patient"))
    ids = list(islice((each for each in known if each > last), _PAGE + 1))
    body: dict[str, Json] = {"patients": ids[:_PAGE]}
    if len(ids) > _PAGE:
        body["continuation_token"] = seal(ids[_PAGE - 1])
    return desk.answer("patient-list-response", body)


@_patients.post("")
async def upsert(request: Request, desk: AtDesk) -> Response:
    record = Record(await desk.body(request, "patient-request"))
    _refuse_lengths(record)
    _refuse_overlay(desk.records.get("patient", record["patient_id"]), record)
    desk.records.put("patient", record["patient_id"], record)
    return _answer(desk, record)


@_patients.get("/{patient_id:path}")
async def read(patient_id: str, desk: AtDesk) -> Response:
    return _answer(desk, _known(desk, patient_id))


@_patients.delete("/{patient_id:path}")
async def delete(patient_id: str, desk: AtDesk) -> Response:
    _known(desk, patient_id)
    desk.records.remove("patient", patient_id)
    return desk.answer("delete-response", "delete successful")


def _known(desk: Desk, patient_id: str) -> Record:
    record = desk.records.get("patient", patient_id)
    if record is None:
        raise Refusal(404, "Patient not found")
    return record


def _answer(desk: Desk, record: Record) -> Response:
    shown = {name: value for name, value in record.items() if name not in _NEVER_ANSWERED}
    return desk.answer("patient-response", shown)


def _refuse_lengths(sent: Record) -> None:
    """Refuse required texts without content and names beyond the length that the SDK allows."""
    empty = [
        Fault((name,), "Field is empty", "string_too_short")
        for name, value in sent.items()
        if name in _REQUIRED_TEXTS and not value.strip()
    ]
    long = [
        Fault((name,), f"Field is longer than {_NAME_LENGTH}", "string_too_long")
        for name in _NAMES
        if len(sent[name]) > _NAME_LENGTH
    ]
    if faults := (*empty, *long):
        raise Refusal(400, "Invalid request body", faults=faults)


def _refuse_overlay(known: Record | None, sent: Record) -> None:
    """Refuse to turn one person into another: two of the three members that tell who it is."""
    if known is None:
        return
    differing = sum(known[name].casefold() != sent[name].casefold() for name in _WHO)
    if differing >= _OVERLAY:
        raise Refusal(400, "Overlay detected. Please verify the patient_id and demographics.")


def _last_id(continuation_token: str) -> str:
    match unseal(continuation_token):
        case str(last):
            return last
        case _:
            raise Refusal(400, "Invalid continuation_token")
