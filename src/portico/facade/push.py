"""One criterion of a search held against one rule of the connection file: what can be pushed."""

from dataclasses import dataclass
from datetime import date

from portico.fhir.search import (
    Criterion,
    DateValue,
    ReferenceValue,
    StringValue,
    TokenValue,
    Value,
    date_range,
)
from portico.mapping.conversion.identity import unescape
from portico.vendor.search_parameters import Push, PushRange, ReadByKey

_DAY = len("2026-01-31")
_CLOSED = frozenset({"eq", "ge", "le", "gt", "lt"})


@dataclass(frozen=True, slots=True)
class Pushed:
    """Vendor parameters; `exact` tells that what the vendor answers is what was meant."""

    pairs: tuple[tuple[str, str], ...]
    exact: bool


def push(rule: Push, criterion: Criterion) -> Pushed | None:
    """The vendor parameter that says the criterion, None if none does.

    Only one value can be sent, so all values of the criterion must come to the same text. `:exact`
    means less than the plain search and may be pushed, if it is then filtered.
    """
    if criterion.modifier not in (None, "exact"):
        return None
    texts = {_text(rule, value) for value in criterion.values}
    text = texts.pop() if len(texts) == 1 else None
    if text is None:
        return None
    exact = not rule.superset and criterion.modifier is None
    return Pushed(
        ((rule.query, text),), exact and all(_is_exact(rule, v) for v in criterion.values)
    )


def push_range(rule: PushRange, criterion: Criterion) -> Pushed | None:
    """First and last day of a date search, None if it has none."""
    value = criterion.values[0] if len(criterion.values) == 1 else None
    if criterion.modifier is not None or not isinstance(value, DateValue):
        return None
    low, high = date_range(value)
    pairs = (*_bound(rule.low, low), *_bound(rule.high, high))
    whole = len(value.text) <= _DAY and value.prefix in _CLOSED
    return Pushed(pairs, whole and not rule.superset) if pairs else None


def path_value(criterion: Criterion) -> str | None:
    """The one parent that a reference names, as the vendor's key."""
    if criterion.modifier not in (None, *criterion.parameter.targets):
        return None
    keys = {
        unescape(value.logical_id)
        for value in criterion.values
        if isinstance(value, ReferenceValue) and value.logical_id
    }
    return keys.pop() if len(keys) == 1 else None


def read_keys(rule: ReadByKey, criterion: Criterion) -> tuple[str, ...] | None:
    """The keys that the tokens or references are, None unless all of them are."""
    if criterion.modifier not in (None, *criterion.parameter.targets):
        return None
    keys = [_key(rule, value) for value in criterion.values]
    known = tuple(key for key in keys if key)
    return known if len(known) == len(keys) else None


def _bound(name: str, day: date | None) -> tuple[tuple[str, str], ...]:
    return ((name, day.isoformat()),) if day else ()


def _text(rule: Push, value: Value) -> str | None:
    match value:
        case StringValue(text):
            return _word(text) if rule.superset else text
        case TokenValue(system, code):
            if code is None or (rule.system is not None and system != rule.system):
                return None
            return rule.values.get(code) if rule.values is not None else code
        case DateValue(prefix, _, text):
            return text if prefix == "eq" and len(text) == _DAY else None
        case ReferenceValue(_, logical_id):
            return unescape(logical_id) if logical_id else None


def _word(text: str) -> str:
    """The longest word: a vendor's search may look for words in one member at a time."""
    return max(text.split(), key=len)


def _is_exact(rule: Push, value: Value) -> bool:
    """A token's system must be known to the rule, or the vendor may answer another system's."""
    return not isinstance(value, TokenValue) or value.system == rule.system


def _key(rule: ReadByKey, value: Value) -> str | None:
    if isinstance(value, ReferenceValue):
        return unescape(value.logical_id) if value.logical_id else None
    if not isinstance(value, TokenValue) or not value.code:
        return None
    if rule.system is not None and value.system != rule.system:
        return None
    return value.code.removeprefix(rule.prefix) if value.code.startswith(rule.prefix) else None
