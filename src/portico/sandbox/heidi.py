"""Heidi Health's patient profiles: PATCH of some members only, a batch delete, sessions linked."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.credentials import HEIDI_API_KEY
from portico.sandbox.mint import Mint
from portico.sandbox.records import Records
from portico.sandbox.schemas import Schemas
from portico.sandbox.signed_token import TokenIssuer
from portico.sandbox.vendor_app import AtDesk, vendor_app

_TOKEN_LIFETIME = timedelta(hours=1)
_SHOWN = (
    "first_name",
    "last_name",
    "birth_date",
    "gender",
    "phone",
    "email",
    "additional_context",
    "ehr_patient_id",
)


def heidi_app(mappings: Path, mint: Mint) -> FastAPI:
    folder = mappings / "heidi"
    records = Records(folder / "sandbox", {"patient-profile": "id", "session": "session_id"})
    desk = Desk("heidi", records, Schemas(folder / "schemas"), mint)
    app = vendor_app(desk, _error, _open, _profiles)
    app.state.tokens = TokenIssuer("heidi", mint.clock, _TOKEN_LIFETIME)
    return app


def _error(refusal: Refusal) -> tuple[int, Json]:
    faults = "; ".join(str(fault) for fault in refusal.faults)
    kind = "RequestValidationError" if faults else refusal.kind
    return refusal.status, {"detail": {"msg": faults or refusal.message, "type": kind}}


def _tokens(request: Request) -> TokenIssuer:
    tokens: TokenIssuer = request.app.state.tokens
    return tokens


def _authenticate(
    tokens: Annotated[TokenIssuer, Depends(_tokens)],
    authorization: Annotated[str, Header()] = "",
) -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not tokens.is_valid(token):
        raise Refusal(401, "Not authenticated", kind="AuthenticationError")


_open = APIRouter()
_profiles = APIRouter(dependencies=[Depends(_authenticate)])


@_open.get("/jwt")
async def exchange(
    desk: AtDesk,
    tokens: Annotated[TokenIssuer, Depends(_tokens)],
    email: str,
    third_party_internal_id: str,
    heidi_api_key: Annotated[str, Header()] = "",
) -> Response:
    if heidi_api_key != HEIDI_API_KEY:
        raise Refusal(401, "Invalid API key", kind="AuthenticationError")
    token, ends = tokens.issue(f"{third_party_internal_id} {email}")
    expiration = ends.isoformat(timespec="seconds")[:-6] + "Z"
    return desk.answer("jwt-response", {"token": token, "expiration_time": expiration})


@_profiles.post("/patient-profiles")
async def create(request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "patient-profile-create")
    profile = Record({"id": desk.mint.object_id(), **sent})
    desk.records.put("patient-profile", profile["id"], profile)
    return _answer(desk, _shown(profile))


@_profiles.patch("/patient-profiles/{profile_id}")
async def update(profile_id: str, request: Request, desk: AtDesk) -> Response:
    changes = await desk.body(request, "patient-profile-update")
    profile = Record({**_known(desk, profile_id), **changes})
    desk.records.put("patient-profile", profile_id, profile)
    return _answer(desk, {**_shown(profile), "source": "EHR"})


@_profiles.delete("/patient-profiles:batch-delete")
async def delete(request: Request, desk: AtDesk) -> Response:
    """Delete all of the profiles or, when one of them is unknown, none."""
    sent = await desk.body(request, "batch-delete-request")
    ids = set(sent["patient_profile_ids"])
    if not ids:
        raise Refusal(422, "patient_profile_ids is empty", kind="RequestValidationError")
    for profile_id in ids:
        _known(desk, profile_id)
    for profile_id in ids:
        desk.records.remove("patient-profile", profile_id)
    return desk.answer("batch-delete-response", {"is_success": True})


@_profiles.post("/patient-profiles/{profile_id}/sessions")
async def link_sessions(profile_id: str, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "link-sessions-request")
    _known(desk, profile_id)
    sessions = [_session(desk, session_id) for session_id in sent["session_ids"]]
    for session in sessions:
        linked = Record({**session, "patient_profile_id": profile_id})
        desk.records.put("session", session["session_id"], linked)
    members = desk.schemas.members("session-summary")
    body = {"data": [{name: session[name] for name in members} for session in sessions]}
    return desk.answer("link-sessions-response", body)


@_profiles.get("/patient-profiles")
async def list_profiles(
    desk: AtDesk, ehr_patient_id: str | None = None, ehr_provider: str | None = None
) -> Response:
    profiles = [
        {**_read(profile), "session_count": len(_sessions(desk, profile))}
        for profile in desk.records.all("patient-profile")
        if ehr_patient_id in {None, profile.get("ehr_patient_id")}
        and ehr_provider in {None, *_providers(_sessions(desk, profile))}
    ]
    return desk.answer("patient-profile-list-response", {"data": profiles})


@_profiles.get("/patient-profiles/{profile_id}")
async def read(profile_id: str, desk: AtDesk) -> Response:
    return _answer(desk, _read(_known(desk, profile_id)))


def _known(desk: Desk, profile_id: str) -> Record:
    profile = desk.records.get("patient-profile", profile_id)
    if profile is None:
        raise Refusal(404, "Patient profile not found", kind="PatientProfileNotFoundError")
    return profile


def _session(desk: Desk, session_id: str) -> Record:
    session = desk.records.get("session", session_id)
    if session is None:
        raise Refusal(404, "Session not found", kind="SessionNotFoundError")
    return session


def _sessions(desk: Desk, profile: Record) -> list[Record]:
    sessions = desk.records.all("session")
    return [each for each in sessions if each.get("patient_profile_id") == profile["id"]]


def _providers(sessions: Iterable[Record]) -> set[str]:
    return {each["ehr_provider"] for each in sessions if "ehr_provider" in each}


def _answer(desk: Desk, profile: Json) -> Response:
    return desk.answer("patient-profile-response", {"data": profile})


def _shown(profile: Record) -> dict[str, Json]:
    """Show what every answer shows; a text that was cleared or never given is null."""
    shown = {name: profile.get(name) or None for name in _SHOWN}
    text = profile.get("demographic_string") or ""
    return {"id": profile["id"], **shown, "demographic_string": text}


def _read(profile: Record) -> dict[str, Json]:
    consent = profile.get("remember_consent")
    return {**_shown(profile), "managed_by": profile["id"], "remember_consent": consent}
