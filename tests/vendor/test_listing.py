"""Pages: how many records they hold, where they end, and when a list is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.errors import FhirError, VendorError
from portico.vendor.exchange import read, search
from portico.vendor.message import Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Hold = Callable[..., tuple[list[Any], Any]]
Load = Callable[..., Vendor]

HEAD = """
    portico: 1
    vendor: v
    objects:
      thing:
        key: id
        read: GET /things/{id}
"""


@pytest.fixture
def paged(load: Load) -> Callable[[str], Vendor]:
    """A vendor whose only list is paged in the given way."""

    def made(paging: str) -> Vendor:
        search_line = f"        search: {{request: GET /things, paging: {{{paging}}}}}\n"
        return load(HEAD + search_line)

    return made


def things(*ids: int) -> list[dict[str, int]]:
    return [{"id": each} for each in ids]


def ids(page: Any) -> list[int]:  # noqa: ANN401 the fixture's result
    return [record["id"] for record in page.records]


def test_an_unpaged_list_is_cut_into_the_pages_that_are_asked_for(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: none, items: .")
    whole = answer(things(1, 2, 3))
    _, first = hold(search(vendor, "thing", {}, size=2), whole)
    _, second = hold(search(vendor, "thing", {}, cursor=first.cursor, size=2), whole)
    assert (ids(first), ids(second), second.cursor) == ([1, 2], [3], None)


def test_pages_end_at_the_total(paged: Callable[[str], Vendor], answer: Answer, hold: Hold) -> None:
    vendor = paged("kind: page, page: page, size: size, max: 2, items: rows, total: total")
    full = answer({"rows": things(1, 2), "total": 4})
    asked, first = hold(search(vendor, "thing", {}, size=50), full)
    assert asked[0].query == (("page", "1"), ("size", "2"))
    asked, second = hold(search(vendor, "thing", {}, cursor=first.cursor, size=50), full)
    assert asked[0].query == (("page", "2"), ("size", "2"))
    assert second.cursor is None


def test_without_a_total_a_short_page_is_the_last(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: offset, offset: from, size: n, items: rows")
    _, full = hold(search(vendor, "thing", {}, size=2), answer({"rows": things(1, 2)}))
    asked, short = hold(
        search(vendor, "thing", {}, cursor=full.cursor, size=2), answer({"rows": things(3)})
    )
    assert asked[0].query == (("from", "2"), ("n", "2"))
    assert short.cursor is None


def test_the_page_size_stays_what_the_first_page_was_asked_with(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: page, page: page, size: size, items: rows, total: total")
    body = answer({"rows": things(1, 2, 3), "total": 9})
    _, first = hold(search(vendor, "thing", {}, size=3), body)
    asked, second = hold(search(vendor, "thing", {}, cursor=first.cursor, size=2), body)
    assert asked[0].query == (("page", "2"), ("size", "3"))
    assert ids(second) == [1, 2]
    asked, third = hold(search(vendor, "thing", {}, cursor=second.cursor, size=2), body)
    assert asked[0].query == (("page", "2"), ("size", "3"))
    assert ids(third) == [3]


def test_a_cursor_list_ends_when_the_vendor_says_so(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: cursor, after: a, items: rows, next: next, more: more")
    _, page = hold(
        search(vendor, "thing", {}), answer({"rows": things(1), "next": "x", "more": False})
    )
    assert page.cursor is None


def test_a_cursor_may_hold_any_text(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: cursor, after: a, items: rows, next: next")
    _, page = hold(search(vendor, "thing", {}), answer({"rows": [], "next": "1-2-\n&é"}))
    (asked,) = next(search(vendor, "thing", {}, cursor=page.cursor))
    assert asked.query == (("a", "1-2-\n&é"),)


def test_the_same_page_again_is_garbage_and_not_an_endless_list(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: cursor, after: a, items: rows, next: next")
    body = answer({"rows": [], "next": "x"})
    _, page = hold(search(vendor, "thing", {}), body)
    with pytest.raises(VendorError) as failure:
        hold(search(vendor, "thing", {}, cursor=page.cursor), body)
    assert failure.value.kind == "garbage"


@pytest.mark.parametrize(
    "links",
    [
        ('<https://v.example/a/things?p=0>; rel="prev", <things?p=2>; rel="next"',),
        ('<things?p=0>; rel="first"', '<things?p=2>; rel="next"'),
        ('<things?p=2>; title="on; rel=last, and on"; rel=next',),
        ('<things?p=2>;hreflang=de ;rel="last next"; title=x',),
        ('<things?p=9>; rel="nextish", <things?p=2>; REL = "Next"',),
    ],
)
def test_a_link_header_leads_to_the_next_page(
    paged: Callable[[str], Vendor], hold: Hold, links: tuple[str, ...]
) -> None:
    """RFC 8288, 3: a list of links, in one header or several, each with parameters in any order."""
    vendor = paged("kind: link, items: ., next: {header: Link}")
    at = {"base_url": "https://v.example/a"}
    headers = tuple(("link", link) for link in links)
    _, page = hold(search(vendor, "thing", at), Response(200, headers, b'[{"id": 1}]'))
    (asked,) = next(search(vendor, "thing", at, cursor=page.cursor))
    assert (asked.path, asked.query) == ("/things", (("p", "2"),))


@pytest.mark.parametrize(
    "link",
    ['<things?p=0>; rel="prev"', '<things?p=0>; title="rel=next"', '<things?p=0>; norel="next"'],
)
def test_a_link_of_another_relation_ends_the_list(
    paged: Callable[[str], Vendor], hold: Hold, link: str
) -> None:
    vendor = paged("kind: link, items: ., next: {header: Link}")
    _, page = hold(search(vendor, "thing", {}), Response(200, (("link", link),), b'[{"id": 1}]'))
    assert page.cursor is None


def test_a_list_may_be_an_object_whose_keys_are_data(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: none, items: things.*, item: value")
    body = {"things": {"a": {"value": {"id": 1}}, "b": {"value": {"id": 2}}}}
    _, page = hold(search(vendor, "thing", {}), answer(body))
    assert ids(page) == [1, 2]


def test_a_vendor_may_leave_out_an_empty_list_if_its_file_says_so(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = paged("kind: none, items: rows, missing: empty")
    _, page = hold(search(vendor, "thing", {}), answer({}))
    assert page.records == ()


def test_an_entry_that_is_not_a_record_is_garbage(
    paged: Callable[[str], Vendor], answer: Answer, hold: Hold
) -> None:
    with pytest.raises(VendorError):
        hold(search(paged("kind: none, items: ."), "thing", {}), answer([1]))


@pytest.mark.parametrize("cursor", ["made up", "0--x", "-1--1"])
def test_a_cursor_that_is_not_ours_is_the_clients_fault(
    paged: Callable[[str], Vendor], cursor: str
) -> None:
    vendor = paged("kind: page, page: p, items: .")
    with pytest.raises(FhirError) as failure:
        next(search(vendor, "thing", {}, cursor=cursor))
    assert failure.value.status == 400


def test_a_list_without_end_is_given_up(load: Load, answer: Answer, hold: Hold) -> None:
    vendor = load("""
        portico: 1
        vendor: v
        objects:
          thing:
            key: id
            read: {via: list}
            search: {request: GET /, paging: {kind: cursor, after: a, items: rows, next: next}}
    """)
    endless = [answer({"rows": [], "next": number}) for number in range(1, 1000)]
    with pytest.raises(VendorError) as failure:
        hold(read(vendor, "thing", {"id": "x"}), *endless)
    assert failure.value.kind == "garbage"


def test_a_credential_that_the_vendor_repeats_in_its_links_is_not_in_the_cursor(
    load: Load, hold: Hold, answer: Answer
) -> None:
    credential = (
        '    settings: {k: secret}\n    credential: {kind: query, name: key, value: "{k}"}\n'
    )
    paging = "{kind: link, items: rows, next: next}"
    search_line = f"        search: {{request: GET /things, paging: {paging}}}\n"
    vendor = load(HEAD.replace("    objects:", f"{credential}    objects:") + search_line)
    at = {"base_url": "https://v.example"}
    body = {"rows": things(1), "next": "https://v.example/things?key=s3cret&a=b%26c&p=2"}
    _, page = hold(search(vendor, "thing", at), answer(body))
    assert "s3cret" not in page.cursor
    (asked,) = next(search(vendor, "thing", at, cursor=page.cursor))
    assert (asked.path, asked.query) == ("/things", (("a", "b&c"), ("p", "2")))
