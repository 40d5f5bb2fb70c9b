"""What was sent against what would read back: every difference gets a name and a reason.

The comparison walks the tree of the shape, so that the entries of a list meet by the slices that
the rules mean, and every difference finds its rule.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node, children_of
from portico.mapping.language.rule import Direction, Shape
from portico.mapping.running.change import REQUIRED, Loss, LossKind
from portico.mapping.running.pairing import CODE, is_made_up, paired

_SERVER_OWNED = frozenset({"resourceType", "id"})
_META = frozenset({"versionId", "lastUpdated", "profile", "source"})
_HARMLESS_USE = frozenset(
    {"home", "work", "mobile", "billing", "usual", "official", "secondary", "nickname", "anonymous"}
)
_REFERENCE = re.compile(r"([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")
_NO_HOME = "the vendor has no place for it"


@dataclass(frozen=True)
class _At:
    """Where the walk is: the FHIRPath, the R4 type, and the tree's node if rules own it.

    R4 calls the element a modifier, or requires it; the module says its value as a constant.
    """

    path: str
    type: str
    node: Node | None
    lane: Lane | None = None
    modifier: bool = False
    required: bool = False
    fixed: bool = False

    @property
    def name(self) -> str:
        """The element's name, without the number of an entry."""
        return self.path.rpartition(".")[2].partition("[")[0]


def compare(sent: Json, held: Json, shape: CompiledShape, rules: Shape) -> tuple[Loss, ...]:
    """All differences of two resources of one type; `rules` say which losses do harm."""
    walk = _Walk(shape.reading_lanes, rules.neutral, rules.refuse)
    return tuple(walk.objects(sent, held, _At(shape.type, shape.type, shape.root)))


@dataclass(frozen=True)
class _Walk:
    lanes: Mapping[int, Lane]
    neutral: Mapping[str, tuple[str, ...]]
    refuse: Mapping[str, tuple[str, ...]]

    def objects(self, sent: Json, held: Json, at: _At) -> Iterator[Loss]:
        for name, value in sent.items():
            if value is not None and held.get(name) == value:
                continue
            if self._ours(name, at) or (name == "meta" and not value.keys() - _META):
                continue
            inner = self._inner(name, at)
            if (is_made_up(name, held, at.node) and value != held[name]) or (
                name not in held and not isinstance(inner.node, Entries)
            ):
                yield self._lost(value, inner)
            else:
                yield from self._values(value, held.get(name, []), inner)
        for name in held:
            if name not in sent and not self._ours(name, at):
                yield self._loss("added", self._inner(name, at), "the vendor has it")

    def _ours(self, name: str, at: _At) -> bool:
        if at.type == "Meta":
            return name in _META
        return "." not in at.path and name in _SERVER_OWNED

    def _inner(self, name: str, at: _At) -> _At:
        facts = definitions.element(at.type, name)
        node = at.node.children.get(name) if isinstance(at.node, Branch) else None
        lane = self.lanes.get(node.slot) if isinstance(node, Leaf) else at.lane
        path, kind = f"{at.path}.{name}", facts.type if facts else ""
        is_list = bool(facts and facts.is_list)
        is_fixed = isinstance(at.node, Branch) and name in at.node.constants and not is_list
        modifier = bool(facts and facts.is_modifier) or (at.modifier and name in CODE)
        required = bool(facts and facts.min and not is_list)
        return _At(path, kind, node, lane, modifier, required, is_fixed)

    def _values(self, sent: Json, held: Json, at: _At) -> Iterator[Loss]:
        if isinstance(sent, dict) and isinstance(held, dict):
            yield from self.objects(sent, held, at)
        elif isinstance(sent, list) and isinstance(held, list):
            yield from self._lists(sent, held, at)
        elif sent != held:
            yield self._changed(sent, held, at)

    def _lists(self, sent: Sequence[Json], held: Sequence[Json], at: _At) -> Iterator[Loss]:
        if sent == held:
            return
        if not all(isinstance(item, dict) for item in (*sent, *held)):
            yield self._changed(sent, held, at)
            return
        pairs = paired(sent, held, at.node, at.type, by_place=at.modifier)
        for index, value in enumerate(sent):
            node, partner = pairs[index]
            lane = self.lanes.get(node.slot) if isinstance(node, Leaf) else at.lane
            entry = _At(f"{at.path}[{index}]", at.type, node, lane, at.modifier)
            if partner is not None:
                yield from self.objects(value, partner, entry)
            elif value in sent[:index]:
                yield self._loss("normalised", entry, "an exact duplicate")
            else:
                yield self._lost(value, entry)
        partners = [id(partner) for _, partner in pairs.values()]
        for value in held:
            if id(value) not in partners:
                yield self._loss("added", at, "the vendor has it")

    def _lost(self, value: Json, at: _At) -> Loss:
        lanes = [at.lane] if at.lane else list(self._below(at.node))
        settings = [lane.reads_if for lane in lanes if lane.reads_if]
        if settings:
            reason = f"sent, but shown in reads only where the setting {settings[0]} is on"
            return self._loss("withheld", at, reason)
        settings = [lane.writes_if for lane in lanes if lane.writes_if]
        if settings:
            return self._loss("lost", at, f"sent only where the setting {settings[0]} is on")
        if lanes and all(lane.direction is Direction.TO_FHIR for lane in lanes):
            return self._loss("read-only", at, "the vendor sets it")
        if at.path.endswith(".text") and at.type == "Narrative":
            return self._loss("normalised", at, "a narrative repeats what the elements say")
        harmful = (at.modifier and not self._neutral(value, at)) or self._refused(value, at)
        if at.required:
            return self._loss("lost", at, REQUIRED, modifier=True)
        return self._loss("lost", at, _NO_HOME, modifier=harmful)

    def _changed(self, sent: Json, held: Json, at: _At) -> Loss:
        lane = at.lane
        if at.name == "reference" and _target(sent) == _target(held):
            return self._loss("normalised", at, "the same reference in another form")
        if lane and lane.direction is Direction.TO_FHIR:
            return self._loss("read-only", at, "the vendor sets it")
        if lane and lane.lossy and at.name != "text" and not at.modifier:
            return self._loss("normalised", at, "it reads back in an equivalent form")
        declared = lane is not None and lane.declares(sent)
        unsaid = (at.modifier and at.name != "use") or at.fixed
        neutral = self._neutral(sent, at) and not at.modifier
        old = at.name == "use" and sent not in _HARMLESS_USE
        harmful = old or (not declared and ((unsaid and not neutral) or self._refused(sent, at)))
        return self._loss("changed", at, "the vendor's form of it differs", modifier=harmful)

    def _refused(self, value: Json, at: _At) -> bool:
        """Whether the module refuses to lose this value."""
        listed = self.refuse.get(at.name, ())
        return "any" in listed or bool(_codes(value) & set(listed))

    def _neutral(self, value: Json, at: _At) -> bool:
        if at.name == "use":
            return value in _HARMLESS_USE
        codes = _codes(value)
        return bool(codes) and codes <= set(self.neutral.get(at.name, ()))

    def _below(self, node: Node | None) -> Iterator[Lane]:
        """The lanes of everything under a node."""
        if isinstance(node, Leaf) and node.slot in self.lanes:
            yield self.lanes[node.slot]
        for child in children_of(node):
            yield from self._below(child)

    def _loss(self, kind: LossKind, at: _At, reason: str, *, modifier: bool = False) -> Loss:
        lane = at.lane or next(self._below(at.node), None)
        return Loss(kind, at.path, reason, lane.place if lane else None, modifier)


def _codes(value: Json) -> set[str]:
    """What a value says in codes: itself, or the codes of a concept, or of several."""
    if isinstance(value, list):
        return {code for item in value for code in _codes(item)}
    if isinstance(value, dict):
        return {coding.get("code") for coding in value.get("coding") or ()}
    return {str(value).lower() if isinstance(value, bool) else str(value)}


def _target(reference: Json) -> str:
    """`Type/id` of a literal reference, whatever base and version it is written with."""
    found = _REFERENCE.search(str(reference))
    return found[1] if found else str(reference)
