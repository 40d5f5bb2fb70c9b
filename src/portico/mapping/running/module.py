"""A compiled module: one vendor object ↔ one FHIR resource, in both directions."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portico import Json, Record, Resource
from portico.document import copy
from portico.errors import FhirError, Issue
from portico.mapping.compiling.compile import Changes, CompiledShape, applied
from portico.mapping.compiling.lane import Lane, fhirpath
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.template import render
from portico.mapping.conversion.transform import RefusalError, UnholdableError
from portico.mapping.language.rule import Direction, Lock, Member, ModuleSpec
from portico.mapping.language.schema import Schema
from portico.mapping.running.change import REQUIRED, Change, Loss
from portico.mapping.running.compare import compare
from portico.mapping.running.complement import complement, overlay
from portico.mapping.running.write import Writer


@dataclass(frozen=True)
class Identity:
    """How the vendor's key members and the FHIR id make each other."""

    lane: Lane

    @cached_property
    def members(self) -> tuple[str, ...]:
        return tuple(map(str, self.lane.members))

    @property
    def is_marked(self) -> bool:
        """Whether the ids tell what they are ids of: `prefix "v-"`."""
        return any(one.split()[0] == "prefix" for one in self.lane.converters)

    def key_of(self, record: Json) -> dict[str, str]:
        """The key members of a record."""
        return {str(member): str(value_of(record, member)) for member in self.lane.members}

    def logical_id(self, record: Json) -> str | None:
        """The FHIR id of a record; None when its key is missing or cannot be one."""
        values = [value_of(record, member) for member in self.lane.members]
        if None in values:
            return None
        try:
            return str(self.lane.transform.get(*values) if self.lane.transform else values[0])
        except RefusalError:
            return None

    def key(self, logical_id: str) -> dict[str, str] | None:
        """The key members that an id stands for; None if it is no id of this object."""
        if self.lane.transform is None:
            return {self.members[0]: logical_id}
        try:
            found = self.lane.transform.put(logical_id, (None,) * len(self.members))
        except (RefusalError, UnholdableError):
            return None
        values = found if isinstance(found, tuple) else (found,)
        return dict(zip(self.members, values, strict=True))


@dataclass(frozen=True)
class SingleModule:
    """A module whose object is one resource.

    `catalogues` names those that the context must hold; `lock` is the vendor's optimistic lock.
    """

    spec: ModuleSpec
    shape: CompiledShape
    schemas: Mapping[str, Schema]

    is_bundle = False

    @property
    def name(self) -> str:
        return f"{self.spec.vendor}.{self.spec.object}"

    @property
    def shapes(self) -> Mapping[str, CompiledShape]:
        """The compiled shapes by the name of their part."""
        return {self.spec.parts[0].name: self.shape}

    @property
    def resource_types(self) -> tuple[str, ...]:
        return (self.shape.type,)

    @property
    def lock(self) -> Lock | None:
        return self.spec.write.lock

    @cached_property
    def catalogues(self) -> frozenset[str]:
        return catalogues_of(self.shape.lanes)

    @cached_property
    def key_members(self) -> tuple[str, ...]:
        """The vendor's members that the FHIR id is made of."""
        return self.identity.members if self.identity else ()

    @cached_property
    def identity(self) -> Identity | None:
        for lane in self.shape.lanes:
            if lane.paths and lane.paths[0].names == ("id",) and lane.direction.reads:
                return Identity(lane)
        return None

    @cached_property
    def writer(self) -> Writer:
        """How the object's requests are made."""
        create, update = self.schemas.get("create"), self.schemas.get("update")
        return Writer(self.spec.write, create, update, self.expressions, self.key_members)

    def expressions(self, member: str) -> tuple[str, ...]:
        """The FHIRPaths that a vendor member feeds; a prefix of members stands for all of them."""
        return expressions_of(self.shape, member)

    def claims(self, resource: Resource) -> bool:
        """Whether a resource says all that the module's constants say of every resource.

        Of a concept that has several codings one is enough: they mean the same.
        """
        same_type = resource.get("resourceType") == self.shape.type
        constants = self.shape.root.constants
        return same_type and all(_says(resource.get(name), one) for name, one in constants.items())

    def to_fhir(self, record: Record, context: Context, keep: Json = None) -> Resource:
        """The resource of a record, with the complement `keep` laid over it.

        Raises VendorError when a value has no meaning in FHIR.
        """
        body = self.shape.to_fhir(record, context) or {"resourceType": self.shape.type}
        return Resource(overlay(body, keep, self.shape) if keep else body)

    def to_vendor(self, resource: Resource, base: Record | None, context: Context) -> Change:
        """The requests that write a resource over `base`, or create it, and what is lost.

        Raises FhirError 422 for a value that must not be written and for a loss that must not be.
        """
        change, changes = self.merged(resource, base, context)
        record, report, keep = change.record, change.report, change.keep
        if base is None:
            return Change(record, self.writer.creation(record), report, keep)
        touched = {member for member in changes if _differs(base, record, member)}
        touched |= {
            lane.members[0]
            for lane in self.shape.filling_lanes
            if lane.template is not None and _differs(base, record, lane.members[0])
        }
        return Change(record, self.writer.changes(base, record, touched), report, keep)

    def merged(
        self, resource: Resource, base: Record | None, context: Context
    ) -> tuple[Change, Changes]:
        """What `to_vendor` comes to, before any request is made of the members that change."""
        before: Json = base or {}
        image = self.shape.to_fhir(base, context) or {} if base is not None else None
        changes = self.shape.changes(resource, image, before, context)
        if base is not None:
            changes = self._without_keys(changes, before)
        record = finished(
            self.shape.filling_lanes, before, applied(before, changes), create=base is None
        )
        record = copy(self._without_companions(record, changes))
        held = self.shape.to_fhir(record, context) or {}
        report = compare(resource, held, self.shape, self.spec.parts[0].shape)
        enforce(report, self.spec.on_loss, keeps=context.keeps)
        keep = complement(resource, held, self.shape, report) if self._keeps(context) else {}
        return Change(Record(record), (), report, keep), changes

    def version_basis(self, resource: Resource) -> Json:
        """What the version of a resource depends on where the vendor has none: what can be written.

        Members that the vendor counts or sets by itself are left out, because vendors show them in
        some answers (a list) and not in others (a read).
        """
        lanes = (lane for lane in self.shape.lanes if lane.direction is Direction.BOTH)
        slots = self.shape.read(resource)
        return [self._digest, *(slots[slot] for lane in lanes for slot in lane.slots)]

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.shape.source.encode()).hexdigest()

    def _keeps(self, context: Context) -> bool:
        return self.spec.on_loss == "keep" and context.keeps

    def _without_keys(self, changes: Changes, before: Json) -> Changes:
        """A key that is left out stays as it is; another one would be another record's."""
        keys = self.key_members
        for member, value in changes.items():
            if str(member) in keys and value not in (None, value_of(before, member)):
                paths = self.expressions(str(member))
                what = f"R401 {', '.join(paths)}: part of the record's key, which cannot change"
                raise FhirError(422, Issue("conflict", what, expression=paths))
        return {member: value for member, value in changes.items() if str(member) not in keys}

    def _without_companions(self, record: Json, changes: Changes) -> Json:
        """A changed foreign key leaves no stale name beside it."""
        for member in changes:
            if str(member) in self.spec.write.renames and len(member.steps) > 1:
                given = {other.steps for other in changes}
                parent = dict(value_of(record, Member(member.steps[:-1])) or {})
                kept = {k: v for k, v in parent.items() if (*member.steps[:-1], k) in given}
                record = applied(record, {Member(member.steps[:-1]): kept or None})
        return record


def value_of(record: Json, member: Member) -> Json:
    """The value of a member; None where the way to it ends early."""
    for step in member.steps:
        record = record.get(step) if isinstance(record, dict) else None
    return record


def expressions_of(shape: CompiledShape, member: str) -> tuple[str, ...]:
    found = [
        fhirpath(shape.type, lane)
        for lane in shape.lanes
        for one in lane.members
        if lane.paths and (str(one) == member or str(one).startswith(f"{member}."))
    ]
    return tuple(dict.fromkeys(found))


def catalogues_of(lanes: Iterable[Lane]) -> frozenset[str]:
    return frozenset(
        lane.transform.catalogue for lane in lanes if lane.transform and lane.transform.catalogue
    )


def finished(lanes: Iterable[Lane], before: Json, record: Json, *, create: bool) -> dict[str, Json]:
    """Fill what only the vendor has: fixed values on create, and templates.

    A template's text is made anew only while it is still what the template made; a client that
    leaves such a text out has said nothing about it.
    """
    result: dict[str, Json] = dict(record)
    for lane in lanes:
        if lane.constant is not None and create:
            if value_of(result, lane.members[0]) is None:
                result = applied(result, {lane.members[0]: lane.constant})
        elif lane.template is not None:
            old, now = (value_of(each, lane.members[0]) for each in (before, result))
            stale = not create and old == render(lane.template, before)
            if (create and not now) or (stale and now in (old, None)):
                result = applied(result, {lane.members[0]: render(lane.template, result)})
    return result


def enforce(report: Iterable[Loss], on_loss: str, *, keeps: bool = False) -> None:
    """Refuse a write that would lose a modifier, or anything where the module says `reject`.

    `keep` without a store that keeps is `reject`.
    """
    strict = on_loss == "reject" or (on_loss == "keep" and not keeps)
    refused = [
        loss for loss in report if loss.modifier or (strict and loss.kind in {"lost", "changed"})
    ]
    if refused:
        raise FhirError(422, *map(_issue, refused))


def _issue(loss: Loss) -> Issue:
    rule = f" ({loss.rule})" if loss.rule else ""
    what = f"R410 {loss.expression} would be {loss.kind}: {loss.reason}{rule}"
    code = "required" if loss.reason == REQUIRED else "business-rule"
    return Issue(code, what, expression=(loss.expression,))


def _differs(before: Json, after: Json, member: Member) -> bool:
    return bool(value_of(before, member) != value_of(after, member))


def _says(value: Json, wanted: Json) -> bool:
    """Whether a value says a constant, a concept by at least one of its codings."""
    codings = wanted.get("coding", ()) if isinstance(wanted, dict) else ()
    if not codings:
        return _has(value, wanted)
    return any(_has(value, {**wanted, "coding": [coding]}) for coding in codings)


def _has(value: Json, wanted: Json) -> bool:
    """Whether a value says at least what a constant says."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(_has(value.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        listed = value if isinstance(value, list) else []
        return all(any(_has(one, item) for one in listed) for item in wanted)
    return bool(value == wanted)
