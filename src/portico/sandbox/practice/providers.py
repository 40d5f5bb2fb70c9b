"""Those who treat (INFERRED: the contract refers to providers and shows no endpoint of them)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portico.sandbox.contract import Refusal
from portico.sandbox.practice.children import page_of
from portico.sandbox.practice.selection import in_order, matches
from portico.sandbox.practice.writing import shown
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/providers")


@router.get("")
async def list_providers(
    desk: AtDesk,
    search: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    found = [
        each
        for each in desk.records.all("provider")
        if matches(search, each, ("first_name", "last_name", "npi"))
    ]
    shown_ones = [shown(desk, "provider", each) for each in in_order(found, "last_name", "asc")]
    return desk.answer("provider-page", page_of(list(shown_ones), page, page_size))


@router.get("/{provider_uuid}")
async def read(provider_uuid: UUID, desk: AtDesk) -> Response:
    provider = desk.records.get("provider", str(provider_uuid))
    if provider is None:
        raise Refusal(404, "Provider not found")
    return desk.answer("provider", shown(desk, "provider", provider))
