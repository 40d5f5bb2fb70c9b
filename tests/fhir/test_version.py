"""Versions and preconditions (https://hl7.org/fhir/R4/http.html#concurrency)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico import Json
from portico.document import dump, parse
from portico.errors import FhirError
from portico.fhir.reference import is_logical_id
from portico.fhir.version import digest_version, etag, parse_precondition

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def test_an_etag_is_weak() -> None:
    assert etag("3") == 'W/"3"'


def test_if_match_names_the_version() -> None:
    condition = parse_precondition('W/"3"')
    assert condition.names("3")
    assert not condition.names("4")


def test_a_strong_etag_is_taken_as_well() -> None:
    assert parse_precondition('"3"').names("3")


def test_if_match_may_list_versions() -> None:
    condition = parse_precondition('W/"3", "4" ,W/"a,b"')
    assert condition.version_ids == frozenset({"3", "4", "a,b"})


def test_a_star_names_every_version_that_exists() -> None:
    condition = parse_precondition(" * ")
    assert condition.names("3")
    assert not condition.names(None), "but no resource that does not"


def test_no_version_is_named_by_no_list() -> None:
    assert not parse_precondition('W/"3"').names(None)


@pytest.mark.parametrize("header", ["", "3", 'W/"3', 'W/"3" W/"4"', '*, W/"3"', 'w/"3"', ","])
def test_what_is_not_an_etag_is_refused(header: str) -> None:
    with pytest.raises(FhirError) as refused:
        parse_precondition(header)
    assert refused.value.status == 400


@given(st.from_regex(r"[A-Za-z0-9\-.]{1,64}", fullmatch=True))
def test_an_etag_reads_back(version_id: str) -> None:
    assert parse_precondition(etag(version_id)).version_ids == frozenset({version_id})


@given(DOCUMENTS)
def test_a_digest_is_fit_for_a_version_id_and_stable_over_the_wire(document: Json) -> None:
    version = digest_version(b"key", document)
    assert is_logical_id(version)
    assert digest_version(b"key", parse(dump(document))) == version


def test_the_order_of_members_does_not_count() -> None:
    one = {"a": 1, "b": {"c": 2, "d": [3, 4]}}
    other = {"b": {"d": [3, 4], "c": 2}, "a": 1}
    assert digest_version(b"key", one) == digest_version(b"key", other)


@pytest.mark.parametrize(
    "other", [{"a": Decimal("1.1")}, {"a": "1.10"}, {"a": [Decimal("1.10")]}, {}]
)
def test_another_document_has_another_digest(other: Json) -> None:
    assert digest_version(b"key", {"a": Decimal("1.10")}) != digest_version(b"key", other)


def test_another_key_gives_another_digest() -> None:
    assert digest_version(b"key", {}) != digest_version(b"yek", {})
