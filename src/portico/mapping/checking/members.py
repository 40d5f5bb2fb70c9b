"""The vendor's members as a module names them: paths with dots from the record's root."""

from collections.abc import Iterable, Iterator

from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.conversion.template import members_of
from portico.mapping.language.rule import Part
from portico.mapping.load import ObjectModule


def parts_of(module: ObjectModule) -> Iterator[tuple[Part, CompiledShape]]:
    """The resources of a module; one, unless it is a bundle or a row of several."""
    for part in module.spec.parts:
        yield part, module.shapes[part.name]


def lanes_by_member(module: ObjectModule) -> Iterator[tuple[str, Lane]]:
    """Every lane under the members that it is between, from the record's root."""
    for part, shape in parts_of(module):
        group = ".".join(part.origin)
        item = ".".join((*part.origin, *part.inner))
        for lane in shape.lanes:
            yield from _paths(lane, group, item)


def _paths(lane: Lane, group: str, item: str) -> Iterator[tuple[str, Lane]]:
    for member in lane.members:
        path = ".".join(filter(None, (group if member.up else item, *member.steps)))
        if isinstance(lane.each, EachEntry):
            for inner in lane.each.shape.lanes:
                yield from _paths(inner, path, path)
        else:
            yield path, lane


def read_by_templates(module: ObjectModule) -> Iterator[tuple[str, Lane]]:
    """The members that templates read, with the template's lane."""
    for _, shape in parts_of(module):
        for lane in shape.lanes:
            yield from ((name, lane) for name in sorted(members_of(lane.template or "")))


def covers(name: str, leaf: str) -> bool:
    """`a` covers `a` and `a.b`; `*.b` covers every `.b`."""
    if name.startswith("*."):
        return leaf.endswith(name[1:])
    return leaf == name or leaf.startswith(f"{name}.")


def covered(names: Iterable[str], leaf: str) -> bool:
    """Whether one of the names covers a member."""
    return any(covers(name, leaf) for name in names)
