"""Conversations held by hand with a vendor that no code knows."""

from collections.abc import Callable
from typing import Any

import pytest

from portico import Record
from portico.errors import FhirError, VendorError
from portico.vendor.exchange import (
    act,
    catalogue,
    create,
    delete,
    is_gone,
    key_of,
    read,
    search,
    update,
    version_values,
)
from portico.vendor.message import Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Hold = Callable[..., tuple[list[Any], Any]]
Values = dict[str, str]

ADA = {"number": "7", "org": {"code": "north"}, "name": "Ada"}
KEY = {"org.code": "north", "number": "7"}
CHILDREN = """
    portico: 1
    vendor: v
    objects:
      child:
        key: [parent.id, id]
        read: GET /parents/{parent.id}/children/{id}
        search: {request: "GET /parents/{parent.id}/children", unwrap: .}
        create: POST /parents/{parent.id}/children
      sole:
        key: [parent.id, id]
        read: {via: list}
        search: {request: "GET /parents/{parent.id}/children", unwrap: .}
"""


def wrapped(record: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"id": record["number"], "attributes": record}}


def test_a_read_fills_the_path_and_unwraps_the_answer(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    asked, record = hold(read(meridian, "person", values | KEY), answer(wrapped(ADA)))
    assert asked[0].operation == "person.read"
    assert (asked[0].method, asked[0].path) == ("GET", "/t/acme/orgs/north/people/7")
    assert record == ADA


def test_a_version_in_a_header_becomes_a_member_that_the_update_sends_back(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    person = meridian.objects["person"]
    _, record = hold(read(meridian, "person", values | KEY), answer(wrapped(ADA), etag='"3"'))
    assert record["etag"] == '"3"'
    known = values | KEY | version_values(person, record)
    asked, result = hold(update(meridian, "person", known, {"name": "Ada L."}), answer(b"", 204))
    assert asked[0].headers == (("If-Match", '"3"'),)
    assert asked[0].body == {
        "data": {"type": "person", "id": "7", "attributes": {"name": "Ada L."}}
    }
    assert result is None


def test_a_header_whose_blank_has_no_value_is_left_out(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    asked, _ = hold(read(meridian, "person", values | KEY | {"site": "w1"}), answer(wrapped(ADA)))
    assert asked[0].headers == (("X-Site", "w1"),)
    asked, _ = hold(update(meridian, "person", values | KEY, {}), answer(b"", 204))
    assert asked[0].headers == ()


def test_a_record_that_is_set_gone_is_410(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    gone = {**ADA, "removed": {"at": "2026-01-01"}}
    assert is_gone(meridian.objects["person"], Record(gone))
    with pytest.raises(VendorError) as failure:
        hold(read(meridian, "person", values | KEY), answer(wrapped(gone)))
    assert (failure.value.status, failure.value.kind) == (410, "gone")


def test_a_record_with_another_key_is_never_taken_for_the_one_asked_for(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(read(meridian, "person", values | KEY), answer(wrapped({**ADA, "number": "8"})))
    assert (failure.value.status, failure.value.kind) == (502, "garbage")


@pytest.mark.parametrize("number", ["..", ".", "", "a/b", "a\\b", "7\n"])
def test_a_key_that_would_leave_the_path_is_not_found_and_never_sent(
    meridian: Vendor, values: Values, number: str
) -> None:
    with pytest.raises(VendorError) as failure:
        next(read(meridian, "person", values | KEY | {"number": number}))
    assert failure.value.status == 404


def test_a_child_without_its_parent_is_the_clients_fault(meridian: Vendor, values: Values) -> None:
    with pytest.raises(FhirError) as failure:
        next(create(meridian, "person", values, {"name": "Ada"}))
    assert (failure.value.status, failure.value.issues[0].code) == (422, "required")
    assert "org.code" in str(failure.value)


def test_days_are_sent_as_the_vendor_writes_them(meridian: Vendor, values: Values) -> None:
    query = (("born_from", "1815-12-10"), ("filter[name]", "ada"))
    (asked,) = next(search(meridian, "person", values, query))
    assert asked.query[1:3] == (("born_from", "10.12.1815"), ("filter[name]", "ada"))


def test_a_key_is_quoted_whatever_it_holds(meridian: Vendor, values: Values) -> None:
    (asked,) = next(read(meridian, "person", values | KEY | {"number": "7?x=1#é%2F"}))
    assert asked.path == "/t/acme/orgs/north/people/7%3Fx%3D1%23%C3%A9%252F"


def test_a_create_that_tells_only_a_location_is_read_afterwards(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    parent = {"org.code": "north"}
    exchange = create(meridian, "person", values | parent, {"name": "Ada"}, "once-1")
    made = answer(b"", 201, location="https://eu.meridian.example/t/acme/orgs/north/people/7")
    asked, record = hold(exchange, made, answer(wrapped(ADA)))
    assert asked[0].path == "/t/acme/orgs/north/people"
    assert asked[0].headers == (("X-Once", "once-1"),)
    assert asked[0].body == {"data": {"attributes": {"name": "Ada"}}}
    assert asked[1].path == "/t/acme/orgs/north/people/7"
    assert record == ADA


def test_a_delete_may_have_a_body_a_literal_colon_and_a_plain_text_answer(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    asked, result = hold(delete(meridian, "person", values | KEY), answer(b"erased"))
    assert (asked[0].method, asked[0].path) == ("POST", "/t/acme/people:erase")
    assert asked[0].body == {"numbers": ["7"], "hard": True}
    assert result is None


def test_an_action_lays_fixed_members_over_its_body(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    body = {"reason": "moved"}
    exchange = act(meridian, "person", "close", values | KEY, body)
    asked, record = hold(exchange, answer(wrapped(ADA)))
    assert asked[0].body == {"reason": "moved", "by": "portico"}
    assert body == {"reason": "moved"}
    assert record == ADA


def test_a_linked_list_is_followed_within_the_vendors_own_address(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    link = "/cloud/t/acme/people?page%5Bafter%5D=x1&include=all"
    first = {"data": [{"attributes": ADA}], "links": {"next": link}, "meta": {"count": 2}}
    exchange = search(meridian, "person", values, (("filter[name]", "ada"),), None, 1)
    asked, page = hold(exchange, answer(first))
    assert asked[0].query == (("include", "all"), ("filter[name]", "ada"), ("page[size]", "1"))
    assert (page.records, page.total) == ((ADA,), 2)
    last = {"data": [{"attributes": {**ADA, "number": "8"}}], "links": {}}
    exchange = search(meridian, "person", values, (), page.cursor, 1)
    asked, page = hold(exchange, answer(last))
    assert asked[0].path == "/t/acme/people"
    assert asked[0].query == (("page[after]", "x1"), ("include", "all"))
    assert page.cursor is None


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/cloud/t/acme/people",
        "http://eu.meridian.example/cloud/t/acme/people",
        "/cloud/t/other/people",
        "/cloud/t/acme/../other/people",
        "/cloud/t/acme/%2e%2e/other/people",
    ],
)
def test_a_next_link_to_anywhere_else_is_garbage(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold, link: str
) -> None:
    first = {"data": [], "links": {"next": link}}
    _, page = hold(search(meridian, "person", values), answer(first))
    with pytest.raises(VendorError) as failure:
        next(search(meridian, "person", values, (), page.cursor))
    assert failure.value.kind == "garbage"


def test_a_list_of_ids_reads_each_of_the_page_in_one_batch(
    meridian: Vendor, values: Values, answer: Answer
) -> None:
    listed = answer({"result": {"refs": ["n1", 2, "n3"]}}, x_total="3")
    exchange = search(meridian, "note", values, (("text", "pain"),), None, 3)
    (first,) = next(exchange)
    assert first.body == {"text": "pain", "page": {"skip": 0, "take": 3}}
    reads = exchange.send((listed,))
    assert [request.path for request in reads] == [
        f"/t/acme/notes/{ref}" for ref in ("n1", 2, "n3")
    ]
    notes = [answer({"data": {"attributes": {"ref": ref}}}) for ref in ("n1", "2", "n3")]
    with pytest.raises(StopIteration) as end:
        exchange.send(tuple(notes))
    page = end.value.value
    assert [record["ref"] for record in page.records] == ["n1", "2", "n3"]
    assert (page.cursor, page.total) == (None, 3)


def test_a_record_deleted_between_list_and_read_is_left_out_and_the_total_is_not_claimed(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    listed = answer({"result": {"refs": ["n1", "n2"]}}, x_total="2")
    there = answer({"data": {"attributes": {"ref": "n1"}}})
    _, page = hold(search(meridian, "note", values), listed, there, answer({}, 404))
    assert [record["ref"] for record in page.records] == ["n1"]
    assert page.total is None


def test_null_is_an_empty_list_and_asks_for_nothing_more(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    asked, page = hold(search(meridian, "note", values), answer({"result": {"refs": None}}))
    assert (len(asked), page.records, page.cursor) == (1, (), None)


def test_a_list_that_is_not_where_it_should_be_is_garbage_and_not_empty(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    with pytest.raises(VendorError) as failure:
        hold(search(meridian, "note", values), answer({"result": {"references": ["n1"]}}))
    assert failure.value.kind == "garbage"


def test_a_record_without_a_read_of_its_own_is_found_page_by_page(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    def visits(*ids: str, more: bool) -> Response:
        return answer({"visits": [{"person": "p1", "id": each} for each in ids], "more": more})

    exchange = read(meridian, "visit", values | {"person": "p1", "id": "v3"})
    asked, record = hold(exchange, visits("v1", "v2", more=True), visits("v3", "v4", more=True))
    assert [request.query for request in asked] == [
        (("p", "0"), ("n", "2")),
        (("p", "1"), ("n", "2")),
    ]
    assert record == {"person": "p1", "id": "v3"}


def test_a_record_that_no_page_holds_is_not_found(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    empty = answer({"visits": [], "more": False})
    with pytest.raises(VendorError) as failure:
        hold(read(meridian, "visit", values | {"person": "p1", "id": "v9"}), empty)
    assert failure.value.status == 404


def test_a_catalogue_is_loaded_whole(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    one = {"terms": [{"id": 1, "icd": "I10", "labels": {"long": "Hypertension"}}]}
    two: dict[str, Any] = {"terms": [{"id": 2, "icd": None, "labels": {}}]}
    exchange = catalogue(meridian, "problems", values)
    asked, entries = hold(exchange, answer(one, x_next="c2"), answer(two))
    assert asked[1].query == (("list", "problems"), ("from", "c2"))
    local = "https://meridian.example/terms"
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    assert entries[0].codings == ((icd, "I10", None), (local, "1", "Hypertension"))
    assert (entries[1].key, entries[1].text, entries[1].codings) == (
        "2",
        None,
        ((local, "2", None),),
    )


def test_a_vendor_that_says_no_such_thing_with_200_is_not_found(
    meridian: Vendor, values: Values, answer: Answer, hold: Hold
) -> None:
    body = {"errors": [{"code": "NO_SUCH_PERSON"}]}
    with pytest.raises(VendorError) as failure:
        hold(read(meridian, "person", values | KEY), answer(body))
    assert failure.value.status == 404


def test_an_operation_that_the_vendor_lacks_is_405(meridian: Vendor, values: Values) -> None:
    with pytest.raises(FhirError) as failure:
        next(delete(meridian, "visit", values))
    assert failure.value.status == 405


def test_a_records_key_is_read_from_its_members(meridian: Vendor) -> None:
    assert key_of(meridian.objects["person"], Record(ADA)) == KEY


def test_a_key_that_only_the_address_tells_is_put_into_the_record(
    load: Callable[..., Vendor], answer: Answer, hold: Hold
) -> None:
    vendor = load(CHILDREN)
    at = {"parent.id": "p1", "base_url": "https://v.example"}
    child = {"parent": {"name": "P"}, "id": 3}
    kept = {"parent": {"name": "P", "id": "p1"}, "id": 3}
    assert hold(read(vendor, "child", at | {"id": "3"}), answer(child))[1] == kept
    assert hold(create(vendor, "child", at, {}), answer(child))[1] == kept
    assert hold(search(vendor, "child", at), answer([child]))[1].records == (kept,)
    assert hold(read(vendor, "sole", at | {"id": "3"}), answer([{"id": 2}, {"id": 3}]))[1] == {
        "parent": {"id": "p1"},
        "id": 3,
    }


def test_a_record_of_another_parent_is_not_the_one_in_the_list(
    load: Callable[..., Vendor], answer: Answer, hold: Hold
) -> None:
    at = {"parent.id": "p1", "id": "3", "base_url": "https://v.example"}
    with pytest.raises(VendorError) as failure:
        hold(read(load(CHILDREN), "sole", at), answer([{"id": 3, "parent": {"id": "p2"}}]))
    assert failure.value.status == 404


def test_a_version_may_be_deep_in_the_record(load: Callable[..., Vendor]) -> None:
    vendor = load(
        """
        portico: 1
        vendor: v
        objects:
          thing:
            key: id
            version: meta.rev
            read: GET /things/{id}
            update: {request: "PUT /things/{id}", headers: {If-Match: "{meta.rev}"}}
        """
    )
    record = Record({"id": 1, "meta": {"rev": 7}})
    known = {"id": "1", **version_values(vendor.objects["thing"], record)}
    (asked,) = next(update(vendor, "thing", known, {}))
    assert asked.headers == (("If-Match", "7"),)
