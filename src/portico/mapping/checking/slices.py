"""Whether slices of one list can be told apart, and whether an entry can be what they ask for."""

from collections.abc import Callable, Iterator
from itertools import combinations

from portico.errors import Findings
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.tree import Entries, Leaf, Node, children_of
from portico.mapping.language.selector import Slice

_IsWritten = Callable[[Node], bool]


def check_slices(shape: CompiledShape, findings: Findings) -> None:
    """E203 for slices that one entry can match both, E205 for those that none can match."""
    written = {slot for lane in shape.lanes if lane.direction.writes for slot in lane.slots}

    def is_written(node: Node) -> bool:
        if isinstance(node, Leaf):
            return node.slot in written
        return any(map(is_written, children_of(node)))

    for name, entries in _lists(shape.root, shape.type):
        _check_apart(name, entries, is_written, findings)
        for one, _ in entries.slices:
            _check_possible(name, entries.type, one, findings)
    for lane in shape.lanes:
        if isinstance(lane.each, EachEntry):
            check_slices(lane.each.shape, findings)


def _lists(node: Node, name: str) -> Iterator[tuple[str, Entries]]:
    """Every list under a node that slices stand for, with its name."""
    if isinstance(node, Entries):
        yield name, node
        for _, child in node.slices:
            yield from _lists(child, name)
    elif not isinstance(node, Leaf):
        for inner, child in node.children.items():
            yield from _lists(child, inner)


def _check_apart(name: str, entries: Entries, is_written: _IsWritten, findings: Findings) -> None:
    for (one, first), (other, second) in combinations(entries.slices, 2):
        if _is_apart(one, other):
            continue
        if (is_written(first) and is_written(second)) or _takes(one, other) or _takes(other, one):
            later, earlier = sorted((one, other), key=lambda each: each.place, reverse=True)
            findings.add(
                "E203",
                later.place,
                f"one entry can be both {_word(name, earlier)} and {_word(name, later)}",
                f"let both test the same element for different values: {_remedy(name, one, other)}",
            )


def _is_apart(one: Slice, other: Slice) -> bool:
    """Whether a common element has to have different values."""
    return any(
        first.path == second.path
        and first.value != second.value
        and not (first.soft and second.soft)
        for first in one.wants
        for second in other.wants
    )


def _takes(one: Slice, other: Slice) -> bool:
    """Whether a slice takes what another makes."""
    return bool(other.fixed) and any(matches(other.fixed) for matches in one.ranked)


def _word(name: str, one: Slice) -> str:
    tests = one.selector.tests if one.selector else ()
    told = ",".join(f"{'.'.join(t.path)}{'?=' if t.soft else '='}{t.value}" for t in tests)
    return f"{name}[{told or '0'}]"


def _remedy(name: str, one: Slice, other: Slice) -> str:
    tested = [".".join(want.path) for each in (one, other) for want in each.wants]
    element = tested[0] if tested else "use"
    return f"{name}[{element}=…] in each"


def _check_possible(name: str, type_name: str, one: Slice, findings: Findings) -> None:
    for first, second in combinations(one.wants, 2):
        if first.path == second.path and _is_single(type_name, first.path):
            what = f"no entry of '{name}' has two values of {'.'.join(first.path)}"
            findings.add("E205", one.place, what, "leave one of the tests out")


def _is_single(type_name: str, path: tuple[str, ...]) -> bool:
    """Whether an element has one value only; a concept has several codes."""
    for name in path:
        facts = definitions.element(type_name, name)
        if facts is None or facts.is_list or facts.type == "CodeableConcept":
            return False
        type_name = facts.type
    return True
