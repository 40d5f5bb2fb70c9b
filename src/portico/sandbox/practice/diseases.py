"""A patient's diseases and problems; there is no read of one by its id."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk
from portico.sandbox.practice.children import listed, page_of, present_child, shown_child
from portico.sandbox.practice.patients import present_patient
from portico.sandbox.practice.references import definition_reference, patient_reference
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}/diseases")

_AT_FIRST = {"problem_status": "active", "function_status": "problem"}
_NEVER_NULL = frozenset(_AT_FIRST)


@router.get("")
async def list_diseases(
    patient_uuid: UUID,
    desk: AtDesk,
    problem_status: Literal["active", "resolved", "inactive"] | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    def is_wanted(disease: Record) -> bool:
        return problem_status in {None, disease["problem_status"]}

    found = [_shown(desk, each) for each in listed(desk, "disease", patient_uuid, is_wanted)]
    return desk.answer("disease-page", page_of(found, page, page_size))


@router.post("")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "disease-create")
    patient = present_patient(desk, patient_uuid)
    members = _with_definition(desk, sent)
    refuse_replay(desk, request)
    owner = {"patient": patient_reference(patient)}
    return _keep(desk, created(desk, _AT_FIRST | members | owner), 201)


@router.patch("/{disease_uuid}")
async def update(
    patient_uuid: UUID, disease_uuid: UUID, request: Request, desk: AtDesk
) -> Response:
    sent = await desk.body(request, "disease-update")
    refuse_nulls(sent, _NEVER_NULL)
    disease = present_child(desk, "disease", patient_uuid, disease_uuid)
    refuse_stale(disease, sent.pop("base_version"))
    return _keep(desk, changed(desk, disease, _with_definition(desk, sent)))


@router.post("/{disease_uuid}/archive")
async def archive(patient_uuid: UUID, disease_uuid: UUID, desk: AtDesk) -> Response:
    disease = present_child(desk, "disease", patient_uuid, disease_uuid)
    return _keep(desk, changed(desk, disease, {"deleted_at": desk.mint.now()}))


def _with_definition(desk: Desk, sent: Mapping[str, Json]) -> dict[str, Json]:
    members = {name: value for name, value in sent.items() if name != "disease_definition_uuid"}
    if "disease_definition_uuid" in sent:
        uuid = sent["disease_definition_uuid"]
        members["disease_definition"] = definition_reference(desk, "disease", uuid)
    return members


def _keep(desk: Desk, disease: Record, status: int = 200) -> Response:
    desk.records.put("disease", disease["id"], disease)
    return desk.answer("disease", _shown(desk, disease), status)


def _shown(desk: Desk, disease: Record) -> dict[str, Json]:
    return shown_child(desk, "disease", disease)
