"""Rule lines: what they say, and the exact column of what is wrong with them."""

import pytest
from tests.mapping.conftest import HEAD, Make, refused

from portico.errors import MappingError, Place
from portico.mapping.language.grammar import parse_cell, parse_members, parse_targets, split
from portico.mapping.language.rule import Cell, Direction
from portico.mapping.language.rule import Test as Condition
from portico.mapping.language.source import Text


def text(line: str) -> Text:
    return Text(Place("m.yaml"), line)


def test_no_arrow_means_both_ways() -> None:
    (target,) = parse_targets(text("birthDate | date"))
    assert (target.direction, target.calls[0].name) == (Direction.BOTH, "date")


def test_a_semicolon_separates_targets_and_each_knows_its_column() -> None:
    found = parse_targets(text("-> id | id ; own.value"))
    assert [(one.direction, one.place.column) for one in found] == [
        (Direction.TO_FHIR, 1),
        (Direction.BOTH, 14),
    ]


def test_a_quoted_text_is_a_fixed_value_even_with_separators_inside() -> None:
    (target,) = parse_targets(text('<- "a ; b | c"'))
    assert (target.direction, target.constant) == (Direction.TO_VENDOR, "a ; b | c")


def test_arguments_may_be_quoted() -> None:
    (target,) = parse_targets(text('name[0].given | list ", "'))
    assert target.calls[0].args == (", ",)


def test_a_selector_has_tests_hard_and_soft() -> None:
    (target,) = parse_targets(text("telecom[system=phone, use?=home].value"))
    selector = target.paths[0].steps[0].selector
    assert selector is not None
    assert selector.tests == (
        Condition(("system",), "phone"),
        Condition(("use",), "home", soft=True),
    )


def test_a_position_may_prefer() -> None:
    (target,) = parse_targets(text("coding[0 prefer system=sct|icd10cm]"))
    selector = target.paths[0].steps[0].selector
    assert selector is not None
    assert [test.value for test in selector.prefer] == ["sct", "icd10cm"]


def test_several_members_and_lists() -> None:
    members, is_list = parse_members(text("^code + a.b[]"))
    assert [(str(one), one.up) for one in members] == [("^code", True), ("a.b", False)]
    assert is_list


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("none", Cell("none")),
        ("_", Cell("any")),
        ("$d", Cell("value", "d")),
        ("true", Cell("literal", value=True)),
        ("active", Cell("literal", "active")),
    ],
)
def test_cells(cell: str, meaning: Cell) -> None:
    assert parse_cell(text(cell)) == meaning


def test_splitting_leaves_brackets_alone() -> None:
    assert [part for _, part in split("a[x=1 + 2] + b", " + ")] == ["a[x=1 + 2]", "b"]


@pytest.mark.parametrize(
    ("rule", "code", "column"),
    [
        ("born: birth Date", "E120", 14),
        ("born: birthDate + 9x", "E120", 21),
        ("born: birthDate | dat", "E110", 21),
        ("born: name[1].family", "E124", 9),
        ("born: name[official].family", "E125", 9),
        ("born: nam.family", "E121", 9),
        ("born: name.family", "E122", 9),
        ("born: birthDate[0]", "E123", 9),
        ("1born: birthDate", "E130", 3),
        ("born: name[0].given | list", "E112", 25),
        ("a + b: birthDate", "E113", 10),
        ("born: name[0].family | system-name", "E206", 9),
        ("born: gender | code sex", "E114", 18),
    ],
)
def test_a_bad_line_is_refused_at_its_column(rule: str, code: str, column: int, make: Make) -> None:
    line = HEAD.count("\n") + 2
    assert refused(make, f"rules:\n  {rule}\n") == [(code, line, column)]


def test_a_missing_converter_is_named() -> None:
    with pytest.raises(MappingError, match="E111"):
        parse_targets(text("birthDate |  | date"))


def test_two_rules_for_one_element_are_refused(make: Make) -> None:
    assert refused(make, "rules:\n  a: birthDate\n  b: birthDate\n") == [("E202", 7, 6)]


def test_a_misspelt_element_gets_a_hint(make: Make) -> None:
    with pytest.raises(MappingError, match="did you mean 'family'"):
        make("rules: {a: 'name[0].famly'}")
