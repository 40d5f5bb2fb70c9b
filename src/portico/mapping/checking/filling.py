"""Which rules fill an element of a profile, and whether a resource has it.

Profiles name elements by the id of an ElementDefinition: `name.family`, `deceased[x]`,
`extension:race`, `category:us-core`. An extension is told by its URL, other slices are not told
apart: what fills `category` fills `category:us-core`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portico import Json
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node, children_of

_CHOICE = "[x]"
_PREFIXES = ("us-core-", "condition-", "patient-", "individual-")


@dataclass(frozen=True, slots=True)
class Filling:
    """An element that a shape fills: by the value of lanes, or `fixed`.

    A fixed value inside a list's entry has the lanes that the entry is made of.
    """

    element: str
    lanes: tuple[Lane, ...] = ()
    fixed: bool = False


def fillings(shape: CompiledShape) -> tuple[Filling, ...]:
    """Everything that a shape fills, with paths relative to its type."""
    lanes: dict[int, list[Lane]] = {}
    for lane in shape.lanes:
        for slot in lane.slots:
            lanes.setdefault(slot, []).append(lane)
    return tuple(_below(shape.root, "", lanes))


def meets(filled: str, wanted: str) -> bool:
    """Whether what fills one element fills or stands inside the wanted one, or around it."""
    return all(map(_same, _steps(filled), _steps(wanted)))


def present(resource: Json, wanted: str) -> bool:
    """Whether a resource has an element that a profile names."""
    return _has(resource, tuple(_steps(wanted)))


def _below(node: Node, path: str, lanes: dict[int, list[Lane]]) -> Iterator[Filling]:
    if isinstance(node, Leaf):
        yield from _of_leaf(path, lanes.get(node.slot, []))
    elif isinstance(node, Entries):
        for found, child in node.slices:
            entry = _entry_path(path, node.type, found.known_by)
            inside = tuple(_lanes(child, lanes))
            yield from (Filling(f"{entry}.{name}", inside, fixed=True) for name in found.fixed)
            yield from _below(child, entry, lanes)
        if node.rest:
            yield from _below(node.rest, path, lanes)
    else:
        yield from _of_branch(node, f"{path}." if path else "", lanes)


def _of_leaf(path: str, lanes: list[Lane]) -> Iterator[Filling]:
    for lane in lanes:
        if isinstance(lane.each, EachEntry):
            for inner in fillings(lane.each.shape):
                yield Filling(f"{path}.{inner.element}", inner.lanes, inner.fixed)
        else:
            yield Filling(path, (lane,))


def _of_branch(node: Branch, prefix: str, lanes: dict[int, list[Lane]]) -> Iterator[Filling]:
    for name in (*node.constants, *node.siblings, *node.fallbacks):
        yield Filling(f"{prefix}{name}", fixed=True)
    for name, child in node.children.items():
        yield from _below(child, f"{prefix}{name}", lanes)


def _lanes(node: Node, lanes: dict[int, list[Lane]]) -> Iterator[Lane]:
    if isinstance(node, Leaf):
        yield from lanes.get(node.slot, ())
    for child in children_of(node):
        yield from _lanes(child, lanes)


def _entry_path(path: str, type_name: str, known_by: tuple[str, Json] | None) -> str:
    if type_name != "Extension" or known_by is None:
        return path
    return f"{path}:{_extension_name(known_by[1])}"


def _extension_name(url: str) -> str:
    """`…/us-core-race` → `race`, as profiles call the slice."""
    tail = url.rpartition("/")[2]
    prefix = next((one for one in _PREFIXES if tail.startswith(one)), "")
    return _plain(tail.removeprefix(prefix))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _steps(wanted: str) -> list[str]:
    """The steps of a profile's path; slices of other things than extensions fall away."""
    steps = []
    for step in wanted.split("."):
        name, _, slice_name = step.partition(":")
        steps.append(f"extension:{_plain(slice_name)}" if name == "extension" else name)
    return steps


def _same(ours: str, theirs: str) -> bool:
    if theirs.endswith(_CHOICE):
        return _is_choice(ours, theirs)
    return ours == theirs or (ours == "extension" and theirs.startswith("extension:"))


def _is_choice(name: str, choice: str) -> bool:
    """`deceasedBoolean` is one of `deceased[x]`; modules may also say `deceased` for all."""
    stem = choice.removesuffix(_CHOICE)
    rest = name.removeprefix(stem)
    return name == stem or (rest != name and rest[0].isupper())


def _has(value: Json, steps: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return any(_has(item, steps) for item in value)
    if not steps:
        return value not in (None, "", {})
    return isinstance(value, dict) and any(_has(item, steps[1:]) for item in _step(value, steps[0]))


def _step(value: dict[str, Json], step: str) -> Iterator[Json]:
    if step.startswith("extension:"):
        for entry in value.get("extension") or ():
            if f"extension:{_extension_name(entry.get('url', ''))}" == step:
                yield entry
    elif step.endswith(_CHOICE):
        yield from (item for name, item in value.items() if _is_choice(name, step))
    elif step in value:
        yield value[step]
