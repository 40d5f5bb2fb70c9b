"""Values of R4's primitive types in JSON.

https://hl7.org/fhir/R4/datatypes.html#primitive, https://hl7.org/fhir/R4/json.html#primitive
"""

import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from portico import Json
from portico.fhir.narrative import is_narrative
from portico.fhir.search.interval import parse_moment

Fault = Literal["structure", "value"]

_MAX_STRING = 1024 * 1024
_MAX_INTEGER = 2**31 - 1
_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WORD = r"[^\s\x00-\x1f]+"
_DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"


def fault(type_name: str, value: Json) -> tuple[Fault, str] | None:
    """What is wrong with a value of a primitive type, None when nothing is.

    The issue code, `structure` for another kind of JSON value, `value` for a wrong one, and what
    was expected, in words that do not repeat the value.
    """
    json_kind, test, expected = _RULES[type_name]
    if not _is_kind(value, json_kind):
        return "structure", f"expected {type_name} as a JSON {json_kind}"
    return None if test(value) else ("value", f"expected {type_name}, {expected}")


def _is_kind(value: Json, json_kind: str) -> bool:
    if json_kind == "boolean":
        return isinstance(value, bool)
    if json_kind == "number":
        return isinstance(value, int | Decimal | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _matching(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None


def _moment(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: compiled.fullmatch(text) is not None and parse_moment(text) is not None


def _integer(least: int) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, int) and least <= value <= _MAX_INTEGER


def _is_text(text: str) -> bool:
    is_short = len(text.encode(errors="replace")) <= _MAX_STRING
    return bool(text.strip()) and is_short and not _CONTROL.search(text)


def _is_base64(text: str) -> bool:
    compact = "".join(text.split())
    try:
        binascii.a2b_base64(compact, strict_mode=True)
    except ValueError:
        return False
    return bool(compact)


_Rule = tuple[str, Callable[[Json], bool], str]
_TEXT: _Rule = ("string", _is_text, "some text of at most 1 MB, without control characters")
_URI: _Rule = ("string", _matching(_WORD), "not empty and without white space")
_RULES: Mapping[str, _Rule] = {
    "base64Binary": ("string", _is_base64, "not empty, with padding"),
    "boolean": ("boolean", lambda _: True, ""),
    "canonical": _URI,
    "code": ("string", _matching(rf"{_WORD}(?: {_WORD})*"), "without white space around it"),
    "date": ("string", _moment(_DATE), "such as 2026, 2026-01 or 2026-01-31"),
    "dateTime": (
        "string",
        _moment(rf"{_DATE}|\d{{4}}-\d\d-\d\dT{_TIME}{_ZONE}"),
        "such as 2026-01-31 or 2026-01-31T10:30:00+01:00, a time with seconds and zone",
    ),
    "decimal": ("number", lambda _: True, ""),
    "id": ("string", _matching(r"[A-Za-z0-9\-.]{1,64}"), "1 to 64 letters, digits, - and ."),
    "instant": (
        "string",
        _moment(rf"\d{{4}}-\d\d-\d\dT{_TIME}{_ZONE}"),
        "such as 2026-01-31T10:30:00+01:00",
    ),
    "integer": ("number", _integer(-_MAX_INTEGER - 1), "a whole number of 32 bits"),
    "markdown": _TEXT,
    "oid": ("string", _matching(r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+"), "such as urn:oid:1.2.3"),
    "positiveInt": ("number", _integer(1), "a whole number, 1 or more"),
    "string": _TEXT,
    "time": ("string", _matching(_TIME), "such as 10:30:00"),
    "unsignedInt": ("number", _integer(0), "a whole number, 0 or more"),
    "uri": _URI,
    "url": _URI,
    "uuid": (
        "string",
        _matching(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        "such as urn:uuid: and 32 small hexadecimal digits with hyphens",
    ),
    "xhtml": ("string", is_narrative, "a well-formed div with some text, and nothing that runs"),
}
