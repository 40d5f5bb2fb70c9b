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
from portico.mapping.tree import Branch, Entries, Leaf, Node, children_of

_SERVER_OWNED = frozenset({"resourceType", "id"})
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
            if self._ours(name, at) or (name == "meta" and not value.keys() - _META):
                continue
            inner = self._inner(name, at)
            if name not in held and not isinstance(inner.node, Entries):
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
        pairs = paired(sent, held, at.node)
        for index, value in enumerate(sent):
            node, partner = pairs[index]
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
        harmful = at.modifier and not self._neutral(value, at)
        return self._loss("lost", at, _NO_HOME, modifier=harmful)

    def _changed(self, sent: Json, at: _At) -> Loss:
        lane = at.lane
        if lane and lane.direction is Direction.TO_FHIR:
            return self._loss("read-only", at, "the vendor sets it")
        if lane and lane.lossy and not at.path.endswith(".text"):
            return self._loss("normalised", at, "it reads back in an equivalent form")
        harmful = at.modifier and not self._neutral(sent, at)
        return self._loss("changed", at, "the vendor's form of it differs", modifier=harmful)

    def _neutral(self, value: Json, at: _At) -> bool:
        name = at.path.rpartition(".")[2]
        if name == "use":
            return value in _HARMLESS_USE
        codes = {str(value).lower()} if isinstance(value, str | bool) else set()
        if isinstance(value, dict):
            codes = {coding.get("code") for coding in value.get("coding") or ()}
        return bool(codes) and codes <= set(self.neutral.get(name, ()))

    def _below(self, node: Node | None) -> Iterator[Lane]:
        """The lanes of everything under a node."""
        if isinstance(node, Leaf) and node.slot in self.lanes:
            yield self.lanes[node.slot]
        for child in children_of(node):
            yield from self._below(child)

    def _loss(self, kind: LossKind, at: _At, reason: str, *, modifier: bool = False) -> Loss:
        lane = at.lane or next(self._below(at.node), None)
        return Loss(kind, at.path, reason, lane.place if lane else None, modifier)


def paired(
    sent: Sequence[Json], held: Sequence[Json], node: Node | None
) -> dict[int, tuple[Node | None, Json]]:
    """For each sent entry the node that owns it and the held entry that it became, or None."""
    pairs: dict[int, tuple[Node | None, Json]] = dict(_by_slice(sent, held, node))
    free = [item for item in held if all(item is not other for _, other in pairs.values())]
    rest = node.rest if isinstance(node, Entries) else node
    for index, value in enumerate(sent):
        if index not in pairs:
            equal = next((item for item in free if item == value), None)
            pairs[index] = (None, equal)
            free = [item for item in free if item is not equal]
    for index in range(len(sent)):
        if pairs[index] == (None, None) and isinstance(rest, Leaf) and free:
            pairs[index] = (rest, free.pop(0))
    return pairs


def _by_slice(
    sent: Sequence[Json], held: Sequence[Json], node: Node | None
) -> Iterator[tuple[int, tuple[Node, Json]]]:
    if not isinstance(node, Entries):
        return
    taken: list[int] = []
    for found, child in node.slices:
        one = pick(_current(sent, node), found.ranked)
        other = pick(_current(held, node), found.ranked)
        index = next((i for i, item in enumerate(sent) if item is one), None)
        if index is not None and index not in taken:
            taken.append(index)
            yield index, (child, other)


def _current(entries: Sequence[Json], node: Entries) -> Sequence[Json]:
    return current(entries) if is_dated(node.type) else entries
