"""What a module says it sends: computed from its rules, so that nobody keeps a list by hand."""

from collections.abc import Iterable, Iterator

from portico import Json, Resource
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.language.rule import Call, Direction, Part
from portico.mapping.load import ObjectModule
from portico.mapping.running.change import Change
from portico.mapping.running.fan import FanModule

_NOTHING: tuple[Json, ...] = (None, "", [], {})


def told(module: ObjectModule, record: Json) -> Json:
    """The record without what the module drops, only reads, or leaves to the server."""
    kept: Json = _kept(record, "", frozenset(_unsent(module)))
    for name, value in module.spec.write.starts.items():
        if kept.get(name) == value:
            del kept[name]
    for part in module.spec.parts if not module.is_bundle else ():
        for rule in part.shape.rules:
            for call in (call for target in rule.targets for call in target.calls):
                _as_read(module, call, [member.steps[-1] for member in rule.members], kept)
    return kept


def _as_read(module: ObjectModule, call: Call, names: list[str], kept: dict[str, Json]) -> None:
    """What reads alike counts as alike.

    Members that share one FHIR list are told from the first one on: a second line alone is a line.
    A code that means nothing in FHIR is told like nothing.
    """
    if call.name == "list" and len(names) > 1:
        values = [kept.pop(name) for name in names if name in kept]
        kept.update(zip(names, values, strict=False))
    table = module.spec.codes.get(call.args[0]) if call.args else None
    if table and names[0] in kept and table.to_fhir.get(kept[names[0]], ...) is None:
        del kept[names[0]]


def sent(module: ObjectModule, change: Change) -> Json:
    """All that the requests of a change carry, under the names that reads have."""
    write = module.spec.write
    names = {renamed: path for path, renamed in write.renames.items()}
    names |= {action.sent_as: member for member, action in write.actions.items()}
    result: dict[str, Json] = {}
    for step in change.steps:
        for name, value in step.body.items():
            if not write.lock or name != write.lock.sent_as:
                _put(result, names.get(name, name).split("."), value)
    return result


def filled(module: ObjectModule) -> frozenset[str]:
    """Members that a create may fill by itself: fixed values, templates and fallbacks."""
    found = set()
    for part, shape in parts(module):
        fallbacks = {constant.path.steps[0].name for constant in part.shape.fallback}
        for lane in shape.lanes:
            own = lane.constant is not None or lane.template is not None
            if own or any(path.steps[0].name in fallbacks for path in lane.paths):
                found |= {".".join((*part.origin, *m.steps)) for m in lane.members}
    return frozenset(found)


def singles(module: ObjectModule) -> tuple[ObjectModule, ...]:
    """The modules that write one document each: the parts of a row that is several resources."""
    return tuple(module.parts.values()) if isinstance(module, FanModule) else (module,)


def resources_of(module: ObjectModule, document: Json) -> tuple[Resource, ...]:
    """The resources that are written one by one: a Bundle's where a row is several."""
    if not isinstance(module, FanModule):
        return (Resource(document),)
    return tuple(Resource(entry["resource"]) for entry in document.get("entry", ()))


def parts(module: ObjectModule) -> Iterator[tuple[Part, CompiledShape]]:
    for part in module.spec.parts:
        yield part, module.shapes[part.name]


def _unsent(module: ObjectModule) -> Iterator[str]:
    spec = module.spec
    for names in spec.drop.values():
        yield from names
    yield from spec.write.url
    if spec.write.lock:
        yield spec.write.lock.member
    read: set[str] = set()
    written: set[str] = set()
    for part, shape in parts(module):
        for path, lane in members(part, shape.lanes):
            (read if lane.direction is Direction.TO_FHIR else written).add(path)
    renamed = spec.write.renames.keys()
    objects = {path.rpartition(".")[0] for path in renamed if "." in path}
    companions = {path for path in written if path.rpartition(".")[0] in objects}
    yield from (read - written) | (companions - renamed)


def members(part: Part, lanes: Iterable[Lane]) -> Iterator[tuple[str, Lane]]:
    """Every member that a rule of the part names, as a path from the record's root."""
    for lane in lanes:
        base = part.origin if lane.members[0].up else (*part.origin, *part.inner)
        yield from _under(".".join(base), lane)


def _under(base: str, lane: Lane) -> Iterator[tuple[str, Lane]]:
    for member in lane.members:
        path = ".".join(filter(None, (base, *member.steps)))
        if isinstance(lane.each, EachEntry):
            for inner in lane.each.shape.lanes:
                yield from _under(path, inner)
        else:
            yield path, lane


def _kept(value: Json, path: str, unsent: frozenset[str]) -> Json:
    if isinstance(value, list):
        return [_kept(item, path, unsent) for item in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, item in value.items():
        inner = f"{path}.{name}" if path else name
        if inner not in unsent and not (path and f"*.{name}" in unsent):
            made[name] = _kept(item, inner, unsent)
    return {name: item for name, item in made.items() if item not in _NOTHING}


def _put(target: dict[str, Json], steps: list[str], value: Json) -> None:
    for step in steps[:-1]:
        target = target.setdefault(step, {})
    target[steps[-1]] = value
