"""What is read as a document, and how much of it."""

import json
from decimal import Decimal

import pytest

from portico import Json
from portico.document import MAX_DEPTH, DocumentError, copy, dump, parse


@pytest.mark.parametrize("text", ["[" * MAX_DEPTH + "]" * MAX_DEPTH, '{"a":' * 3 + "{}" + "}" * 3])
def test_a_document_may_be_as_deep_as_the_limit(text: str) -> None:
    assert parse(text) is not None


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_deeper_document_is_refused(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    depth = MAX_DEPTH + 1

    with pytest.raises(DocumentError, match="nested deeper"):
        parse(opening * depth + "1" * (opening != "[") + closing * depth)


def test_a_wide_document_is_not_deep() -> None:
    assert len(parse("[" + ",".join(["[]"] * 1000) + "]")) == 1000


def test_brackets_in_texts_are_no_depth() -> None:
    assert parse('{"a": "' + "[" * 1000 + '"}') == {"a": "[" * 1000}


@pytest.mark.parametrize("digits", ["9" * 65, "1" + "0" * 64, "-" + "7" * 200])
def test_a_whole_number_of_more_digits_than_the_limit_is_refused(digits: str) -> None:
    with pytest.raises(DocumentError, match="digits"):
        parse('{"a": [' + digits + "]}")


def test_long_texts_of_digits_and_long_numbers_are_documents() -> None:
    assert parse('{"a": "' + "1" * 65 + '", "b": ' + "9" * 64 + "}")["b"] == int("9" * 64)


def test_a_copy_shares_no_mutable_part() -> None:
    document = {"a": [{"b": [1]}], "c": {"d": []}}
    copied = copy(document)
    copied["a"][0]["b"].append(2)
    copied["c"]["d"].append(3)

    assert document == {"a": [{"b": [1]}], "c": {"d": []}}


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    "pairs",
    [
        [("a", 1), ("a", 2)],
        [("a", 1), ("a", 1)],
        [("a", None), ("a", None)],
        [("a", "1"), ("b", 1), ("a", "1")],
        [("a", "b\u00e9"), ("a", "c")],
        [("", ""), ("", "")],
    ],
)
def test_equal_keys_are_refused_at_any_depth(
    pairs: list[tuple[str, Json]], separators: tuple[str, str]
) -> None:
    comma, colon = separators
    text = "{" + comma.join(f"{json.dumps(k)}{colon}{json.dumps(v)}" for k, v in pairs) + "}"

    for nested in (text, f"[{text}]", f'{{"x":{{"y":[1,{text}]}}}}'):
        with pytest.raises(DocumentError):
            parse(nested)


def test_keys_that_only_escapes_tell_apart_are_equal() -> None:
    with pytest.raises(DocumentError):
        parse('{"a":1,"\\u0061":2}')


@pytest.mark.parametrize(
    "number",
    ["1.10", "0.0", "1e5", "1E+5", "1.50e-7", "0.00000000", "-0.50", "12345678901234567890.1"],
)
def test_a_number_with_a_fraction_or_an_exponent_keeps_its_digits(number: str) -> None:
    read = parse(f'{{"a":{number}}}')["a"]

    assert isinstance(read, Decimal)
    assert read.as_tuple() == Decimal(number).as_tuple()


@pytest.mark.parametrize("number", ["0", "-1", "18446744073709551616", "-9223372036854775809"])
def test_a_whole_number_is_read_as_it_is(number: str) -> None:
    assert dump(parse(f"[{number}]")) == f"[{number}]".encode()
    assert type(parse(number)) is int


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,]",
        "{}x",
        "01",
        "NaN",
        "Infinity",
        '"\\ud800"',
        "'a'",
        '"\x01"',
        "1e99999999999999999999",
    ],
)
def test_what_is_no_json_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        parse(text)


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xed\xa0\x80"', b'{"a\xc0":1}'])
def test_bytes_that_are_no_utf8_are_refused(data: bytes) -> None:
    with pytest.raises(DocumentError):
        parse(data)


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_document_reads_alike_however_it_is_written(
    indent: int | None, *, ascii_only: bool
) -> None:
    document: Json = {
        "é": ["a/b", '"', "\\", "\n\t\b\f\r", "\u007f", "😀", " : ", None, True, 10**20, {}],
        "": [],
    }

    assert parse(json.dumps(document, indent=indent, ensure_ascii=ascii_only)) == document
