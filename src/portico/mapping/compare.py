"""What was sent against what would read back: every difference gets a name and a reason.

The comparison walks the tree of the shape, so that the entries of a list meet by the slices that
the rules mean, and every difference finds its rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.fhir import definitions
from portico.mapping.change import Loss, LossKind
from portico.mapping.compile import CompiledShape
from portico.mapping.lane import Lane
from portico.mapping.rule import Direction
from portico.mapping.selector import current, is_dated, pick
from portico.mapping.tree import Branch, Entries, Leaf, Node

_SERVER_OWNED = frozenset({"resourceType", "id", "implicitRules"})
_META = frozenset({"versionId", "lastUpdated", "profile", "source"})
_HARMLESS_USE = frozenset(
    {"home", "work", "mobile", "billing", "usual", "official", "secondary", "nickname", "anonymous"}
)
_NO_HOME = "the vendor has no place for it"


@dataclass(frozen=True)
class _At:
    """Where the walk is: the FHIRPath, the R4 type, and the tree's node if rules own it."""

    path: str
    type: str
    node: Node | None
    modifier: bool = False
    lane: Lane | None = None


def compare(
    sent: Json, held: Json, shape: CompiledShape, neutral: Mapping[str, tuple[str, ...]]
) -> tuple[Loss, ...]:
    """All differences of two resources of one type. `neutral` values may be lost without harm."""
    lanes = {slot: lane for lane in shape.lanes for slot in lane.slots if lane.direction.reads}
    walk = _Walk(lanes, neutral)
    return tuple(walk.objects(sent, held, _At(shape.type, shape.type, shape.root)))


@dataclass(frozen=True)
class _Walk:
    lanes: Mapping[int, Lane]
    neutral: Mapping[str, tuple[str, ...]]

    def objects(self, sent: Json, held: Json, at: _At) -> Iterator[Loss]:
        for name, value in sent.items():
            if self._ours(name, at):
                continue
            inner = self._inner(name, at)
            if name not in held:
                yield self._lost(value, inner)
            else:
                yield from self._values(value, held[name], inner)
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
        modifier = bool(facts and facts.is_modifier)
        return _At(f"{at.path}.{name}", facts.type if facts else "", node, modifier, lane)

    def _values(self, sent: Json, held: Json, at: _At) -> Iterator[Loss]:
        if isinstance(sent, dict) and isinstance(held, dict):
            yield from self.objects(sent, held, at)
        elif isinstance(sent, list) and isinstance(held, list):
            yield from self._lists(sent, held, at)
        elif sent != held:
            yield self._changed(sent, at)

    def _lists(self, sent: Sequence[Json], held: Sequence[Json], at: _At) -> Iterator[Loss]:
        if sent == held:
            return
        if not all(isinstance(item, dict) for item in (*sent, *held)):
            yield self._changed(sent, at)
            return
        pairs = _pairs(sent, held, at.node)
        for index, value in enumerate(sent):
            node, partner = pairs.get(index, (None, None))
            entry = _At(f"{at.path}[{index}]", at.type, node, at.modifier, self._lane(node, at))
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

    def _lane(self, node: Node | None, at: _At) -> Lane | None:
        return self.lanes.get(node.slot) if isinstance(node, Leaf) else at.lane

    def _lost(self, value: Json, at: _At) -> Loss:
        lane = at.lane or self._first_lane(at.node)
        if lane and lane.reads_if:
            reason = f"sent, but shown in reads only where the setting {lane.reads_if} is on"
            return self._loss("withheld", at, reason)
        if lane and lane.writes_if:
            return self._loss("lost", at, f"sent only where the setting {lane.writes_if} is on")
        if lane and lane.direction is Direction.TO_FHIR:
            return self._loss("read-only", at, "the vendor sets it")
        if at.path.endswith(".text") and at.type == "Narrative":
            return self._loss("normalised", at, "a narrative repeats what the elements say")
        harmful = at.modifier and not self._neutral(value, at)
        return self._loss("lost", at, _NO_HOME, modifier=harmful)

    def _changed(self, sent: Json, at: _At) -> Loss:
        lane = at.lane
        if lane and lane.direction is Direction.TO_FHIR:
            return self._loss("read-only", at, "the vendor sets it")
        if lane and lane.lossy:
            return self._loss("normalised", at, "it reads back in an equivalent form")
        harmful = at.modifier and not self._neutral(sent, at)
        return self._loss("changed", at, "the vendor's form of it differs", modifier=harmful)

    def _neutral(self, value: Json, at: _At) -> bool:
        name = at.path.rpartition(".")[2]
        if name == "use":
            return value in _HARMLESS_USE
        codes = {value} if isinstance(value, str) else set()
        if isinstance(value, dict):
            codes = {coding.get("code") for coding in value.get("coding") or ()}
        return bool(codes) and codes <= set(self.neutral.get(name, ()))

    def _first_lane(self, node: Node | None) -> Lane | None:
        while isinstance(node, Branch) and len(node.children) == 1:
            node = next(iter(node.children.values()))
        return self.lanes.get(node.slot) if isinstance(node, Leaf) else None

    def _loss(self, kind: LossKind, at: _At, reason: str, *, modifier: bool = False) -> Loss:
        lane = at.lane or self._first_lane(at.node)
        return Loss(kind, at.path, reason, lane.place if lane else None, modifier)


def _pairs(
    sent: Sequence[Json], held: Sequence[Json], node: Node | None
) -> dict[int, tuple[Node | None, Json]]:
    """Which held entry each sent entry became, and the node that both belong to."""
    pairs: dict[int, tuple[Node | None, Json]] = {}
    free_sent, free_held = list(range(len(sent))), list(held)
    if isinstance(node, Entries):
        for found, child in node.slices:
            one = pick(_current(sent, node), found.ranked)
            other = pick(_current(held, node), found.ranked)
            index = next((i for i in free_sent if sent[i] is one), None)
            if index is not None and any(other is item for item in free_held):
                pairs[index] = (child, other)
                free_sent.remove(index)
                free_held = [item for item in free_held if item is not other]
    for index in list(free_sent):
        equal = next((item for item in free_held if item == sent[index]), None)
        if equal is not None:
            pairs[index] = (None, equal)
            free_sent.remove(index)
            free_held = [item for item in free_held if item is not equal]
    rest = node.rest if isinstance(node, Entries) else node
    if isinstance(rest, Leaf):
        for index, item in zip(free_sent, free_held, strict=False):
            pairs[index] = (rest, item)
    return pairs


def _current(entries: Sequence[Json], node: Entries) -> Sequence[Json]:
    return current(entries) if is_dated(node.type) else entries
