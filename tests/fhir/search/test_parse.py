"""Reading searches (https://hl7.org/fhir/R4/search.html)."""

import pytest

from portico.errors import FhirError
from portico.fhir.search import (
    MAX_COUNT,
    Criterion,
    DateValue,
    Query,
    ReferenceValue,
    StringValue,
    TokenValue,
    Value,
    parse_query,
)

BASE = "https://here.example/fhir/practice"


def parse(type_name: str, *pairs: tuple[str, str]) -> Query:
    return parse_query(type_name, pairs, BASE)


def criterion(type_name: str, name: str, text: str) -> Criterion:
    [found] = parse(type_name, (name, text)).criteria
    return found


def values(type_name: str, name: str, text: str) -> tuple[Value, ...]:
    return criterion(type_name, name, text).values


def refused(type_name: str, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(FhirError) as error:
        parse(type_name, *pairs)
    assert error.value.status == 400
    return [(issue.code, issue.diagnostics) for issue in error.value.issues]


def test_no_parameters_search_for_everything() -> None:
    assert parse("Patient") == Query("Patient")


def test_repeats_are_and_and_commas_are_or() -> None:
    query = parse("Patient", ("given", "Ann,Bob"), ("given", "Cy"))
    assert [one.values for one in query.criteria] == [
        (StringValue("Ann"), StringValue("Bob")),
        (StringValue("Cy"),),
    ]


def test_an_escaped_comma_belongs_to_the_value() -> None:
    assert values("Patient", "family", r"Smith\, Jr,Jones") == (
        StringValue("Smith, Jr"),
        StringValue("Jones"),
    )


def test_a_criterion_keeps_what_was_sent_for_the_self_link() -> None:
    assert criterion("Patient", "family:exact", r"A\,B").pair == ("family:exact", r"A\,B")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("male", TokenValue(None, "male")),
        ("http://x|7", TokenValue("http://x", "7")),
        ("|7", TokenValue("", "7")),
        ("http://x|", TokenValue("http://x", None)),
        (r"a\|b", TokenValue(None, "a|b")),
    ],
)
def test_tokens(text: str, value: TokenValue) -> None:
    assert values("Patient", "identifier", text) == (value,)


@pytest.mark.parametrize("text", ["|", "a|b|c", "a,,b", ","])
def test_what_is_no_token(text: str) -> None:
    [(code, diagnostics)] = refused("Patient", ("identifier", text))
    assert code == "invalid"
    assert "identifier" in diagnostics


def test_a_date_may_have_a_prefix() -> None:
    [value] = values("Patient", "birthdate", "ge1980-05")
    assert isinstance(value, DateValue)
    assert (value.prefix, value.text) == ("ge", "1980-05")


def test_a_date_without_a_prefix_means_equal() -> None:
    [value] = values("Patient", "birthdate", "1980")
    assert isinstance(value, DateValue)
    assert value.prefix == "eq"


def test_a_plus_that_was_not_quoted_in_the_url_is_still_a_plus() -> None:
    [value] = values("MedicationRequest", "authoredon", "2026-01-05T10:00:00 02:00")
    assert isinstance(value, DateValue)
    assert value.text == "2026-01-05T10:00:00+02:00"


@pytest.mark.parametrize("text", ["yesterday", "05/01/1980", "xx1980", "1980-02-30"])
def test_what_is_no_date_is_refused_without_repeating_it(text: str) -> None:
    [(code, diagnostics)] = refused("Patient", ("birthdate", text))
    assert code == "invalid"
    assert "birthdate" in diagnostics
    assert text not in diagnostics
    assert "1980" not in diagnostics


SEVEN = ReferenceValue("Patient", "7", f"{BASE}/Patient/7")


@pytest.mark.parametrize("text", ["7", "Patient/7", f"{BASE}/Patient/7"])
def test_a_patient_may_be_named_in_three_ways(text: str) -> None:
    assert values("Condition", "patient", text) == (SEVEN,)


def test_the_type_of_a_bare_id_is_open_when_there_are_several() -> None:
    assert values("Condition", "subject", "7") == (ReferenceValue(None, "7"),)
    assert values("Condition", "subject:Patient", "7") == (SEVEN,)


def test_a_reference_elsewhere_is_a_url() -> None:
    url = "https://there.example/Patient/7"
    assert values("Condition", "patient", url) == (ReferenceValue(None, None, url),)


@pytest.mark.parametrize("text", ["Group/7", "Patient?name=x", "#7", "Patient/7/8"])
def test_what_cannot_be_a_patient(text: str) -> None:
    [(code, _)] = refused("Condition", ("patient", text))
    assert code == "invalid"


def test_an_identifier_of_a_reference_is_a_token() -> None:
    assert values("Condition", "patient:identifier", "http://x|7") == (TokenValue("http://x", "7"),)


def test_missing_takes_true_or_false() -> None:
    assert criterion("Patient", "birthdate:missing", "true").missing is True
    assert criterion("Patient", "birthdate:missing", "false").missing is False
    assert refused("Patient", ("birthdate:missing", "no"))


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named() -> None:
    [(code, diagnostics)] = refused("Condition", ("pateint", "7"))
    assert code == "not-supported"
    assert diagnostics.startswith("pateint cannot be searched by")
    assert "patient" in diagnostics


@pytest.mark.parametrize(
    ("name", "type_name"),
    [("family:soundex", "Patient"), ("birthdate:exact", "Patient"), ("subject:Device", "Condition"),
     ("code:below", "Condition"), ("gender:", "Patient")],
)  # fmt: skip
def test_an_unknown_modifier_is_refused(name: str, type_name: str) -> None:
    [(code, diagnostics)] = refused(type_name, (name, "x"))
    assert code == "not-supported"
    assert name in diagnostics


def test_chains_are_not_supported() -> None:
    [(code, _)] = refused("Condition", ("patient.name", "Ann"))
    assert code == "not-supported"


def test_a_parameter_without_a_value_would_widen_the_answer() -> None:
    [(code, diagnostics)] = refused("Condition", ("patient", ""))
    assert (code, diagnostics) == ("invalid", "patient has no value")


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(refused("Patient", ("hair", "red"), ("birthdate", "x"), ("_count", "many"))) == 3


def test_a_name_that_may_be_a_value_is_not_repeated() -> None:
    [(_, diagnostics)] = refused("Patient", ("Ann Smith", ""))
    assert "Ann" not in diagnostics


def test_lenient_handling_leaves_unknown_parameters_out_and_says_so() -> None:
    pairs = [("hair", "red"), ("family:soundex", "Ann"), ("gender", "female")]
    query = parse_query("Patient", pairs, BASE, lenient=True)
    assert [one.parameter.name for one in query.criteria] == ["gender"]
    assert [issue.severity for issue in query.ignored] == ["warning", "warning"]
    assert query.ignored[0].diagnostics.startswith("hair")


def test_lenient_handling_still_refuses_wrong_values() -> None:
    with pytest.raises(FhirError, match="birthdate"):
        parse_query("Patient", [("birthdate", "x")], BASE, lenient=True)


def test_the_client_may_ask_for_a_number_of_entries() -> None:
    assert parse("Patient", ("_count", "20")).count == 20
    assert parse("Patient", ("_count", "0")).count == 0
    assert parse("Patient", ("_count", "99999")).count == MAX_COUNT
    assert parse("Patient").count is None


@pytest.mark.parametrize("text", ["-1", "many", "", "1.5", "٣", "9" * 5000])
def test_what_is_no_number_of_entries(text: str) -> None:
    [(code, diagnostics)] = refused("Patient", ("_count", text))
    assert code == "invalid"
    assert diagnostics.startswith("_count")


def test_a_result_parameter_stands_once() -> None:
    assert refused("Patient", ("_count", "1"), ("_count", "2"))


def test_a_cursor_is_kept_as_it_is() -> None:
    assert parse("Patient", ("_cursor", "b3Bh,cXVl|=")).cursor == "b3Bh,cXVl|="


def test_a_total_may_be_asked_for() -> None:
    assert parse("Patient", ("_total", "accurate")).total == "accurate"
    assert refused("Patient", ("_total", "roughly"))


def test_parameters_of_the_form_are_not_the_searchs() -> None:
    assert parse("Patient", ("_format", "json"), ("_pretty", "true")) == Query("Patient")


@pytest.mark.parametrize("name", ["_sort", "_include", "_revinclude", "_elements", "_has", "_text"])
def test_result_parameters_that_are_not_built_are_refused(name: str) -> None:
    [(code, _)] = refused("Patient", (name, "x"))
    assert code == "not-supported"


def test_a_summary_other_than_none_at_all_is_refused() -> None:
    assert parse("Patient", ("_summary", "false")) == Query("Patient")
    assert refused("Patient", ("_summary", "true"))
