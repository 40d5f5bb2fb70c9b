"""Keys that a record does not repeat because its address tells them, like the parent of a child."""

from collections.abc import Mapping, Sequence

from portico import Json, Record
from portico.vendor.dotted import parse_dotted
from portico.vendor.model import VendorObject


def keyed(thing: VendorObject, record: Record, values: Mapping[str, str]) -> Record:
    """The record with each key member that it lacks and `values` tell."""
    for member in thing.key:
        if member in values and parse_dotted(member).first(record) is None:
            record = Record(_with(record, member.split("."), values[member]))
    return record


def _with(record: Json, path: Sequence[str], value: str) -> dict[str, Json]:
    name, *rest = path
    known = record if isinstance(record, dict) else {}
    return {**known, name: _with(known.get(name), rest, value) if rest else value}
