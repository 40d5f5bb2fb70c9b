"""The practice's own kinds of alerts, which the contract describes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from portico import Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.children import page_of
from portico.sandbox.practice.selection import matches
from portico.sandbox.practice.writing import changed, created, refuse_nulls, refuse_stale, shown
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patient-alert-definitions")

_KIND = "alert-definition"
_AT_FIRST = {"default_is_urgent": False, "default_scope": "patient", "item_order": 0}
_NEVER_NULL = frozenset({"name", *_AT_FIRST})


@router.get("")
async def list_definitions(
    desk: AtDesk,
    search: str = "",
    category: str | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    found = [
        shown(desk, _KIND, each)
        for each in desk.records.all(_KIND)
        if not each.get("deleted_at")
        and category in {None, each.get("category")}
        and matches(search, each, ("name", "description"))
    ]
    found.sort(key=lambda each: (each["item_order"], each["name"]))
    return desk.answer("alert-definition-page", page_of(list(found), page, page_size))


@router.get("/{definition_uuid}")
async def read(definition_uuid: UUID, desk: AtDesk) -> Response:
    return desk.answer(_KIND, shown(desk, _KIND, _present(desk, definition_uuid)))


@router.post("")
async def create(request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-definition-create")
    given = {name: value for name, value in sent.items() if value is not None}
    return _keep(desk, created(desk, _AT_FIRST | given), 201)


@router.patch("/{definition_uuid}")
async def update(definition_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "alert-definition-update")
    refuse_nulls(sent, _NEVER_NULL)
    definition = _present(desk, definition_uuid)
    refuse_stale(definition, sent.pop("base_version"))
    return _keep(desk, changed(desk, definition, sent))


@router.post("/{definition_uuid}/archive")
async def archive(definition_uuid: UUID, request: Request, desk: AtDesk) -> Response:
    sent = await desk.body(request, "definition-archive")
    definition = _present(desk, definition_uuid)
    refuse_stale(definition, sent["base_version"])
    return _keep(desk, changed(desk, definition, {"deleted_at": desk.mint.now()}))


def _present(desk: Desk, uuid: UUID) -> Record:
    definition = desk.records.get(_KIND, str(uuid))
    if definition is None or definition.get("deleted_at"):
        raise Refusal(404, "Alert definition not found")
    return definition


def _keep(desk: Desk, definition: Record, status: int = 200) -> Response:
    desk.records.put(_KIND, definition["id"], definition)
    return desk.answer(_KIND, shown(desk, _KIND, definition), status)
