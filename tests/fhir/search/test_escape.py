r"""Escaping in search parameters (https://hl7.org/fhir/R4/search.html#escaping)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.fhir.search.escape import escape, split, unescape

TEXT = st.text(alphabet=st.sampled_from("ab\\,|$ \n"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        ("a\\,b", ["a\\,b"]),
        ("a\\\\,b", ["a\\\\", "b"]),
        (",a,", ["", "a", ""]),
        ("a\\", ["a\\"]),
        ("", [""]),
    ],
)
def test_commas_divide_unless_they_are_escaped(text: str, parts: list[str]) -> None:
    assert split(text, ",") == parts


def test_a_lone_backslash_stands_for_itself() -> None:
    assert unescape("a\\b\\") == "a\\b\\"


@given(TEXT)
def test_what_is_escaped_reads_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.lists(TEXT, min_size=1), st.sampled_from(",|"))
def test_escaped_values_stay_apart(texts: list[str], mark: str) -> None:
    joined = mark.join(escape(text) for text in texts)
    assert [unescape(part) for part in split(joined, mark)] == texts
