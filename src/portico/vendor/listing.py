"""Lists: one page of a vendor's items, or all of them.

A cursor is opaque to everyone else: how many items of the vendor's page were given already, the
page size it was asked for with, and the vendor's own text for where the page begins. So a page
holds as many records as were asked for also where the vendor decides the size of its pages.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portico import Json
from portico.errors import FhirError, Issue
from portico.vendor.answer import accept
from portico.vendor.dotted import Each
from portico.vendor.fault import fault
from portico.vendor.message import Exchange, Request, Response
from portico.vendor.model import Operation
from portico.vendor.pagination import ByLink, ByOffset, ByPage, Leaf, Paging
from portico.vendor.query import Filling, Pairs, build, fill_prefix, follow

_CURSOR = re.compile(r"([0-9]{1,9})-([0-9]{0,9})-(.*)", re.DOTALL)
_MAX_PAGES = 500
_GONE = frozenset({404, 410})

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Items:
    """A page of items as the vendor lists them: records, or keys."""

    items: tuple[Json, ...]
    cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins: `skip` items into the vendor's page that begins at `after`."""

    skip: int
    size: int | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.skip}-{self.size or ''}-{self.after or ''}"


def fetch(
    operation: Operation, values: Values, query: Pairs, cursor: str | None, size: int | None
) -> Exchange[Items]:
    """One page of at most `size` items."""
    paging = _paging(operation)
    start = _start(cursor, paging) if cursor else _Start(0, paging.size_for(size), None)
    (response,) = yield (_request(operation, values, query, start),)
    document = accept(operation.name, operation.answer, operation.faults, response)
    found = _items(operation, paging, document)
    leaf = Leaf(start.after, start.size, len(found), document, response)
    end = len(found) if size is None else start.skip + size
    return Items(
        tuple(operation.answer.unwrap.first(item) for item in found[start.skip : end]),
        _next(operation, start, end, leaf),
        paging.total_of(leaf),
    )


def _never(_: Json) -> bool:
    return False


def walk(
    operation: Operation, values: Values, until: Callable[[Json], bool] = _never
) -> Exchange[list[Json]]:
    """All items of a list, however it is paged, or those up to the page where `until` holds."""
    items: list[Json] = []
    cursor = None
    for _ in range(_MAX_PAGES):
        page = yield from fetch(operation, values, (), cursor, None)
        items.extend(page.items)
        cursor = page.cursor
        if cursor is None or any(until(item) for item in page.items):
            return items
    raise fault(operation.name, "garbage", f"the list has more than {_MAX_PAGES} pages")


def is_there(operation: Operation, response: Response) -> bool:
    """Whether a listed record still exists; it may have been deleted since it was listed."""
    return response.status not in _GONE | operation.answer.absent.statuses


def _paging(operation: Operation) -> Paging:
    if operation.paging is None:
        raise ValueError(f"{operation.name} is not a list")
    return operation.paging


def _start(cursor: str, paging: Paging) -> _Start:
    match = _CURSOR.fullmatch(cursor)
    skip, size, after = match.groups() if match else ("", "", "")
    counted = isinstance(paging.turn, ByPage | ByOffset)
    if not match or (counted and after and not after.isdecimal()):
        raise FhirError(400, Issue("value", "the cursor is not one of this server"))
    return _Start(int(skip), int(size) if size else None, after or None)


def _request(operation: Operation, values: Values, query: Pairs, start: _Start) -> Request:
    paging = _paging(operation)
    parameters = (*query, *paging.query(start.after, start.size))
    request = build(operation.name, operation.request, Filling(values, parameters=parameters))
    if not (isinstance(paging.turn, ByLink) and start.after):
        return request
    prefix = fill_prefix(operation.request, values)
    linked = follow(request, start.after, values["base_url"], prefix)
    if linked is None:
        raise fault(operation.name, "garbage", "the next page is at another address")
    return linked


def _items(operation: Operation, paging: Paging, document: Json) -> list[Json]:
    reached = paging.items.reached(document)
    if any(isinstance(step, Each) for step in paging.items.steps):
        return [item for item in reached if item is not None]
    if not reached and paging.missing_is_empty:
        return []
    if not reached or not isinstance(reached[0], list | None):
        raise fault(operation.name, "garbage", f"a list is expected at {paging.items.text}")
    return reached[0] or []


def _next(operation: Operation, start: _Start, end: int, leaf: Leaf) -> str | None:
    if end < leaf.count:
        return str(_Start(end, start.size, start.after))
    after = _paging(operation).following(leaf)
    if after is None:
        return None
    if after == start.after:
        raise fault(operation.name, "garbage", "the next page is the same page")
    return str(_Start(0, start.size, after))
