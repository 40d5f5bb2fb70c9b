"""Media types (https://hl7.org/fhir/R4/http.html#mime-type)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.errors import FhirError
from portico.fhir.media_type import FHIR_JSON, check_content_type, negotiate


def chosen(accept: str | None, format_: str | None = None) -> str:
    return negotiate(accept, format_).partition(";")[0]


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "",
        "*/*",
        "application/*",
        "application/fhir+json",
        "APPLICATION/FHIR+JSON; charset=UTF-8",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+xml, application/fhir+json",
        "application/fhir+xml;q=1.0, */*;q=0.1",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/json+fhir",
    ],
)
def test_fhir_json_is_given_to_all_who_accept_it(accept: str | None) -> None:
    assert chosen(accept) == FHIR_JSON


@pytest.mark.parametrize("accept", ["application/json", "application/json, */*;q=0.8", "text/json"])
def test_a_generic_type_is_answered_as_it_was_asked_for(accept: str) -> None:
    assert chosen(accept) == accept.partition(",")[0]


def test_the_answer_says_its_charset() -> None:
    assert negotiate(None) == "application/fhir+json;charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "text/html",
        "text/turtle, application/fhir+xml;q=0.9",
        "application/fhir+json;q=0",
        "application/fhir+json;fhirVersion=5.0",
        "application/fhir+json;q=high",
        "*/*;q=0",
    ],
)
def test_406_when_nothing_acceptable_is_left(accept: str) -> None:
    with pytest.raises(FhirError) as refused:
        negotiate(accept)
    assert refused.value.status == 406


def test_the_closest_range_gives_the_weight() -> None:
    assert chosen("application/fhir+json;q=0, */*") == "application/json"
    assert chosen("application/*;q=0.1, application/json;q=0.5") == "application/json"


@pytest.mark.parametrize(
    "format_", ["json", "application/fhir+json", "application/fhir json", "application/json+fhir"]
)
def test_format_overrides_accept(format_: str) -> None:
    assert chosen("application/fhir+xml", format_) == FHIR_JSON


@pytest.mark.parametrize("format_", ["xml", "application/fhir+xml", "ttl", "html", "nonsense"])
def test_a_format_that_is_not_there_is_406_whatever_accept_says(format_: str) -> None:
    with pytest.raises(FhirError) as refused:
        negotiate("application/fhir+json", format_)
    assert refused.value.status == 406


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/fhir+json; charset=utf-8",
        'Application/FHIR+JSON;charset="UTF-8";fhirVersion=4.0',
        "application/json",
        "text/json",
    ],
)
def test_json_bodies_are_taken(content_type: str) -> None:
    check_content_type(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "application/fhir+xml",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/fhir+json; charset=iso-8859-1",
        "application/fhir+json; fhirVersion=3.0",
    ],
)
def test_other_bodies_are_refused(content_type: str | None) -> None:
    with pytest.raises(FhirError) as refused:
        check_content_type(content_type)
    assert refused.value.status == 415


@given(st.text(alphabet='*/;,="q01. ajsonf+', max_size=40))
def test_any_header_is_answered_or_refused(header: str) -> None:
    try:
        assert chosen(header) in {FHIR_JSON, "application/json", "text/json"}
    except FhirError as refused:
        assert refused.status == 406  # noqa: PT017 - either outcome is right
