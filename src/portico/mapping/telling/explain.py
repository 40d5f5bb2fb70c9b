"""Why a resource says what it says: each element with its rule, and what did not reach it.

Values are never part of an explanation; who may see them looks them up by the pointers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portico import Json, Record
from portico.errors import Place
from portico.mapping.checking.coverage import ElementCoverage, profile_coverage
from portico.mapping.checking.filling import present
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node
from portico.mapping.conversion.context import Context
from portico.mapping.language.rule import Direction, Member, ModuleSpec, Part
from portico.mapping.language.selector import current, is_dated, pick
from portico.mapping.load import ObjectModule
from portico.mapping.running.bundle import BundleModule
from portico.mapping.running.fan import FanModule
from portico.mapping.running.module import SingleModule


@dataclass(frozen=True, slots=True)
class Explained:
    """One element: its FHIRPath, the vendor's JSON pointers, and the rule between them.

    `direction` is the rule's arrow; `code_row` is the row of the code table that was used.
    """

    expression: str
    pointers: tuple[str, ...]
    rule: Place
    direction: str
    converters: tuple[str, ...]
    code_row: Place | None


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A member that did not reach the resource, and the module's reason."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """An element that a profile wants and the resource has not, named as the profile names it."""

    expression: str
    profile: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All elements of a record's resource, all members that are none, and what profiles miss."""

    elements: tuple[Explained, ...]
    unmapped: tuple[Unmapped, ...]
    absent: tuple[Absent, ...] = ()


@dataclass(frozen=True)
class _Here:
    """A resource or entry under explanation: where it stands on both sides."""

    shape: CompiledShape
    spec: ModuleSpec
    expression: str
    pointer: str
    group: str = ""


def explain(module: ObjectModule, record: Record, context: Context) -> Explanation:
    """Explain every element that a record has in FHIR."""
    placed = tuple(_placed(module, record, context))
    rows = tuple(row for _, here, resource in placed for row in _rows(here, resource, record))
    absent = (each for part, here, resource in placed for each in _absent(part, here, resource))
    reached = {pointer for row in rows for pointer in row.pointers}
    reasons = dict(_lane_reasons(module))
    unmapped = _unmapped(module.spec, record, reached, reasons)
    return Explanation(rows, tuple(unmapped), tuple(absent))


def _lane_reasons(module: ObjectModule) -> Iterator[tuple[str, str]]:
    """Why a member that a rule names may not be in the resource."""
    for lane in (lane for shape in module.shapes.values() for lane in shape.lanes):
        for member in lane.members:
            if lane.reads_if:
                yield member.steps[-1], f"shown only where the setting {lane.reads_if} is on"
            elif lane.direction is Direction.TO_VENDOR:
                yield member.steps[-1], f"only written ({lane.place})"


def _placed(
    module: ObjectModule, record: Json, context: Context
) -> Iterator[tuple[Part, _Here, Json]]:
    """Every resource of a record, with its part of the module and its places on both sides."""
    made = module.to_fhir(record, context)
    if isinstance(module, SingleModule):
        here = _Here(module.shape, module.spec, module.shape.type, "")
        yield module.spec.parts[0], here, made
        return
    parts = [part for part in module.spec.parts if _is_present(module, part, record)]
    places = [(part, *place) for part in parts for place in _places(part, record)]
    for at, (entry, (part, item, group)) in enumerate(
        zip(made.get("entry", ()), places, strict=True)
    ):
        expression = f"Bundle.entry[{at}].resource"
        here = _Here(module.shapes[part.name], module.spec, expression, item, group)
        yield part, here, entry["resource"]


def _parts_in(module: BundleModule | FanModule, record: Json) -> Iterator[tuple[Part, str, str]]:
    """The part, the item and the group of each resource, in the order of the Bundle."""
    for part in module.spec.parts:
        if isinstance(module, BundleModule):
            yield from ((part, *place) for place in _places(part, record))
        elif module.rows.is_present(part.name, record):
            yield part, "", ""


def _absent(part: Part, here: _Here, resource: Json) -> Iterator[Absent]:
    for profile in part.profiles:
        for element in profile_coverage(part, here.shape, profile).elements:
            if not present(resource, element.element):
                expression = f"{here.expression}.{element.element}"
                yield Absent(expression, profile, _why_absent(element))


def _why_absent(element: ElementCoverage) -> str:
    if element.standing == "absent":
        return element.reason
    if element.standing == "missing":
        return "no rule fills it"
    rules = ", ".join(map(str, element.rules))
    if element.standing == "to-vendor":
        return f"only written ({rules})"
    return f"the record has no value for it ({rules})"


def _is_present(module: ObjectModule, part: Part, record: Json) -> bool:
    return not isinstance(module, FanModule) or module.rows.is_present(part.name, record)


def _places(part: Part, record: Json) -> Iterator[tuple[str, str]]:
    """(item, group) pointers of the objects that a part's resources come from."""
    origin = "".join(f"/{step}" for step in part.origin)
    found = at_pointer(record, origin)
    if not part.repeats:
        yield from [(origin, "")] if found else []
        return
    for index, group in enumerate(found or ()):
        inner = "/".join(part.inner)
        items = at_pointer(group, f"/{inner}") if inner else None
        if not inner:
            yield f"{origin}/{index}", ""
        for at in range(len(items or ()) or 1) if inner else ():
            yield f"{origin}/{index}/{inner}/{at}", f"{origin}/{index}"


def _rows(here: _Here, resource: Json, record: Json) -> Iterator[Explained]:
    places = dict(slot_places(here.shape.root, resource, here.expression))
    for lane in here.shape.lanes:
        if not lane.direction.reads:
            continue
        for slot in lane.slots:
            if slot in places:
                yield from _row(here, lane, places[slot], resource, record)


def _row(
    here: _Here, lane: Lane, expression: str, resource: Json, record: Json
) -> Iterator[Explained]:
    pointers = tuple(_pointer(here, member) for member in lane.members)
    if isinstance(lane.each, EachEntry):
        for index, _ in enumerate(at_pointer(record, pointers[0]) or ()):
            inner = _Here(
                lane.each.shape, here.spec, f"{expression}[{index}]", f"{pointers[0]}/{index}"
            )
            entry = at_expression(resource, here.expression, f"{expression}[{index}]")
            yield from _rows(inner, entry, record) if entry else ()
        return
    present = tuple(one for one in pointers if at_pointer(record, one) is not None)
    row = code_row_of(here.spec, lane, at_pointer(record, pointers[0]))
    yield Explained(
        expression, present or pointers, lane.place, lane.direction.value, lane.converters, row
    )


def _pointer(here: _Here, member: Member) -> str:
    base = here.group if member.up else here.pointer
    return "/".join((base, *member.steps))


def code_row_of(spec: ModuleSpec, lane: Lane, value: Json) -> Place | None:
    """The row of a lane's code table that a vendor value stands in."""
    for converter in lane.converters:
        name, _, rest = converter.partition(" ")
        table = spec.codes.get(rest.partition(" ")[0])
        if name in {"code", "concept", "coding"} and table and isinstance(value, str | bool | int):
            return table.rows.get(value)
    return None


def slot_places(node: Node, value: Json, path: str) -> Iterator[tuple[int, str]]:
    """Where each slot stands in a resource, for the slots that have a value."""
    if value is None:
        return
    if isinstance(node, Leaf):
        yield node.slot, path
    elif isinstance(node, Branch):
        for name, child in node.children.items():
            yield from slot_places(child, value.get(name), f"{path}.{name}")
    else:
        yield from _entry_places(node, value, path)


def _entry_places(node: Entries, entries: list[Json], path: str) -> Iterator[tuple[int, str]]:
    listed = current(entries) if is_dated(node.type) else entries
    for found, child in node.slices:
        entry = pick(listed, found.ranked)
        index = next((i for i, one in enumerate(entries) if one is entry), None)
        if index is not None:
            yield from slot_places(child, entry, f"{path}[{index}]")
    if node.rest:
        yield node.rest.slot, path


def _unmapped(
    spec: ModuleSpec, record: Json, reached: set[str], reasons: Mapping[str, str]
) -> Iterator[Unmapped]:
    for pointer in _leaf_pointers(record, ""):
        if any(pointer == one or pointer.startswith(f"{one}/") for one in reached):
            continue
        reason = _dropped(spec, pointer) or reasons.get(pointer.rpartition("/")[2])
        yield Unmapped(pointer, reason or "no rule uses its value")


def _dropped(spec: ModuleSpec, pointer: str) -> str | None:
    name = ".".join(step for step in pointer.split("/")[1:] if not step.isdigit())
    for reason, members in spec.drop.items():
        for member in members:
            wild = member.startswith("*.") and name.endswith(member[1:])
            if wild or name == member or name.startswith(f"{member}."):
                return reason
    return None


def _leaf_pointers(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaf_pointers(item, f"{path}/{name}")
    elif isinstance(value, list) and value and isinstance(value[0], dict | list):
        for index, item in enumerate(value):
            yield from _leaf_pointers(item, f"{path}/{index}")
    elif value not in (None, "", []):
        yield path


def at_pointer(record: Json, pointer: str) -> Json:
    """The value at a JSON pointer, None where there is none."""
    for step in pointer.split("/")[1:]:
        if isinstance(record, list):
            record = record[int(step)] if step.isdigit() and int(step) < len(record) else None
        else:
            record = record.get(step) if isinstance(record, dict) else None
    return record


def at_expression(resource: Json, root: str, expression: str) -> Json:
    """The value at a simple FHIRPath (names and indexes) below `root`."""
    pointer = expression.removeprefix(root).replace("[", "/").replace("]", "").replace(".", "/")
    return at_pointer(resource, pointer)
