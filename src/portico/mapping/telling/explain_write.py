"""Why a write sends what it sends: each member of each request with the rule that made it.

Values are never part of an explanation; who may see them finds them in the requests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portico import Json, Record, Resource
from portico.errors import Place
from portico.mapping.checking.members import covers, parts_of
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane, fhirpath
from portico.mapping.conversion.context import Context
from portico.mapping.language.rule import Part
from portico.mapping.load import ObjectModule
from portico.mapping.running.change import Loss, Step
from portico.mapping.running.fan import FanModule
from portico.mapping.telling.explain import code_row_of, slot_places

_LOCK = "the lock: the version that the vendor must still have"
_KEPT = "as the vendor has it: no rule writes it"


@dataclass(frozen=True, slots=True)
class Sent:
    """A member of a request's body: its JSON pointer, and the rule and the FHIRPath it is from.

    `reason` tells where it is from if not from an element; `code_row` is the code table's row.
    """

    pointer: str
    expression: str = ""
    rule: Place | None = None
    direction: str = ""
    converters: tuple[str, ...] = ()
    code_row: Place | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedRequest:
    """One request of a write: `operation` as in `Step`, and every member of its body."""

    operation: str
    members: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class WriteExplanation:
    """The requests of a write in their order with `steps` beside them, and what is lost."""

    requests: tuple[ExplainedRequest, ...]
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class _Writing:
    """A lane that writes the member at a dotted path; `is_used` if its element has a value."""

    path: str
    expression: str
    lane: Lane
    is_used: bool


def explain_write(
    module: ObjectModule, resource: Resource, base: Record | None, context: Context
) -> WriteExplanation:
    """Explain every member that a write would send. Raises FhirError as `to_vendor` does."""
    change = module.to_vendor(resource, base, context)
    writing = tuple(_of_module(module, resource))
    requests = (
        ExplainedRequest(step.operation, tuple(_members(module, step, writing)))
        for step in change.steps
    )
    return WriteExplanation(tuple(requests), change.steps, change.report)


def _of_module(module: ObjectModule, resource: Json) -> Iterator[_Writing]:
    for part, shape in _written_parts(module, resource):
        root, type_name = shape.root, shape.type
        places = {} if _is_bundle(resource) else dict(slot_places(root, resource, type_name))
        group = ".".join(filter(None, part.origin))
        item = ".".join(filter(None, (group, *part.inner)))
        for lane in shape.lanes:
            yield from _of_lane(lane, (shape.type, places), group, item)


def _written_parts(module: ObjectModule, resource: Json) -> Iterator[tuple[Part, CompiledShape]]:
    """The parts that a resource writes: one, unless it is a Bundle."""
    only = None
    if isinstance(module, FanModule) and not _is_bundle(resource):
        only = module.rows.part_of(resource)
    return ((part, shape) for part, shape in parts_of(module) if only in (None, part.name))


def _is_bundle(resource: Json) -> bool:
    return bool(resource["resourceType"] == "Bundle")


def _of_lane(
    lane: Lane, fhir: tuple[str, Mapping[int, str]], group: str, item: str
) -> Iterator[_Writing]:
    root, places = fhir
    found = [places[slot] for slot in lane.slots if slot in places]
    expression = " + ".join(found) or (fhirpath(root, lane) if lane.paths else "")
    for member in lane.members:
        path = ".".join(filter(None, (group if member.up else item, *member.steps)))
        if isinstance(lane.each, EachEntry):
            yield from _of_entries(lane.each.shape, fhirpath(root, lane), path)
        elif lane.direction.writes:
            yield _Writing(path, expression, lane, bool(found) or not places)


def _of_entries(shape: CompiledShape, root: str, path: str) -> Iterator[_Writing]:
    for inner in shape.lanes:
        yield from _of_lane(inner, (root, {}), path, path)


def _members(module: ObjectModule, step: Step, writing: tuple[_Writing, ...]) -> Iterator[Sent]:
    lock = module.lock
    for pointer, value in leaves(step.body, ""):
        if lock and pointer == f"/{lock.sent_as}":
            yield Sent(pointer, reason=_LOCK)
        else:
            yield _sent(module, _read_path(module, step, pointer), pointer, value, writing)


def _sent(
    module: ObjectModule, path: str, pointer: str, value: Json, writing: tuple[_Writing, ...]
) -> Sent:
    able = [one for one in writing if covers(one.path, path)]
    one = min(able, key=lambda each: (not each.is_used, each.lane.fallback), default=None)
    if one is None:
        return Sent(pointer, reason=_KEPT)
    lane = one.lane
    return Sent(
        pointer,
        one.expression,
        lane.place,
        lane.direction.value,
        lane.converters,
        code_row_of(module.spec, lane, value),
        _made(lane),
    )


def _made(lane: Lane) -> str:
    if lane.template is not None:
        return "made by a template"
    return "a fixed value" if lane.constant is not None else ""


def _read_path(module: ObjectModule, step: Step, pointer: str) -> str:
    """The dotted path under which a body's member is read: renames and actions undone."""
    names = [name for name in pointer.split("/")[1:] if not name.isdigit()]
    shape = module.spec.write
    sent_as = {sent: path for path, sent in shape.renames.items()}
    for member, action in shape.actions.items():
        if action.name == step.operation:
            sent_as[action.sent_as] = member
    return ".".join((sent_as.get(names[0], names[0]), *names[1:]))


def leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """Every member with a value of its own, null among them, as a JSON pointer and that value."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, f"{path}/{name}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}/{index}")
    elif path:
        yield path, value
