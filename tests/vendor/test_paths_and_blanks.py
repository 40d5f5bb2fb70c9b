"""Dotted paths into answers, and texts with blanks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.vendor.dotted import parse_dotted
from portico.vendor.template import TemplateError, parse_template

DOCUMENT = {
    "data": {"a": 1, "@odata.nextLink": "n"},
    "rows": [{"v": 1, "deep": [[2]]}, {"v": None}, {"w": 4}],
    "map": {"x": {"v": 5}, "y": {"v": 6}},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".", [DOCUMENT]),
        ("data.a", [1]),
        ("data.'@odata.nextLink'", ["n"]),
        ("rows[].v", [1]),
        ("rows[2].w", [4]),
        ("rows[0].deep[0][]", [2]),
        ("map.*.v", [5, 6]),
        ("rows.v", []),
        ("data[].a", []),
        ("nothing.at.all", []),
    ],
)
def test_a_dotted_path_reaches(path: str, found: list[Any]) -> None:
    assert parse_dotted(path).all(DOCUMENT) == found


@pytest.mark.parametrize(("path", "found"), [("[].v", [1, 2]), ("[1].v", [2]), ("[0]", [{"v": 1}])])
def test_a_path_into_an_answer_that_is_a_list(path: str, found: list[Any]) -> None:
    assert parse_dotted(path).all([{"v": 1}, {"v": 2}]) == found


@pytest.mark.parametrize("path", ["", "a..b", "a.", ".a", "a[x]", "a b", "'a", "[0]a", "[x]"])
def test_a_text_that_is_no_dotted_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"dots|empty"):
        parse_dotted(path)


def test_blanks_are_filled_and_doubled_braces_are_text() -> None:
    template = parse_template("a{x.y}{{b}}{z}")
    assert template.names == ("x.y", "z")
    assert template.fill({"x.y": "1", "z": "2"}) == "a1{b}2"
    assert template.fill_if_known({"z": "2"}) is None


@pytest.mark.parametrize(("text", "offset"), [("a{", 1), ("}", 0), ("{a b}", 0), ("{x}}", 3)])
def test_a_single_brace_is_an_error_at_its_place(text: str, offset: int) -> None:
    with pytest.raises(TemplateError) as failure:
        parse_template(text)
    assert failure.value.offset == offset


@given(st.text())
def test_every_text_is_a_template_or_an_error(text: str) -> None:
    try:
        template = parse_template(text.replace("{", "{{").replace("}", "}}"))
    except TemplateError:
        pytest.fail("doubled braces are always text")
    assert template.fill({}) == text
