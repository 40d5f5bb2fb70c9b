"""The practice's catalogues (INFERRED: the contract names them and shows no endpoint)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from portico.sandbox.contract import Desk
from portico.sandbox.practice.children import page_of
from portico.sandbox.practice.selection import matches
from portico.sandbox.practice.writing import shown
from portico.sandbox.vendor_app import AtDesk

router = APIRouter()

Page = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=200)]


@router.get("/disease-definitions")
async def list_diseases(
    desk: AtDesk, search: str = "", page: Page = 1, page_size: PageSize = 50
) -> Response:
    searched = ("name", "icd10_code", "snomed_code")
    return _list(desk, "disease-definition", (search, searched), page, page_size)


@router.get("/medication-definitions")
async def list_medications(
    desk: AtDesk, search: str = "", page: Page = 1, page_size: PageSize = 50
) -> Response:
    return _list(desk, "medication-definition", (search, ("name", "rx_cui")), page, page_size)


@router.get("/allergy-definitions")
async def list_allergies(
    desk: AtDesk, search: str = "", page: Page = 1, page_size: PageSize = 50
) -> Response:
    searched = ("name", "snomed_code", "rx_cui")
    return _list(desk, "allergy-definition", (search, searched), page, page_size)


def _list(
    desk: Desk, kind: str, wanted: tuple[str, tuple[str, ...]], page: int, page_size: int
) -> Response:
    found = [
        shown(desk, kind, each)
        for each in desk.records.all(kind)
        if matches(wanted[0], each, wanted[1])
    ]
    return desk.answer(f"{kind}-page", page_of(found, page, page_size))
