"""A list for each record of another object, where nothing says which of them is meant."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.errors import MappingError, VendorError
from portico.vendor.exchange import search
from portico.vendor.message import Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Hold = Callable[..., tuple[list[Any], Any]]
Load = Callable[..., Vendor]

FILE = """
    portico: 1
    vendor: v
    objects:
      person:
        key: id
        read: GET /people/{id}
        search: {request: GET /people, paging: {kind: page, page: p, size: n, max: 50, items: rows, total: all}}
      visit:
        key: [person.id, id]
        read: {via: list}
        search: {request: "GET /people/{person.id}/visits", paging: {kind: page, page: p, size: n, max: 2, items: rows, total: all}, over: OVER}
"""  # noqa: E501 - a line of a connection file


@pytest.fixture
def vendor(load: Load) -> Vendor:
    return load(FILE.replace("OVER", "person"))


def rows(*ids: str, all_: int | None = None) -> dict[str, Any]:
    return {"rows": [{"id": one} for one in ids], "all": len(ids) if all_ is None else all_}


def visits(page: Any) -> list[tuple[str, str]]:  # noqa: ANN401 the fixture's result
    return [(one["person"]["id"], one["id"]) for one in page.records]


def test_the_lists_of_a_page_of_records_are_asked_for_side_by_side(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    lists = [answer(one) for one in (rows("p1", "p2"), rows("v1"), rows("v2", "v3"))]
    asked, page = hold(search(vendor, "visit", {}), *lists)
    assert [one.path for one in asked] == ["/people", "/people/p1/visits", "/people/p2/visits"]
    assert visits(page) == [("p1", "v1"), ("p2", "v2"), ("p2", "v3")]
    assert (page.cursor, page.total) == (None, None)


def test_the_next_page_is_of_the_other_objects_list(
    vendor: Vendor, answer: Answer, hold: Hold
) -> None:
    first = [answer(rows("p1", all_=2)), answer(rows("v1"))]
    _, page = hold(search(vendor, "visit", {}, size=1), *first)
    asked, second = hold(
        search(vendor, "visit", {}, cursor=page.cursor, size=1),
        *[answer(rows("p2", all_=2)), answer(rows("v2"))],
    )
    assert asked[0].query == (("p", "2"), ("n", "1"))
    assert (visits(second), second.cursor) == ([("p2", "v2")], None)


def test_each_list_is_walked_to_its_end(vendor: Vendor, answer: Answer, hold: Hold) -> None:
    lists = [rows("p1", "p2"), rows("v1", "v2", all_=3), rows("v4"), rows("v3", all_=3)]
    asked, page = hold(search(vendor, "visit", {}), *map(answer, lists))
    assert [one.path for one in asked][-1] == "/people/p1/visits"
    assert [visit for _, visit in visits(page)] == ["v1", "v2", "v3", "v4"]


def test_who_is_named_is_asked_for_alone(vendor: Vendor, answer: Answer, hold: Hold) -> None:
    asked, page = hold(search(vendor, "visit", {"person.id": "p1"}), answer(rows("v1")))
    assert [one.path for one in asked] == ["/people/p1/visits"]
    assert visits(page) == [("p1", "v1")]


def test_a_list_that_fails_fails_the_search(vendor: Vendor, answer: Answer, hold: Hold) -> None:
    lists = [answer(rows("p1", "p2")), answer(rows("v1")), answer({}, 500)]
    with pytest.raises(VendorError):
        hold(search(vendor, "visit", {}), *lists)


@pytest.mark.parametrize("other", ["visit", "persn"])
def test_the_other_object_has_a_list_and_one_key(load: Load, other: str) -> None:
    with pytest.raises(MappingError, match="C111"):
        load(FILE.replace("OVER", other))
