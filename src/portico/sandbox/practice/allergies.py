"""A patient's allergies; there is no read of one by its id."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk
from portico.sandbox.practice.children import listed, page_of, present_child, shown_child
from portico.sandbox.practice.patients import present_patient
from portico.sandbox.practice.references import definition_reference, patient_reference
from portico.sandbox.practice.warnings import warnings_of_allergy
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}/allergies")

_AT_FIRST = {"status_is_active": True}
_NEVER_NULL = frozenset(_AT_FIRST)


@router.get("")
async def list_allergies(
    patient_uuid: UUID,
    desk: AtDesk,
    *,
    is_active: bool | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    def is_wanted(allergy: Record) -> bool:
        return is_active in {None, allergy["status_is_active"]}

    found = [shown_allergy(desk, each) for each in listed(desk, "allergy", patient_uuid, is_wanted)]
    return desk.answer("allergy-page", page_of(found, page, page_size))


@router.post("")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "allergy-create")
    patient = present_patient(desk, patient_uuid)
    members = _with_definition(desk, sent)
    refuse_replay(desk, request)
    owner = {"patient": patient_reference(patient)}
    allergy = created(desk, _AT_FIRST | members | owner)
    desk.records.put("allergy", allergy["id"], allergy)
    warned = {"interaction_warnings": warnings_of_allergy(desk, allergy)}
    return desk.answer("allergy", shown_allergy(desk, allergy) | warned, 201)


@router.patch("/{allergy_uuid}")
async def update(
    patient_uuid: UUID, allergy_uuid: UUID, request: Request, desk: AtDesk
) -> Response:
    sent = await desk.body(request, "allergy-update")
    refuse_nulls(sent, _NEVER_NULL)
    allergy = present_child(desk, "allergy", patient_uuid, allergy_uuid)
    refuse_stale(allergy, sent.pop("base_version"))
    return _keep(desk, changed(desk, allergy, _with_definition(desk, sent)))


@router.post("/{allergy_uuid}/archive")
async def archive(patient_uuid: UUID, allergy_uuid: UUID, desk: AtDesk) -> Response:
    allergy = present_child(desk, "allergy", patient_uuid, allergy_uuid)
    return _keep(desk, changed(desk, allergy, {"deleted_at": desk.mint.now()}))


def shown_allergy(desk: Desk, allergy: Record) -> dict[str, Json]:
    """Show an allergy; warnings are told when it is created, and never again."""
    return shown_child(desk, "allergy", allergy) | {"interaction_warnings": []}


def _with_definition(desk: Desk, sent: Mapping[str, Json]) -> dict[str, Json]:
    members = {name: value for name, value in sent.items() if name != "allergy_definition_uuid"}
    if "allergy_definition_uuid" in sent:
        uuid = sent["allergy_definition_uuid"]
        members["allergy_definition"] = definition_reference(desk, "allergy", uuid)
    return members


def _keep(desk: Desk, allergy: Record) -> Response:
    desk.records.put("allergy", allergy["id"], allergy)
    return desk.answer("allergy", shown_allergy(desk, allergy))
