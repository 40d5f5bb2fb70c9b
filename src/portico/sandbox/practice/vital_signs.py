"""Readings of a patient's vital signs: numbers come in, and decimals go out as text."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk
from portico.sandbox.practice.abnormal import abnormal_flags, blocks_procedures
from portico.sandbox.practice.children import listed, page_of, present_child, shown_child
from portico.sandbox.practice.patients import present_patient
from portico.sandbox.practice.references import patient_reference, provider_reference
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}/vital-signs")

_KIND = "vital-signs"
_AT_FIRST = {"has_followup_plan": False}
_NEVER_NULL = frozenset({"date_taken", "has_followup_plan"})
_DECIMALS = frozenset({"bmi", "height_inches", "temperature_f", "weight_lbs"})


@router.get("")
async def list_readings(
    patient_uuid: UUID,
    desk: AtDesk,
    date_from: date = date.min,
    date_to: date = date.max,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    def is_wanted(reading: Record) -> bool:
        return date_from <= date.fromisoformat(reading["date_taken"]) <= date_to

    found = newest_first(listed(desk, _KIND, patient_uuid, is_wanted))
    shown = [shown_reading(desk, each) for each in found]
    return desk.answer("vital-signs-page", page_of(shown, page, page_size))


@router.get("/{vitals_uuid}")
async def read(patient_uuid: UUID, vitals_uuid: UUID, desk: AtDesk) -> Response:
    reading = present_child(desk, _KIND, patient_uuid, vitals_uuid)
    return desk.answer(_KIND, shown_reading(desk, reading))


@router.post("")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "vital-signs-create")
    patient = present_patient(desk, patient_uuid)
    members = _kept(desk, sent)
    refuse_replay(desk, request)
    owner = {"patient": patient_reference(patient)}
    return _keep(desk, created(desk, _AT_FIRST | members | owner), 201)


@router.patch("/{vitals_uuid}")
async def update(patient_uuid: UUID, vitals_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "vital-signs-update")
    refuse_nulls(sent, _NEVER_NULL)
    reading = present_child(desk, _KIND, patient_uuid, vitals_uuid)
    refuse_stale(reading, sent.pop("base_version"))
    return _keep(desk, changed(desk, reading, _kept(desk, sent)))


@router.post("/{vitals_uuid}/archive")
async def archive(patient_uuid: UUID, vitals_uuid: UUID, desk: AtDesk) -> Response:
    reading = present_child(desk, _KIND, patient_uuid, vitals_uuid)
    return _keep(desk, changed(desk, reading, {"deleted_at": desk.mint.now()}))


def newest_first(readings: list[Record]) -> list[Record]:
    """Order readings by day and time, the latest first; one without a time ends its day."""
    return sorted(
        readings,
        key=lambda each: (each["date_taken"], each.get("time_taken") or "", each["id"]),
        reverse=True,
    )


def shown_reading(desk: Desk, reading: Record) -> dict[str, Json]:
    derived = {
        "abnormal_flags": abnormal_flags(reading),
        "is_procedure_blocking": blocks_procedures(reading),
    }
    return shown_child(desk, _KIND, reading) | derived


def _kept(desk: Desk, sent: Mapping[str, Json]) -> dict[str, Json]:
    members = {name: _text(name, value) for name, value in sent.items() if name != "provider_uuid"}
    if "provider_uuid" in sent:
        members["provider"] = provider_reference(desk, sent["provider_uuid"])
    return members


def _text(name: str, value: Json) -> Json:
    return format(Decimal(value), "f") if name in _DECIMALS and value is not None else value


def _keep(desk: Desk, reading: Record, status: int = 200) -> Response:
    desk.records.put(_KIND, reading["id"], reading)
    return desk.answer(_KIND, shown_reading(desk, reading), status)
