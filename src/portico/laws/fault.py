"""A broken law: what it says, on which record, and the rules that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from portico import Json
from portico.errors import Place
from portico.mapping.compiling.compile import EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.load import ObjectModule


@dataclass(frozen=True)
class Fault:
    """One law that does not hold.

    `elements` and `members` are the paths that differ, without indexes; `rules` the lines that
    they come from; `case` is what was tried: documents by what they are to the law.
    """

    law: str
    what: str
    elements: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    rules: tuple[Place, ...] = ()
    case: tuple[tuple[str, Json], ...] = ()

    def placed(self, module: ObjectModule) -> "Fault":
        """The fault with the rules of its module; the module's first line where none is known."""
        lanes = [lane for shape in module.shapes.values() for lane in _all(shape.lanes)]
        said = {name for _, document in self.case for name in _names_in(document)}
        near = [lane for lane in lanes if said.intersection(_own_names(lane))]
        found = list(rules_of(near, self.elements, self.members))
        found = found or list(rules_of(lanes, self.elements, self.members))
        rules = tuple(dict.fromkeys((*self.rules, *found)))
        return replace(self, rules=rules or (module.spec.place,))


class BrokenLawError(Exception):
    """Raised by a law that does not hold."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.law}: {fault.what}")
        self.fault = fault


def rules_of(lanes: list[Lane], elements: Iterable[str], members: Iterable[str]) -> Iterator[Place]:
    """The lines of the rules that feed elements or members, closest first."""
    for member in members:
        yield from (lane.place for lane in lanes if _names(lane, member))
    for element in elements:
        steps = _steps(element)
        near = [(_shared(lane, steps), lane.place) for lane in lanes]
        best = max((count for count, _ in near), default=0)
        yield from (place for count, place in near if count == best and best)


def _own_names(lane: Lane) -> set[str]:
    return {member.steps[-1] for member in lane.members if member.steps}


def _names_in(document: Json) -> Iterator[str]:
    if isinstance(document, dict | list):
        yield from document if isinstance(document, dict) else ()
        for item in document.values() if isinstance(document, dict) else document:
            yield from _names_in(item)


def _all(lanes: Iterable[Lane]) -> Iterator[Lane]:
    for lane in lanes:
        yield lane
        if isinstance(lane.each, EachEntry):
            yield from _all(lane.each.shape.lanes)


def _names(lane: Lane, member: str) -> bool:
    own = [".".join(one.steps) for one in lane.members]
    return any(member == name or member.endswith(f".{name}") for name in own if name)


def _steps(element: str) -> tuple[str, ...]:
    steps = element.split(".")[1:]
    return tuple(steps[2:] if steps[:2] == ["entry", "resource"] else steps)


def _shared(lane: Lane, steps: tuple[str, ...]) -> int:
    """How many steps a lane's path shares with an element's."""
    counts = [0]
    for path in lane.paths:
        pairs = zip(path.names, steps, strict=False)
        equal = [one.removeprefix("_") == other.removeprefix("_") for one, other in pairs]
        counts.append(equal.index(False) if False in equal else len(equal))
    return max(counts)
