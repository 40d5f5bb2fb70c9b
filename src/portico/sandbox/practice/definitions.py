"""The practice's catalogue of diseases (INFERRED: the contract names it and shows no endpoint)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from portico.sandbox.practice.selection import matches
from portico.sandbox.practice.writing import shown
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/disease-definitions")
_SEARCHED = ("name", "icd10_code", "snomed_code")


@router.get("")
async def list_definitions(
    desk: AtDesk,
    search: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    found = [
        shown(desk, "disease-definition", each)
        for each in desk.records.all("disease-definition")
        if matches(search, each, _SEARCHED)
    ]
    items = found[(page - 1) * page_size : page * page_size]
    body = {"items": items, "page": page, "page_size": page_size, "total": len(found)}
    return desk.answer("disease-definition-page", body)
