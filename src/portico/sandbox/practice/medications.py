"""A patient's drugs: a new one is active, and has its other states by an update only."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk
from portico.sandbox.practice.children import listed, page_of, present_child, shown_child
from portico.sandbox.practice.patients import present_patient
from portico.sandbox.practice.references import (
    definition_reference,
    patient_reference,
    provider_reference,
)
from portico.sandbox.practice.warnings import warnings_of
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}/medications")

_AT_FIRST = {"status": "active", "is_cpoe": False}
_NEVER_NULL = frozenset({"is_cpoe"})


@router.get("")
async def list_medications(
    patient_uuid: UUID,
    desk: AtDesk,
    *,
    is_active: bool | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    def is_wanted(medication: Record) -> bool:
        return is_active in {None, medication.get("status") == "active"}

    found = [_shown(desk, each) for each in listed(desk, "medication", patient_uuid, is_wanted)]
    return desk.answer("medication-page", page_of(found, page, page_size))


@router.post("")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "medication-create")
    patient = present_patient(desk, patient_uuid)
    members = _with_references(desk, sent)
    refuse_replay(desk, request)
    owner = {"patient": patient_reference(patient)}
    medication = created(desk, _AT_FIRST | members | owner)
    desk.records.put("medication", medication["id"], medication)
    warned = {"interaction_warnings": warnings_of(desk, medication)}
    return desk.answer("medication", _shown(desk, medication) | warned, 201)


@router.patch("/{medication_uuid}")
async def update(
    patient_uuid: UUID, medication_uuid: UUID, request: Request, desk: AtDesk
) -> Response:
    sent = await desk.body(request, "medication-update")
    refuse_nulls(sent, _NEVER_NULL)
    medication = present_child(desk, "medication", patient_uuid, medication_uuid)
    refuse_stale(medication, sent.pop("base_version"))
    return _keep(desk, changed(desk, medication, _with_references(desk, sent)))


@router.post("/{medication_uuid}/archive")
async def archive(patient_uuid: UUID, medication_uuid: UUID, desk: AtDesk) -> Response:
    medication = present_child(desk, "medication", patient_uuid, medication_uuid)
    return _keep(desk, changed(desk, medication, {"deleted_at": desk.mint.now()}))


def _with_references(desk: Desk, sent: Mapping[str, Json]) -> dict[str, Json]:
    """Put references in the place of the UUIDs that a body names."""
    members = {name: value for name, value in sent.items() if not name.endswith("_uuid")}
    if "medication_definition_uuid" in sent:
        uuid = sent["medication_definition_uuid"]
        members["medication_definition"] = definition_reference(desk, "medication", uuid)
    if "provider_uuid" in sent:
        members["provider"] = provider_reference(desk, sent["provider_uuid"])
    return members


def _keep(desk: Desk, medication: Record) -> Response:
    desk.records.put("medication", medication["id"], medication)
    return desk.answer("medication", _shown(desk, medication))


def _shown(desk: Desk, medication: Record) -> dict[str, Json]:
    """Show a drug; warnings are told when it is created, and never again."""
    return shown_child(desk, "medication", medication) | {"interaction_warnings": []}
