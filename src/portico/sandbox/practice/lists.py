"""The lists of patients: by page, by cursor, as one types, and those that may be duplicates."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.practice.duplicates import brief, duplicates
from portico.sandbox.practice.patients import shown_patient
from portico.sandbox.practice.references import refuse_unknown
from portico.sandbox.practice.selection import CursorQuery, Filters, PageQuery, in_order, matches
from portico.sandbox.vendor_app import AtDesk

router = APIRouter(prefix="/patients")
_TYPED = ("first_name", "last_name", "preferred_name", "chart_number")


@router.get("")
async def by_page(desk: AtDesk, query: Annotated[PageQuery, Query()]) -> Response:
    found = in_order(_selected(desk, query), query.sort_by, query.sort_dir)
    start = (query.page - 1) * query.page_size
    body = {
        "items": [shown_patient(desk, each) for each in found[start : start + query.page_size]],
        "page": query.page,
        "page_size": query.page_size,
        "total": len(found),
    }
    return desk.answer("patient-page", body)


@router.get("/cursor")
async def by_cursor(desk: AtDesk, query: Annotated[CursorQuery, Query()]) -> Response:
    rest = query.rest(in_order(_selected(desk, query), query.sort_by, query.sort_dir))
    page = rest[: query.first]
    page_info = {
        "end_cursor": query.cursor(page[-1]) if page else None,
        "has_next_page": len(rest) > len(page),
    }
    data = [shown_patient(desk, each) for each in page]
    return desk.answer("patient-cursor-page", {"data": data, "page_info": page_info})


@router.get("/search")
async def as_typed(
    desk: AtDesk, q: str = "", limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> Response:
    found = [each for each in _present(desk) if q.strip() and matches(q, each, _TYPED)]
    items = [brief(each) for each in in_order(found, "last_name", "asc")[:limit]]
    return desk.answer("patient-search-response", {"items": items, "total": len(found)})


@router.post("/check-duplicates")
async def check_duplicates(request: Request, desk: AtDesk) -> Response:
    sent: Json = await desk.body(request, "patient-check-duplicates-request")
    items = [brief(each) for each in duplicates(_present(desk), sent)]
    body = {"items": items, "total": len(items)}
    return desk.answer("patient-check-duplicates-response", body)


def _present(desk: Desk) -> list[Record]:
    return [each for each in desk.records.all("patient") if not each.get("deleted_at")]


def _selected(desk: Desk, filters: Filters) -> list[Record]:
    """Select patients; a filter by something that the practice does not have is refused."""
    provider, location = filters.primary_provider_uuid, filters.location_uuid
    refuse_unknown(desk, "provider", str(provider) if provider else None)
    refuse_unknown(desk, "location", str(location) if location else None)
    if filters.tag_definition_uuid:
        raise Refusal(404, "Tag definition not found")
    return [each for each in desk.records.all("patient") if filters.accept(each)]
