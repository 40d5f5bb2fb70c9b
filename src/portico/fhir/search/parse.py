"""Reading a search: names, modifiers and values, to a syntax tree or to issues that help.

https://hl7.org/fhir/R4/search.html
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from portico.errors import FhirError, Issue
from portico.fhir import reference
from portico.fhir.search.escape import split, unescape
from portico.fhir.search.folding import fold
from portico.fhir.search.interval import PREFIXES, Prefix, parse_moment
from portico.fhir.search.parameters import Parameter, ParameterType, parameters
from portico.fhir.search.query import (
    Criterion,
    DateValue,
    Query,
    ReferenceValue,
    StringValue,
    TokenValue,
    Total,
    Value,
)

MAX_COUNT = 1000

_MODIFIERS: Mapping[ParameterType, frozenset[str]] = {
    "string": frozenset({"missing", "exact", "contains"}),
    "token": frozenset({"missing", "not", "text"}),
    "date": frozenset({"missing"}),
    "reference": frozenset({"missing", "identifier"}),
}
# These shape the form of any answer; they are not part of the search.
_GENERAL = frozenset({"_format", "_pretty"})
_SAYABLE = re.compile(r"[A-Za-z0-9_.:\-]{1,64}", re.ASCII)
_PREFIXED = re.compile(rf"(?P<prefix>{'|'.join(PREFIXES)})?(?P<date>.*)", re.DOTALL)
_TOTALS: Mapping[str, Total] = {total: total for total in get_args(Total)}


class _RefusedError(Exception):
    """One parameter cannot be read. `unknown` tells that lenient handling may leave it out."""

    def __init__(self, code: str, diagnostics: str, *, unknown: bool = False) -> None:
        super().__init__(diagnostics)
        self.code = code
        self.unknown = unknown


@dataclass
class _Draft:
    """What has been read of a query so far."""

    type_name: str
    base: str
    criteria: list[Criterion] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)


def parse_query(
    type_name: str, pairs: Iterable[tuple[str, str]], base: str, *, lenient: bool = False
) -> Query:
    """Read the unquoted name and value pairs of a search at the server whose base URL is `base`.

    FhirError 400 names every parameter, modifier and value that cannot be evaluated. With lenient
    handling, unknown parameters and modifiers are left out and stand in `Query.ignored`; a value
    that is no value is an error all the same.
    """
    draft = _Draft(type_name, base)
    errors: list[Issue] = []
    ignored: list[Issue] = []
    for name, text in pairs:
        try:
            _read_pair(draft, name, text)
        except _RefusedError as refusal:
            if lenient and refusal.unknown:
                ignored.append(Issue(refusal.code, str(refusal), severity="warning"))
            else:
                errors.append(Issue(refusal.code, str(refusal)))
    if errors:
        raise FhirError(400, *errors)
    return _query(draft, tuple(ignored))


def _query(draft: _Draft, ignored: tuple[Issue, ...]) -> Query:
    count = draft.results.get("_count")
    return Query(
        type_name=draft.type_name,
        criteria=tuple(draft.criteria),
        count=None if count is None else min(int(count), MAX_COUNT),
        cursor=draft.results.get("_cursor"),
        total=_TOTALS.get(draft.results.get("_total", "")),
        ignored=ignored,
    )


def _read_pair(draft: _Draft, name: str, text: str) -> None:
    if name in _GENERAL:
        return
    if name in _RESULTS:
        _read_result(draft, name, text)
        return
    draft.criteria.append(_criterion(draft, name, text))


def _read_result(draft: _Draft, name: str, text: str) -> None:
    is_valid, remedy = _RESULTS[name]
    if name in draft.results:
        raise _RefusedError("invalid", f"{name} may stand once only")
    if not is_valid(text):
        raise _RefusedError("invalid", f"{name} {remedy}")
    draft.results[name] = text


def _criterion(draft: _Draft, name: str, text: str) -> Criterion:
    bare, colon, modifier = name.partition(":")
    parameter = parameters(draft.type_name).get(bare)
    if parameter is None:
        raise _unknown(draft.type_name, name)
    if not text:
        raise _RefusedError("invalid", f"{_said(name)} has no value")
    if modifier == "missing":
        return Criterion(parameter, modifier, (), (name, text), _boolean(name, text))
    if colon and not _is_known(parameter, modifier):
        raise _RefusedError("not-supported", f"{_said(name)}: no such modifier here", unknown=True)
    read = _reader(parameter, modifier)
    values = tuple(read(draft.base, name, part) for part in split(text, ","))
    return Criterion(parameter, modifier or None, values, (name, text))


def _unknown(type_name: str, name: str) -> _RefusedError:
    known = ", ".join(parameters(type_name)) or "none"
    what = f"{_said(name)} cannot be searched by; parameters of {type_name}: {known}"
    return _RefusedError("not-supported", what, unknown=True)


def _said(name: str) -> str:
    """A parameter's name as it may be repeated: what does not look like one may be anything."""
    return name if _SAYABLE.fullmatch(name) else "a parameter whose name is not one"


def _is_known(parameter: Parameter, modifier: str) -> bool:
    if modifier in _MODIFIERS[parameter.type]:
        return True
    return parameter.type == "reference" and modifier in parameter.targets


def _boolean(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise _RefusedError("invalid", f"{_said(name)} takes true or false")
    return text == "true"


_Reader = Callable[[str, str, str], Value]


def _reader(parameter: Parameter, modifier: str) -> _Reader:
    if modifier == "text":
        return _string
    if modifier == "identifier":
        return _token
    if parameter.type == "reference":
        only = (modifier,) if modifier else parameter.targets
        return lambda base, name, text: _reference(base, name, text, only)
    return _READERS[parameter.type]


def _string(_base: str, name: str, text: str) -> StringValue:
    value = unescape(text)
    _filled(name, fold(value))
    return StringValue(value)


def _token(_base: str, name: str, text: str) -> TokenValue:
    parts = [unescape(part) for part in split(text, "|")]
    if len(parts) == 1:
        return TokenValue(None, _filled(name, parts[0]))
    if len(parts) > 2 or not any(parts):  # noqa: PLR2004 - system and code
        raise _RefusedError("invalid", f"{_said(name)} takes code, system|code, |code or system|")
    return TokenValue(parts[0], parts[1] or None)


def _date(_base: str, name: str, text: str) -> DateValue:
    found = _PREFIXED.fullmatch(text)
    # A + that was not quoted in the URL arrives as a space.
    written = found["date"].replace(" ", "+") if found else ""
    interval = parse_moment(written)
    if found is None or interval is None:
        what = f"{_said(name)} takes a date such as 2026-01-31, with a prefix such as ge before it"
        raise _RefusedError("invalid", what)
    return DateValue(_PREFIX_OF[found["prefix"] or "eq"], interval, written)


def _reference(base: str, name: str, text: str, targets: tuple[str, ...]) -> ReferenceValue:
    text = unescape(text)
    if reference.is_logical_id(text):
        return _local(base, targets[0] if len(targets) == 1 else None, text)
    found = reference.parse(text, base)
    if found.kind == "local" and found.type_name:
        if found.type_name not in targets and "Resource" not in targets:
            what = f"{_said(name)} refers to {', '.join(targets)} only"
            raise _RefusedError("invalid", what)
        return _local(base, found.type_name, found.logical_id or "")
    if found.kind in ("external", "urn"):
        return ReferenceValue(None, None, text)
    raise _RefusedError("invalid", f"{_said(name)} takes an id, a Type/id or a URL")


def _local(base: str, type_name: str | None, logical_id: str) -> ReferenceValue:
    url = f"{base}/{type_name}/{logical_id}" if type_name else None
    return ReferenceValue(type_name, logical_id, url)


def _filled(name: str, text: str) -> str:
    if not text:
        raise _RefusedError("invalid", f"{_said(name)} has an empty value between its commas")
    return text


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(2**31))


_READERS: Mapping[ParameterType, _Reader] = {"string": _string, "token": _token, "date": _date}
_PREFIX_OF: Mapping[str, Prefix] = {prefix: prefix for prefix in get_args(Prefix)}
_RESULTS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "_count": (_is_count, "takes a whole number, 0 or more"),
    "_cursor": (bool, "is taken from a link of an earlier page"),
    "_total": (_TOTALS.__contains__, "takes none, estimate or accurate"),
    "_summary": ("false".__eq__, "other than false is not supported"),
}
