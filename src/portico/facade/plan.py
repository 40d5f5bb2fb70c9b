"""The plan of a search: what the vendor is asked, what is filtered here, and what is refused.

A criterion is pushed to the vendor where the connection file says how, and filtered on the mapped
resources again unless the vendor's answer is exact. One vendor parameter takes one value, so a
second criterion that needs it for another value is only filtered.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from portico.errors import FhirError, Issue
from portico.facade.connection import Faces, Listed
from portico.facade.given import is_evaluable
from portico.facade.push import path_value, push, push_range, read_keys
from portico.facade.service import Key
from portico.fhir.search import Criterion, Query, TokenValue
from portico.vendor.model import VendorObject
from portico.vendor.search_parameters import (
    Push,
    PushPath,
    PushRange,
    ReadByKey,
    Refuse,
    SearchRule,
)

How = Literal["read", "path", "push", "push and filter", "filter"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with one parameter; `to` are the vendor's names for it."""

    parameter: str
    how: How
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reads:
    """The records are known by their keys and read one by one."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The vendor's list is asked for: key members of its path, and its own parameters."""

    path: Key
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one list answers. `residual` are what every mapped resource is held against."""

    query: Query
    listed: Listed
    source: Reads | Listing
    residual: tuple[Criterion, ...]
    decisions: tuple[Decision, ...]


@dataclass
class _Draft:
    """A plan under way. `left` are the criteria that nothing answers yet."""

    left: list[Criterion]
    path: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    residual: list[Criterion] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def decide(self, criterion: Criterion, how: How, *to: str, again: bool = False) -> None:
        self.decisions.append(Decision(criterion.pair[0], how, to))
        if again:
            self.residual.append(criterion)


def make_plans(faces: Faces, query: Query, *, lenient: bool = False) -> tuple[Plan, ...]:
    """Plan a search of each list. FhirError 400 names what cannot be evaluated, or is needed.

    With lenient handling, what cannot be evaluated is left out and added to `query.ignored`.
    """
    query = evaluable(query, lambda one: refusal(faces, one), lenient=lenient)
    return tuple(_plan(listed, query) for listed in faces.lists)


def _plan(listed: Listed, query: Query) -> Plan:
    draft = _Draft(list(query.criteria))
    source = _reads_by_id(listed, draft) or _reads_or_listing(listed, draft)
    for criterion in draft.left:
        draft.decide(criterion, "filter", again=True)
    return Plan(query, listed, source, tuple(draft.residual), tuple(draft.decisions))


def evaluable(query: Query, refused: Callable[[Criterion], str | None], *, lenient: bool) -> Query:
    """The query without what nobody can evaluate, or FhirError 400."""
    reasons = {one.pair: refused(one) for one in query.criteria}
    issues = [Issue("not-supported", reason) for reason in reasons.values() if reason]
    if not issues:
        return query
    if not lenient:
        raise FhirError(400, *issues)
    warnings = tuple(replace(issue, severity="warning") for issue in issues)
    kept = tuple(one for one in query.criteria if not reasons[one.pair])
    return replace(query, criteria=kept, ignored=query.ignored + warnings)


def refusal(faces: Faces, criterion: Criterion) -> str | None:
    """Why a criterion cannot be evaluated: the vendor's file refuses it, or it can match nothing.

    A filter on an element that no map ever gives would answer "none" as if that were known.
    """
    name = criterion.parameter.name
    rules = [rule for listed in faces.lists for rule in _rules(listed.thing, criterion)]
    reasons = [rule.reason for rule in rules if isinstance(rule, Refuse)]
    if reasons:
        return f"{name}: {reasons[0]}"
    if rules or is_evaluable(criterion.parameter, faces.resource_type, faces.roots):
        return None
    return f"{name}: the vendor does not hold what this searches"


def _rules(thing: VendorObject, criterion: Criterion) -> tuple[SearchRule, ...]:
    return thing.search_parameters.get(criterion.parameter.name, ())


def _reads_by_id(listed: Listed, draft: _Draft) -> Reads | None:
    """`_id` addresses records directly, whatever else is asked of them."""
    for criterion in draft.left:
        if criterion.parameter.name == "_id" and criterion.modifier is None:
            values = (value for value in criterion.values if isinstance(value, TokenValue))
            keys = (listed.key(value.code or "") for value in values)
            draft.left.remove(criterion)
            draft.decide(criterion, "read", *listed.thing.key, again=True)
            return Reads(_distinct(key for key in keys if key))
    return None


def _reads_or_listing(listed: Listed, draft: _Draft) -> Reads | Listing:
    _fill_path(listed.thing, draft)
    found = _reads_by_key(listed, draft)
    if found:
        return found
    if listed.thing.search is None:
        known = " or ".join(("_id", *listed.thing.found_by))
        what = f"the vendor has no list to search; search by {known}"
        raise FhirError(400, Issue("not-supported", what))
    _check_required(listed.thing, draft)
    for criterion in list(draft.left):
        _push(listed.thing, criterion, draft)
    return Listing(draft.path, tuple(draft.parameters.items()))


def _fill_path(thing: VendorObject, draft: _Draft) -> None:
    for criterion, rule in _pairs(thing, draft):
        value = path_value(criterion) if isinstance(rule, PushPath) else None
        if isinstance(rule, PushPath) and value and rule.member not in draft.path:
            draft.path[rule.member] = value
            draft.left.remove(criterion)
            draft.decide(criterion, "path", rule.member, again=True)


def _reads_by_key(listed: Listed, draft: _Draft) -> Reads | None:
    for criterion, rule in _pairs(listed.thing, draft):
        if not isinstance(rule, ReadByKey):
            continue
        values = read_keys(rule, criterion)
        if values is None or {*draft.path, rule.member} < set(listed.thing.key):
            continue
        draft.left.remove(criterion)
        draft.decide(criterion, "read", rule.member, again=not listed.is_one_to_one)
        return Reads(_distinct({**draft.path, rule.member: value} for value in values))
    return None


def _check_required(thing: VendorObject, draft: _Draft) -> None:
    missing = [
        name
        for name, rules in thing.search_parameters.items()
        for rule in rules
        if isinstance(rule, PushPath) and rule.required and rule.member not in draft.path
    ]
    if missing:
        what = f"the vendor lists them by one {missing[0]} only: give {missing[0]} with one id"
        raise FhirError(400, Issue("required", what))


def _push(thing: VendorObject, criterion: Criterion, draft: _Draft) -> None:
    for rule in _rules(thing, criterion):
        pushed = None
        if isinstance(rule, Push):
            pushed = push(rule, criterion)
        elif isinstance(rule, PushRange):
            pushed = push_range(rule, criterion)
        if pushed and all(draft.parameters.get(k, v) == v for k, v in pushed.pairs):
            draft.parameters.update(pushed.pairs)
            draft.left.remove(criterion)
            names = tuple(name for name, _ in pushed.pairs)
            how: How = "push" if pushed.exact else "push and filter"
            draft.decide(criterion, how, *names, again=not pushed.exact)
            return


def _pairs(thing: VendorObject, draft: _Draft) -> Iterator[tuple[Criterion, SearchRule]]:
    for criterion in tuple(draft.left):
        for rule in _rules(thing, criterion):
            yield criterion, rule


def _distinct(keys: Iterator[Mapping[str, str]]) -> tuple[Key, ...]:
    return tuple({tuple(sorted(key.items())): key for key in keys}.values())
