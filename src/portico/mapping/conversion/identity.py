"""FHIR ids and references from vendor keys and back, without a table.

R4 ids are 1 to 64 of `A-Z a-z 0-9 - .` (https://hl7.org/fhir/R4/datatypes.html#id). Keys that fit
pass; others are escaped as `b32.` and base 32; UUIDs of composite keys are packed to 25 characters
of base 36, so that two of them fit.
"""

import base64
import binascii
import re
import uuid
from collections.abc import Sequence

from portico import Json
from portico.mapping.conversion.transform import RefusalError, Transform, UnholdableError

MAX_LENGTH = 64
_LEGAL = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}")
_ESCAPED = "b32."
_PACKED = 25
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PART = re.compile(r"[A-Za-z0-9]+")
_REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?")


def escape(key: str) -> str:
    """A vendor's key as a FHIR id. Raises RefusalError when it cannot fit."""
    if len(key) <= MAX_LENGTH and key.isascii() and key.replace("-", "").isalnum():
        return key  # most keys, among them every UUID
    if _LEGAL.fullmatch(key) and not key.startswith(_ESCAPED):
        return key
    text = _ESCAPED + base64.b32encode(key.encode()).decode().rstrip("=").lower()
    if len(text) > MAX_LENGTH:
        raise RefusalError("the vendor's key is too long for a FHIR id")
    return text


def unescape(logical_id: str) -> str | None:
    """The vendor's key in a FHIR id, or None if the id is not one that `escape` makes."""
    if not _LEGAL.fullmatch(logical_id):
        return None
    if not logical_id.startswith(_ESCAPED):
        return logical_id
    text = logical_id.removeprefix(_ESCAPED).upper()
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8)).decode()
        return key if escape(key) == logical_id else None
    except (binascii.Error, UnicodeDecodeError, RefusalError):
        return None


def pack(parts: Sequence[str]) -> str:
    """Several keys as one id, UUIDs in base 36."""
    text = "-".join(_pack_one(part) for part in parts)
    if len(text) > MAX_LENGTH:
        raise RefusalError("the vendor's keys are too long for a FHIR id")
    return text


def unpack(logical_id: str, count: int) -> tuple[str, ...] | None:
    """The keys in an id made by `pack`, or None if it is not one."""
    parts = tuple(_unpack_one(text) for text in logical_id.split("-"))
    if len(parts) != count or None in parts:
        return None
    keys = tuple(part for part in parts if part is not None)
    return keys if pack(keys) == logical_id else None


def identified() -> Transform:
    """Vendor key ↔ FHIR id, escaped where it must be."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        key = unescape(value)
        if key is None:
            raise RefusalError("not an id of this vendor")
        return key

    inline = "{escape}(str({0}))"
    return Transform(lambda value: escape(str(value)), put, inline=inline, uses={"escape": escape})


def packed(members: int) -> Transform:
    """Several vendor keys ↔ one FHIR id."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        keys = unpack(value, members)
        if keys is None:
            raise RefusalError("not an id of this vendor")
        return keys

    def get(*keys: Json) -> Json:
        return None if None in keys else pack([str(key) for key in keys])

    return Transform(get, put, members=members)


def reference(type_name: str, *, only: bool = True) -> Transform:
    """Vendor key ↔ `Type/id`; absolute and versioned references are read too.

    Another reference is refused, or unless it may be this `only`, has no place.
    """

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        match = _REFERENCE.fullmatch(value)
        key = unescape(match[2]) if match and match[1] == type_name else None
        if key is None:
            what = f"must refer to a {type_name} by its id"
            raise RefusalError(what) if only else UnholdableError(what)
        return key

    inline = f"{type_name + '/'!r} + {{escape}}(str({{0}}))"
    return Transform(
        lambda value: f"{type_name}/{escape(str(value))}",
        put,
        inline=inline,
        uses={"escape": escape},
    )


def _pack_one(key: str) -> str:
    if _is_uuid(key):
        number, text = uuid.UUID(key).int, ""
        while number:
            number, digit = divmod(number, 36)
            text = _DIGITS[digit] + text
        return text.rjust(_PACKED, "0")
    if _PART.fullmatch(key) and len(key) != _PACKED:
        return key
    return "." + base64.b32encode(key.encode()).decode().rstrip("=").lower()


def _unpack_one(text: str) -> str | None:
    try:
        if text.startswith("."):
            text = text[1:].upper()
            return base64.b32decode(text + "=" * (-len(text) % 8)).decode()
        return str(uuid.UUID(int=int(text, 36))) if len(text) == _PACKED else text or None
    except (binascii.Error, ValueError):
        return None


def _is_uuid(key: str) -> bool:
    try:
        return str(uuid.UUID(key)) == key
    except ValueError:
        return False
