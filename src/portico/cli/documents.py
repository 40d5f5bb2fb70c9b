"""JSON documents from files and standard input, one or one a line."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portico import Json
from portico.document import DocumentError, parse

STDIN = Path("-")


class InputError(Exception):
    """What a person gave cannot be used; the text names the file and the remedy."""


@dataclass(frozen=True)
class Document:
    """A document and where it came from: a file, or a line of it."""

    place: str
    value: Json


def read_document(file: Path) -> Document:
    """Read one JSON object. Raises InputError."""
    return _document(_name(file), _bytes(file))


def read_lines(file: Path) -> Iterator[Document | InputError]:
    """Read a JSON object from every line that is not empty; a line that is none is an error."""
    for number, line in enumerate(_bytes(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield _document(f"{_name(file)}:{number}", line)
        except InputError as error:
            yield error


def read_json(file: Path) -> Json:
    """Read one JSON document, whatever it is. Raises InputError."""
    return _parsed(_name(file), _bytes(file))


def read_list(file: Path) -> list[Json]:
    """Read one JSON list. Raises InputError."""
    value = _parsed(_name(file), _bytes(file))
    if not isinstance(value, list):
        raise InputError(f"{_name(file)}: not a JSON list; give the entries as the vendor answers")
    return value


def _document(place: str, data: bytes) -> Document:
    value = _parsed(place, data)
    if not isinstance(value, dict):
        raise InputError(f"{place}: not a JSON object; give one document, or use --ndjson")
    return Document(place, value)


def _parsed(place: str, data: bytes) -> Json:
    try:
        return parse(data)
    except DocumentError as error:
        raise InputError(f"{place}: {error}; correct the JSON") from error


def _bytes(file: Path) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; check the path and its rights") from error


def _name(file: Path) -> str:
    return "stdin" if file == STDIN else str(file)
