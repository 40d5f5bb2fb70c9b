"""What a module says of losses and can never come to matter, and writes that nothing reads."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from portico.errors import Findings, Place
from portico.fhir import definitions
from portico.fhir.definitions import Element
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Node, children_of
from portico.mapping.language.rule import Direction, ModuleSpec, Part

_NEAR = 0.8
_CODE = frozenset({"coding", "system", "code"})
_Named = Mapping[str, Element]


def check_idle(part: Part, compiled: CompiledShape, spec: ModuleSpec, findings: Findings) -> None:
    """E207 for `<-` that follows nothing; E216 for `neutral` and `refuse` that never apply."""
    built = {slot for lane in compiled.lanes if lane.direction.reads for slot in lane.slots}
    for lane in compiled.lanes:
        if _follows_nothing(lane, built):
            findings.add(
                "E207",
                lane.place,
                f"nothing reads {lane.expression}, so each update would write its member again",
                "let a two-way rule make the element, or stand beside a two-way target",
            )
    fixed = frozenset(_fixed(compiled.root))
    known = list(_below(compiled.type, frozenset(), is_modifier=False))
    weighed = {name: facts for name, facts, is_modifier in known if is_modifier or name in fixed}
    named = {name: facts for name, facts, _ in known}
    prefix = f"resources.{part.name}." if part.name else ""
    for section, given, able in (
        ("neutral", part.shape.neutral, weighed),
        ("refuse", part.shape.refuse, named),
    ):
        for name, values in given.items():
            place = spec.places.get(f"{prefix}{section}.{name}", part.shape.place)
            _check_said(section, name, values, able, (place, findings))


def _check_said(
    section: str, name: str, values: Iterable[str], able: _Named, to: tuple[Place, Findings]
) -> None:
    place, findings = to
    facts = able.get(name)
    if facts is None:
        near = next(iter(get_close_matches(name, able, 1, _NEAR)), None)
        why = "no modifier and no fixed value" if section == "neutral" else "no element"
        remedy = f"did you mean '{near}'?" if near else "remove it"
        findings.add(
            "E216", place, f"{section}: {why} is called '{name}', so it says nothing", remedy
        )
        return
    codes = {"true", "false"} if facts.type == "boolean" else facts.codes
    for value in values:
        if codes is not None and value not in codes and (section, value) != ("refuse", "any"):
            what = f"{section}: '{value}' is no value of {name}"
            findings.add("E214", place, what, f"one of: {', '.join(sorted(codes)[:12])}")


def _below(
    type_name: str, seen: frozenset[str], *, is_modifier: bool
) -> Iterator[tuple[str, Element, bool]]:
    """Every element inside a type, and whether it or what it stands in is a modifier."""
    if type_name in seen:
        return
    for name, facts in definitions.elements(type_name).items():
        modifies = facts.is_modifier or (is_modifier and name in _CODE)
        yield name, facts, modifies
        yield from _below(facts.type, seen | {type_name}, is_modifier=modifies)


def _fixed(node: Node) -> Iterator[str]:
    if isinstance(node, Branch):
        yield from node.constants
    for child in children_of(node):
        yield from _fixed(child)


def _follows_nothing(lane: Lane, built: set[int]) -> bool:
    one_way = lane.direction is Direction.TO_VENDOR and lane.paths and not lane.fallback
    return bool(one_way) and not built.issuperset(lane.slots)
