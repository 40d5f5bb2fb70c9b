"""Records at random, from a vendor's JSON Schema: what it allows, and what vendors add to it."""

import string
from collections.abc import Iterator, Mapping
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from portico import Json

TEXT = st.text(
    alphabet=st.sampled_from(string.ascii_letters + string.digits + " -.,/#éñß漢'\"<>&\n"),
    min_size=1,
    max_size=12,
)
_DAY = st.dates().map(lambda day: day.isoformat())
_ZONES = st.sampled_from(["Z", "+02:00", "-05:30"])
_TIME = st.sampled_from(["T00:00:00", "T23:59:59", "T12:30:00.123456", "T01:02:03.5"])
_FORMATS: Mapping[str, SearchStrategy[str]] = {
    "date": _DAY,
    "date-time": st.tuples(_DAY, _TIME, _ZONES).map("".join),
    "uuid": st.uuids().map(str),
}
_DECIMALS = st.integers(-10_000, 10_000).map(lambda number: Decimal(number) / 100)
_WRITTEN = st.sampled_from(["0.0", "1.10", "98.60", "1E+2", "0.000000000000000001"]).map(Decimal)
_EXTRA = st.dictionaries(
    st.sampled_from(["x_new_member", "zzz"]),
    st.one_of(st.none(), st.text(max_size=3), st.just({"deep": [1, {"er": Decimal("1.50")}]})),
    max_size=1,
)
_RARELY = st.integers(0, 19).map(lambda number: number == 0)

Hints = Mapping[str, tuple[str, ...]]


def records(schema: Json, hints: Hints) -> SearchStrategy[dict[str, Json]]:
    """Documents of a schema; `hints` are values that some members should often have."""
    return st.builds(lambda record, extra: {**record, **extra}, _values(schema, "", hints), _EXTRA)


def _values(schema: Json, path: str, hints: Hints) -> SearchStrategy[Json]:
    if path in hints:
        return st.sampled_from(hints[path])
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return st.one_of([_values(one, path, hints) for one in schema[word]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return st.one_of([_of_type(kind, schema, path, hints) for kind in kinds])


def _of_type(kind: str, schema: Json, path: str, hints: Hints) -> SearchStrategy[Json]:
    if kind == "object":
        return _objects(schema, path, hints)
    if kind == "array":
        item = _values(schema.get("items", {}), path, hints)
        return st.lists(item, min_size=schema.get("minItems", 0), max_size=3)
    if kind == "integer":
        low, high = schema.get("minimum", -5), schema.get("maximum", 1_000)
        return st.integers(low, high)
    if kind == "number":
        return st.one_of(st.integers(-5, 10), st.just(1), _DECIMALS, _WRITTEN)
    if kind == "null":
        return st.none()
    return st.booleans() if kind == "boolean" else _text(schema)


def _text(schema: Json) -> SearchStrategy[str]:
    if "format" in schema:
        return _FORMATS[schema["format"]]
    for word in ("pattern", "x-public-pattern", "x-inferred-pattern"):
        if word in schema:
            return st.from_regex(schema[word], fullmatch=True).map(str.strip).filter(bool)
    known = schema.get("x-inferred-enum") or schema.get("x-seen")
    if known:
        return st.one_of(st.sampled_from(known), _seldom(st.sampled_from(known)))
    empty = [] if schema.get("minLength") else [st.just("")]
    longest = schema.get("maxLength", 200)
    return st.one_of(TEXT, TEXT, TEXT, *empty).map(lambda text: text[:longest])


def _seldom(usual: SearchStrategy[str]) -> SearchStrategy[str]:
    """Now and then a text that the contract never showed."""
    return _RARELY.flatmap(lambda rare: TEXT if rare else usual)


def _objects(schema: Json, path: str, hints: Hints) -> SearchStrategy[Json]:
    members = dict(_members(schema, path, hints))
    required = {name: members[name] for name in schema.get("required", ()) if name in members}
    optional = {name: value for name, value in members.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _members(schema: Json, path: str, hints: Hints) -> Iterator[tuple[str, SearchStrategy[Json]]]:
    for name, inner in schema.get("properties", {}).items():
        yield name, _values(inner, f"{path}.{name}" if path else name, hints)
