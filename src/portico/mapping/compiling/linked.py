"""Which elements of a resource must be read together, so that a write looks at no others.

An element that is as it was changes no member, unless a rule weighs it together with one that is
not: rules of several elements, rules that write one member, and the rules of one type's use.
"""

from collections.abc import Iterable, Iterator, Mapping

from portico import Json
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Leaf, Node, children_of

Linked = Mapping[str, frozenset[str]]


def linked_elements(lanes: Iterable[Lane], root: Branch) -> Linked:
    """Each element at the top that can be written, with those that are weighed with it."""
    names = {slot: name for name, child in root.children.items() for slot in _slots(child)}
    clusters: list[tuple[set[str], set[object]]] = []
    for lane in lanes:
        if lane.direction.writes and lane.slots:
            elements = {names[slot] for slot in lane.slots}
            marks: set[object] = {*elements, *lane.members}
            marks |= {("group", lane.group)} if lane.group else set()
            for other in [one for one in clusters if one[1] & marks]:
                clusters.remove(other)
                elements, marks = elements | other[0], marks | other[1]
            clusters.append((elements, marks))
    return {name: frozenset(elements) for elements, _ in clusters for name in elements}


def differing(new: Json, old: Json, linked: Linked) -> tuple[Json, Json]:
    """Two resources, reduced to what differs and what is weighed with it."""
    names = {
        one
        for name, together in linked.items()
        if new.get(name) != old.get(name)
        for one in together
    }
    after = {name: new[name] for name in names if name in new}
    return after, {name: old[name] for name in names if name in old}


def _slots(node: Node) -> Iterator[int]:
    if isinstance(node, Leaf):
        yield node.slot
    for child in children_of(node):
        yield from _slots(child)
