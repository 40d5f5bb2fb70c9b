"""What is read as a document, and how much of it."""

import pytest

from portico.document import MAX_DEPTH, DocumentError, copy, parse


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
