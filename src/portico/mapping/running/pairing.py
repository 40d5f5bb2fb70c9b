"""Which entry of one list became which entry of the other.

Entries meet by the slice that owns them, then as equals, then by what identifies their type, and
what is left of a list that one rule maps as a whole meets by place.
"""

from collections.abc import Iterator, Sequence

from portico import Json
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node
from portico.mapping.language.selector import current, is_dated, pick

_KNOWN_BY = {
    "Coding": ("system", "code"),
    "Identifier": ("system", "value"),
    "ContactPoint": ("system", "value"),
    "Extension": ("url",),
}
CODE = frozenset({"coding", "system", "code"})
"""The code inside a concept is as much a modifier as the concept."""


def paired(
    sent: Sequence[Json],
    held: Sequence[Json],
    node: Node | None,
    type_name: str = "",
    *,
    by_place: bool = False,
) -> dict[int, tuple[Node | None, Json]]:
    """For each sent entry the node that owns it and the held entry that it became, or None."""
    pairs: dict[int, tuple[Node | None, Json]] = dict(_by_slice(sent, held, node))
    free = [item for item in held if all(item is not other for _, other in pairs.values())]
    rest = node.rest if isinstance(node, Entries) else node
    known_by = _KNOWN_BY.get(type_name, ())
    for same in (lambda one, other: one == other, lambda one, other: _alike(one, other, known_by)):
        for index, value in enumerate(sent):
            if pairs.get(index, (None, None)) == (None, None):
                found = next((item for item in free if same(item, value)), None)
                pairs[index] = (None, found)
                free = [item for item in free if item is not found]
    for index in range(len(sent)):
        if pairs[index] == (None, None) and (by_place or isinstance(rest, Leaf)) and free:
            pairs[index] = (rest, free.pop(0))
    return pairs


def _alike(one: Json, other: Json, known_by: tuple[str, ...]) -> bool:
    return bool(known_by) and all(
        one.get(name) is not None and one.get(name) == other.get(name) for name in known_by
    )


def _by_slice(
    sent: Sequence[Json], held: Sequence[Json], node: Node | None
) -> Iterator[tuple[int, tuple[Node, Json]]]:
    if not isinstance(node, Entries):
        return
    ours, theirs = _current(sent, node), _current(held, node)
    free = {id(item): index for index, item in reversed([*enumerate(sent)])}
    for found, child in node.slices:
        index = free.pop(id(pick(ours, found.ranked)), None)
        if index is not None:
            yield index, (child, pick(theirs, found.ranked))


def _current(entries: Sequence[Json], node: Entries) -> Sequence[Json]:
    return current(entries) if is_dated(node.type) else entries


def is_made_up(name: str, held: Json, node: Node | None) -> bool:
    """Whether a held element is only what the module says when there is nothing."""
    fallbacks = node.fallbacks if isinstance(node, Branch) else {}
    return name in fallbacks and held.get(name) == fallbacks[name]
