"""YAML as people write it: text stays text, and everything knows its place."""

import pytest

from portico.errors import MappingError
from portico.mapping.language.source import Table, Text, parse_yaml, plain


def first(text: str) -> Text:
    root = parse_yaml(text, "m.yaml")
    assert isinstance(root, Table)
    value = root.entries[0][1]
    assert isinstance(value, Text)
    return value


@pytest.mark.parametrize("word", ["NO", "no", "on", "Yes", "2020-01-01", "1e3", "0x1F", "1.10"])
def test_what_yaml_1_1_turns_into_something_else_stays_text(word: str) -> None:
    assert first(f"a: {word}").value == word


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("null", None), ("~", None), ("7", 7), ('"7"', "7")]
)
def test_core_scalars_have_their_values(word: str, value: object) -> None:
    assert first(f"a: {word}").value == value


def test_a_value_knows_its_line_and_column() -> None:
    assert str(first("\n  a:   here\n").place) == "m.yaml:2:8"


def test_a_character_of_a_quoted_value_knows_its_column() -> None:
    assert first('a: "here"').at(0).column == 5


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "E104", "m.yaml:3:1"),
        ("a: [1\n", "E100", "m.yaml:2:1"),
        ("", "E101", "m.yaml:1:1"),
        ("? [x]\n: 1\n", "E103", "m.yaml:1:3"),
    ],
)
def test_what_is_not_a_module_file_is_refused_where_it_stands(
    text: str, code: str, place: str
) -> None:
    with pytest.raises(MappingError) as caught:
        parse_yaml(text, "m.yaml")
    assert [(one.code, str(one.place)) for one in caught.value.findings] == [(code, place)]


def test_plain_forgets_the_places() -> None:
    assert plain(parse_yaml("a: {b: [1, x]}", "m.yaml")) == {"a": {"b": [1, "x"]}}
