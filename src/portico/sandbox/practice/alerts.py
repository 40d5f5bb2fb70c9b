"""Alerts on a patient's chart: active, then disabled or archived; nothing here is deleted."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.children import page_of, present_child, shown_child
from portico.sandbox.practice.patients import known_patient, present_patient
from portico.sandbox.practice.references import definition_reference, patient_reference
from portico.sandbox.practice.relationships import family_of
from portico.sandbox.practice.writing import (
    changed,
    created,
    refuse_nulls,
    refuse_replay,
    refuse_stale,
)
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients/{patient_uuid}/alerts")

_AT_FIRST = {"status": "active", "alert_scope": "patient", "is_urgent": False, "created_by": 1}
_NEVER_NULL = frozenset({"status", "alert_scope", "is_urgent"})


@router.get("")
async def list_alerts(
    patient_uuid: UUID,
    desk: AtDesk,
    *,
    status: Literal["active", "disabled", "archived"] | None = None,
    include_family: bool = False,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    patient = known_patient(desk, patient_uuid)
    family = family_of(desk, patient) if include_family else []
    found = [
        shown_alert(desk, each)
        for each in _on_charts(desk, patient, family)
        if (each["status"] == status if status else each["status"] != "archived")
    ]
    return desk.answer("alert-page", page_of(found, page, page_size))


@router.post("")
async def create(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-create")
    patient = present_patient(desk, patient_uuid)
    definition = definition_reference(desk, "alert", sent.pop("alert_definition_uuid"))
    refuse_replay(desk, request)
    linked = {"alert_definition": definition, "patient": patient_reference(patient)}
    return _keep(desk, created(desk, _AT_FIRST | sent | linked), 201)


@router.post("/bulk-dismiss")
async def dismiss(patient_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-bulk-dismiss")
    alerts = [present_child(desk, "alert", patient_uuid, UUID(one)) for one in sent["alert_uuids"]]
    for alert in {each["id"]: each for each in alerts}.values():
        _archived(desk, alert)
    shown = [_current(desk, each["id"]) for each in alerts]
    return desk.answer("alert-list", {"items": shown, "total": len(shown)})


@router.patch("/{alert_uuid}")
async def update(patient_uuid: UUID, alert_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-update")
    refuse_nulls(sent, _NEVER_NULL)
    alert = present_child(desk, "alert", patient_uuid, alert_uuid)
    refuse_stale(alert, sent.pop("base_version"))
    return _keep(desk, changed(desk, alert, sent))


@router.post("/{alert_uuid}/disable")
async def disable(patient_uuid: UUID, alert_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-disable")
    alert = present_child(desk, "alert", patient_uuid, alert_uuid)
    refuse_stale(alert, sent["base_version"])
    if alert["status"] != "active":
        raise Refusal(422, "Alert is not active")
    disabled = {"status": "disabled", "date_disabled": desk.mint.now()}
    return _keep(desk, changed(desk, alert, disabled))


@router.post("/{alert_uuid}/archive")
async def archive(patient_uuid: UUID, alert_uuid: UUID, desk: AtDesk) -> Response:
    alert = present_child(desk, "alert", patient_uuid, alert_uuid)
    _archived(desk, alert)
    return desk.answer("alert", _current(desk, alert["id"]))


def shown_alert(desk: Desk, alert: Record) -> dict[str, Json]:
    return shown_child(desk, "alert", alert)


def _on_charts(desk: Desk, patient: Record, family: Iterable[Record]) -> list[Record]:
    """Find the alerts of a patient, and those of the family that are for all of it."""
    relatives = {each["id"] for each in family}
    return [
        each
        for each in desk.records.all("alert")
        if each["patient"]["id"] == patient["id"]
        or (each["patient"]["id"] in relatives and each["alert_scope"] == "family")
    ]


def _archived(desk: Desk, alert: Record) -> None:
    """Archive an alert; one that is archived already stays as it is."""
    if alert["status"] != "archived":
        desk.records.put("alert", alert["id"], changed(desk, alert, {"status": "archived"}))


def _current(desk: Desk, uuid: str) -> Json:
    return shown_alert(desk, Record(desk.records.get("alert", uuid) or {}))


def _keep(desk: Desk, alert: Record, status: int = 200) -> Response:
    desk.records.put("alert", alert["id"], alert)
    return desk.answer("alert", shown_alert(desk, alert), status)
