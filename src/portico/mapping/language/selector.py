"""Selectors as predicates: which entry of a FHIR list a slice means, and what it is made with."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from portico import Json
from portico.errors import Place
from portico.fhir import definitions
from portico.mapping.language.rule import Selector, Step, Test
from portico.mapping.language.terminology import Terminology

Predicate = Callable[[Json], bool]

_DATED = frozenset({"ContactPoint", "Address", "HumanName", "Identifier"})


@dataclass(frozen=True, slots=True)
class Want:
    """A test with its value as FHIR has it; a soft one takes entries without the element too."""

    path: tuple[str, ...]
    value: Json
    soft: bool


@dataclass(frozen=True)
class Slice:
    """A resolved selector: predicates, best first, and what a new entry is made with.

    `known_by` is (element, value) where that alone tells the entry, as `url` does of extensions.
    `wants` are all tests of an entry; `place` is where the selector is written.
    """

    selector: Selector | None
    ranked: tuple[Predicate, ...]
    fixed: dict[str, Json]
    known_by: tuple[str, Json] | None = None
    wants: tuple[Want, ...] = ()
    place: Place = field(default=Place(""), compare=False)


class UnknownElementError(LookupError):
    """A path names an element that its type does not have."""

    def __init__(self, type_name: str, name: str) -> None:
        super().__init__(name)
        self.type_name = type_name
        self.name = name


def element(type_name: str, name: str) -> definitions.Element:
    """The facts of one element. Raises UnknownElementError."""
    found = definitions.element(type_name, name)
    if found is None:
        if name == "extension":
            return definitions.Element(name, "Extension", is_list=True)
        raise UnknownElementError(type_name, name)
    return found


def current(entries: Sequence[Json]) -> list[Json]:
    """Leave out what is old: `use=old` or an ended period is not shared as current."""
    return [entry for entry in entries if not is_old(entry)]


def is_old(entry: Json, said: Container[str] = ()) -> bool:
    """Whether an entry is of the past, and no rule for the elements `said` can tell so."""
    is_called_old = "use" not in said and entry.get("use") == "old"
    return is_called_old or ("period" not in said and "end" in (entry.get("period") or ()))


def is_dated(type_name: str) -> bool:
    return type_name in _DATED


def pick(entries: Sequence[Json], ranked: tuple[Predicate, ...]) -> Json:
    """The first entry that satisfies the best predicate, else the next predicate's first."""
    for predicate in ranked:
        for entry in entries:
            if predicate(entry):
                return entry
    return None


def resolve(step: Step, type_name: str, terminology: Terminology) -> Slice:
    """Make a step's selector ready: predicates and the fixed values of a new entry."""
    selector, place = step.selector, step.place
    if selector is None:
        return Slice(selector, (_any,), {}, place=place)
    if selector.position:
        best = [_reader(test, type_name, terminology)[0] for test in selector.prefer]
        return Slice(selector, (*best, _any), {}, place=place)
    readers = [(_reader(test, type_name, terminology), test.soft) for test in selector.tests]
    ranked = [_all([matches for (matches, _, _), _ in readers])]
    if any(is_soft for _, is_soft in readers):
        ranked.append(_all([absent if soft else match for (match, absent, _), soft in readers]))
    fixed: dict[str, Json] = {}
    for (_, _, made), _ in readers:
        fixed = _merge(fixed, made)
    wants = tuple(
        Want(test.path, _at(made, test.path), test.soft)
        for test, ((_, _, made), _) in zip(selector.tests, readers, strict=True)
    )
    known_by = _known_by(selector, fixed)
    kept = {} if selector.has else fixed
    return Slice(selector, tuple(ranked), kept, known_by, wants, place)


def _at(made: Json, path: tuple[str, ...]) -> Json:
    """The value that a test asks for, out of what a new entry gets for it."""
    found: Json = made
    for name in path:
        found = found[name][0] if isinstance(found[name], list) else found[name]
    return found


def _known_by(selector: Selector, fixed: dict[str, Json]) -> tuple[str, Json] | None:
    test = selector.tests[0]
    value = fixed.get(test.path[0])
    alone = len(selector.tests) == len(test.path) == 1 and not test.soft and not selector.has
    return (test.path[0], value) if alone and isinstance(value, str) else None


def _any(_entry: Json) -> bool:
    return True


def _all(predicates: list[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    return lambda entry: all(predicate(entry) for predicate in predicates)


def _reader(
    test: Test, type_name: str, terminology: Terminology
) -> tuple[Predicate, Predicate, dict[str, Json]]:
    """(matches, is absent, what a new entry gets) of one test."""
    facts = element(type_name, test.path[0])
    name = test.path[0]
    if len(test.path) > 1:
        inner = Test(test.path[1:], test.value)
        matches, _, made = _reader(inner, facts.type, terminology)
    else:
        matches, made = _value(test.value, facts.type, terminology)
    fixed = {name: [made] if facts.is_list else made}
    if facts.is_list:
        return (lambda e: any(map(matches, e.get(name) or ()))), (lambda e: name not in e), fixed
    return (lambda e: name in e and matches(e[name])), (lambda e: name not in e), fixed


def _value(text: str, type_name: str, terminology: Terminology) -> tuple[Predicate, Json]:
    if type_name == "boolean":
        return (lambda value: value is (text == "true")), text == "true"
    if type_name in {"uri", "url", "canonical"}:
        uri = terminology.uri(text)
        return (lambda value: value == uri), uri
    if type_name in {"CodeableConcept", "Coding"}:
        name, _, code = text.partition("#")
        coding = {"system": terminology.uri(name), "code": code}
        if type_name == "Coding":
            return (lambda value: _has(value, coding)), coding
        return (
            lambda value: any(_has(one, coding) for one in value.get("coding") or ()),
            {"coding": [coding]},
        )
    return (lambda value: value == text), text


def _has(value: Json, coding: dict[str, str]) -> bool:
    return all(value.get(key) == wanted for key, wanted in coding.items())


def _merge(one: Json, other: Json) -> Json:
    """Join what several tests make; single entries of one list are one entry."""
    if isinstance(one, list) and isinstance(other, list):
        return [_merge(one[0], other[0])]
    if isinstance(one, dict) and isinstance(other, dict):
        both = {key: _merge(one[key], other[key]) for key in one if key in other}
        return one | other | both
    return other
