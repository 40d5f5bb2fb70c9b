"""Shapes compiled to Python, and the calls into them, which turn failures into findings.

Conversion is straight-line code; when something inside fails, the line of the failure tells the
lane and so the rule, the vendor's member and the FHIR element.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from portico import Json
from portico.document import copy
from portico.mapping.compiling.emit import Source, emit_read
from portico.mapping.compiling.emit_lanes import emit_put, emit_to_fhir
from portico.mapping.compiling.failure import FAILURES, Files, Lines, unreadable, unwritable
from portico.mapping.compiling.lane import Lane, LaneBuilder
from portico.mapping.compiling.linked import Linked, differing, linked_elements
from portico.mapping.compiling.tree import Branch, TreeBuilder
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.converter import Environment, hold
from portico.mapping.conversion.transform import RefusalError
from portico.mapping.language.rule import Constant, Member, Shape
from portico.mapping.language.selector import current, is_dated, is_old, pick
from portico.mapping.language.terminology import DATA_ABSENT_REASON, Terminology

Slots = tuple[Json, ...]
Changes = dict[Member, Json]
_NO_REFERENCES: Mapping[str, str] = {}


@dataclass(frozen=True)
class CompiledShape:
    """The functions of one shape. `type` is its R4 type; `count` the number of its slots.

    `is_certain` tells that every record makes something; `files` are the functions' own, first,
    and those of the types inside.
    """

    type: str
    count: int
    lanes: tuple[Lane, ...]
    root: Branch
    source: str
    is_certain: bool
    files: Files
    _names: Mapping[str, Any]

    def to_fhir(
        self,
        record: Json,
        context: Context,
        up: Json = None,
        references: Mapping[str, str] = _NO_REFERENCES,
    ) -> Json:
        """The resource of a record, or the value of a type; None if nothing is there.

        Raises VendorError for a value that no rule can read, of another type than it reads.
        """
        try:
            return self.convert(record, up or {}, context, references)
        except FAILURES as error:
            raise unreadable(error, self.files) from error

    @cached_property
    def convert(self) -> Callable[..., Json]:
        """`to_fhir` of (record, up, context, references) as it was compiled: failures are bare."""
        made: Callable[..., Json] = self._names["to_fhir"]
        return made

    def read(self, resource: Json) -> Slots:
        """The slots of a resource."""
        slots: Slots = self._names["read"](resource)
        return slots

    def put(
        self, new: Slots, old: Slots | None, record: Json, context: Context, up: Json = None
    ) -> Changes:
        """The members that must change, given the slots before and after."""
        before = old if old is not None else (None,) * self.count
        try:
            changes: Changes = self._names["put"](new, before, record, up or {}, context)
        except RefusalError as error:
            raise unwritable(error, self.files) from error
        return changes

    def changes(self, new: Json, old: Json | None, record: Json, context: Context) -> Changes:
        """The members that must change, given the resources before and after."""
        if old is None:
            return self.put(self.read(new), None, record, context)
        after, before = differing(new, old, self.linked)
        return self.put(self.read(after), self.read(before), record, context)

    @cached_property
    def linked(self) -> Linked:
        """The elements that can be written, each with those that are weighed with it."""
        return linked_elements(self.lanes, self.root)

    @cached_property
    def reading_lanes(self) -> Mapping[int, Lane]:
        """The lanes that fill slots, by slot."""
        return {slot: lane for lane in self.lanes for slot in lane.slots if lane.direction.reads}

    @cached_property
    def filling_lanes(self) -> tuple[Lane, ...]:
        """The lanes that give a record what no resource says: fixed values and templates."""
        lanes = self.lanes
        return tuple(one for one in lanes if one.constant is not None or one.template is not None)


@dataclass(frozen=True)
class EachEntry:
    """A vendor list ↔ a FHIR list, entry by entry."""

    shape: CompiledShape

    @property
    def convert(self) -> Callable[..., Json]:
        return self.shape.convert

    def put(
        self,
        new: list[Json] | None,
        old: list[Json] | None,
        items: list[Json] | None,
        key: tuple[str, ...],
        context: Context,
    ) -> list[Json] | None:
        """Equal entries keep their stored object; others meet by key, else by place."""
        entries = [(entry, self.shape.read(entry)) for entry in self._shared(new or [])]
        stored = [
            (before, self.shape.read(before), item)
            for before, item in zip(old or (), items or (), strict=False)
        ]
        partners = _aligned(entries, stored, key)
        return [
            self._put_one(slots, partners.get(index), context)
            for index, (_, slots) in enumerate(entries)
        ] or None

    def _shared(self, entries: list[Json]) -> list[Json]:
        """Old entries stay out, unless the rules can say that they are old."""
        if not is_dated(self.shape.type):
            return entries
        said = self.shape.root.children
        return [entry for entry in entries if not is_old(entry, said)]

    def _put_one(self, new: Slots, partner: "_Stored | None", context: Context) -> Json:
        if partner is None:
            return applied({}, self.shape.put(new, None, {}, context))
        _, old, item = partner
        return applied(item, self.shape.put(new, old, item, context))


_Stored = tuple[Json, Slots, Json]


def _aligned(
    entries: list[tuple[Json, Slots]], stored: list[_Stored], key: tuple[str, ...]
) -> dict[int, _Stored]:
    """Which stored item each entry continues: equal ones first, so that none is taken from it."""
    partners: dict[int, _Stored] = {}
    free = list(stored)

    def match(same: Callable[[tuple[Json, Slots], _Stored], bool]) -> None:
        for index, entry in enumerate(entries):
            found = next((one for one in free if index not in partners and same(entry, one)), None)
            if found is not None:
                partners[index] = found
                free.remove(found)

    match(lambda entry, one: entry[1] == one[1])
    if key:
        match(lambda entry, one: all(entry[0].get(name) == one[0].get(name) for name in key))
    else:
        match(lambda _entry, _one: True)
    return partners


def applied(record: Json, changes: Changes) -> dict[str, Json]:
    """A copy of the record with members changed; a member that becomes nothing is removed."""
    result: dict[str, Json] = dict(record)
    for member, value in changes.items():
        target = result
        for step in member.steps[:-1]:
            target[step] = dict(target.get(step) or {})
            target = target[step]
        if value is None:
            target.pop(member.steps[-1], None)
        else:
            target[member.steps[-1]] = value
    for member, value in changes.items():
        if value is None and len(member.steps) > 1 and not result.get(member.steps[0]):
            result.pop(member.steps[0], None)
    return result


def without_nulls(value: Json) -> Json:
    """A list without the nulls that hold the place of an extension (`_line`)."""
    if isinstance(value, list):
        return [item for item in value if item is not None] or None
    return value


def compile_shape(shape: Shape, name: str, environment: Environment) -> CompiledShape:
    """Compile one shape; `name` stands in tracebacks. Raises MappingError."""
    tree = TreeBuilder(shape.type, environment.terminology)
    inside: dict[str, Lines] = {}

    def compile_each(inner: Shape, type_name: str) -> EachEntry:
        typed = replace(inner, type=type_name)
        made = compile_shape(typed, f"{name}.{len(inside)}.{type_name}", environment)
        inside.update(made.files)
        return EachEntry(made)

    lanes = LaneBuilder(tree, environment, compile_each).lanes(shape.rules)
    for constant in shape.constants:
        tree.constant(constant, constant_value(constant, tree, environment.terminology))
    for constant in shape.fallback:
        tree.fallback(constant, constant_value(constant, tree, environment.terminology))
    source = Source()
    is_certain = _emit(source, tree, lanes)
    text = "\n".join(source.text)
    names = source.names | {"EMPTY": {}, "NOTHING": (None, "", [], {}), "hold": hold}
    names |= {"pick": pick, "current": current, "copy": copy, "without_nulls": without_nulls}
    file = f"<mapping {name}>"
    exec(compile(text, file, "exec"), names)  # noqa: S102  # our own source, from checked rules
    files = {file: Lines(shape.type, source.lanes), **inside}
    return CompiledShape(shape.type, tree.slots, lanes, tree.root, text, is_certain, files, names)


def _emit(source: Source, tree: TreeBuilder, lanes: tuple[Lane, ...]) -> bool:
    # a code that the table itself writes or refuses is a value, even where it is the fallback
    kept = frozenset(
        slot
        for lane in lanes
        for slot in lane.slots
        if lane.transform and lane.transform.accepts and lane.direction.writes
    )
    is_certain = emit_to_fhir(source, lanes, tree.root)
    emit_read(source, tree.root, tree.slots, kept)
    emit_put(source, lanes, tree.slots)
    return is_certain


def constant_value(constant: Constant, tree: TreeBuilder, terminology: Terminology) -> Json:
    """A fixed value as FHIR JSON: `system#code` and `absent#reason` become what the type asks."""
    type_name = tree.type_at(constant.path)
    value = constant.value
    if isinstance(value, list):
        made = [_coded(item, type_name, terminology) for item in value]
        if type_name == "CodeableConcept" and not tree.is_list(constant.path):
            return {"coding": [coding for concept in made for coding in concept["coding"]]}
        return made
    return _coded(value, type_name, terminology)


def _coded(value: object, type_name: str, terminology: Terminology) -> Json:
    if not isinstance(value, str) or "#" not in value:
        return terminology.uri(value) if type_name == "uri" and isinstance(value, str) else value
    system, _, code = value.partition("#")
    if system == "absent" and type_name not in {"CodeableConcept", "Coding"}:
        return {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": code}]}
    name = "data-absent" if system == "absent" else system
    coding = {"system": terminology.uri(name), "code": code}
    return {"coding": [coding]} if type_name == "CodeableConcept" else coding
