"""JSON documents, exactly: decimals keep their digits, duplicate keys and wild depth are refused.

`1.10` stays `1.10`: numbers with a fraction or an exponent are `decimal.Decimal` from the wire to
the wire, as R4 asks (https://hl7.org/fhir/R4/datatypes.html#decimal).
"""

from decimal import Decimal

import jiter
import msgspec

from portico import Json

MAX_DEPTH = 64
_MAX_DIGITS = 64
_NESTED = (dict, list)
_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_STRIDE = 16
_LONG = b"0" * (_MAX_DIGITS // _STRIDE)
_REWRITTEN = (b"\\u", b"\\/")
_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class DocumentError(ValueError):
    """Text that is not a JSON document we accept; the message holds no value of it."""


def parse(text: bytes | str) -> Json:
    """Read one JSON document."""
    data = text.encode() if isinstance(text, str) else text
    value = _read_back(data)
    if value is None:
        value = _read(data)
    if _may_exceed(data):
        _check(value, MAX_DEPTH)
    return value


def dump(value: Json, *, pretty: bool = False) -> bytes:
    """Write a JSON document, decimals with the digits they came with."""
    text = _encoder.encode(value)
    return msgspec.json.format(text, indent=2) if pretty else text


def copy(value: Json) -> Json:
    """Copy a document deeply, so that results never share mutable parts with their input."""
    if isinstance(value, dict):
        return {
            key: copy(item) if item.__class__ in _NESTED else item for key, item in value.items()
        }
    if isinstance(value, list):
        return [copy(item) if item.__class__ in _NESTED else item for item in value]
    return value


def _read_back(data: bytes) -> Json:
    """The document, if it is written as it was read; None if that takes a closer look.

    What a faster reader does not refuse does not come back as it was: of two equal keys it keeps
    the last. Where escapes would be written otherwise, it is not tried.
    """
    if b"\\" in data and any(escape in data for escape in _REWRITTEN):
        return None
    try:
        value = _decoder.decode(data)
        again = _encoder.encode(value)
        same = again == data or again == msgspec.json.format(data, indent=-1)
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
        return None
    return value if same else None


def _read(data: bytes) -> Json:
    try:
        return jiter.from_json(
            data, allow_inf_nan=False, float_mode="decimal", catch_duplicate_keys=True
        )
    except ValueError as error:
        raise DocumentError(_without_values(str(error))) from error


def _may_exceed(data: bytes) -> bool:
    """Whether a look at the text alone does not show that it keeps the limits, as most do."""
    openings = data.count(b"{") + data.count(b"[")
    return openings > MAX_DEPTH or _LONG in data[::_STRIDE].translate(_AS_ZEROS)


def _check(value: Json, depth: int) -> None:
    if isinstance(value, dict | list):
        if not depth:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels")
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, depth - 1)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_MAX_DIGITS:
        raise DocumentError(f"a number has more than {_MAX_DIGITS} digits")


def _without_values(message: str) -> str:
    """Keep the parser's position and drop what it quotes: keys and values may be patient data."""
    what, _, where = message.rpartition(" at line ")
    reason = what.split("`")[0].split('"')[0].strip()
    return f"{reason or 'not JSON'} at line {where}" if where else "not JSON"
