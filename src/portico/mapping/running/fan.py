"""A compiled module whose one vendor row is several resources that share its identity and version.

Each part is a module of its own over the whole row: it is there when one of its members is, its
FHIR id is the row's with the part's suffix, and a resource that comes back is known by the part's
constants. Writing one part writes its own members; a member that several parts share is written
with a new row and cannot be changed through one of them afterwards.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from portico import Json, Record, Resource
from portico.errors import FhirError, Issue
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.conversion.context import Context
from portico.mapping.language.rule import Direction, Lock, Member, ModuleSpec
from portico.mapping.language.schema import Schema
from portico.mapping.running.change import Change, Loss
from portico.mapping.running.module import SingleModule, value_of

_SEPARATOR = "-"
_NOTHING: tuple[Json, ...] = (None, "", [], {})
"""What vendors say instead of leaving a member out."""


def _holds(record: Json, member: str, _: str, wanted: str) -> bool:
    """Whether a row has a member, and as `wanted` where something is wanted."""
    value = value_of(record, Member(tuple(member.split("."))))
    told = str(value).lower() if isinstance(value, bool) else str(value)
    return value not in _NOTHING and wanted in ("", told)


@dataclass(frozen=True)
class FanIdentity:
    """Which part of a row is which resource, and the ids that tell."""

    parts: Mapping[str, SingleModule]

    def is_present(self, name: str, record: Json) -> bool:
        """Whether a row has what a part shows."""
        wanted = self.parts[name].spec.parts[0].condition
        return not wanted or any(_holds(record, *one.partition("=")) for one in wanted)

    def logical_id(self, name: str, record: Json) -> str | None:
        """The FHIR id of a part of a row."""
        identity, suffix = self.parts[name].identity, self.suffix(name)
        row = identity.logical_id(record) if identity else None
        return f"{row}{_SEPARATOR}{suffix}" if row and suffix else row

    def suffix(self, name: str) -> str:
        """The end of a part's ids."""
        return self.parts[name].spec.parts[0].suffix

    def key(self, logical_id: str) -> tuple[str, dict[str, str]] | None:
        """The part and the row's key members that an id stands for."""
        for name, part in self.parts.items():
            suffix = self.suffix(name)
            row, _, end = logical_id.rpartition(_SEPARATOR) if suffix else (logical_id, "", suffix)
            key = part.identity.key(row) if part.identity and end == suffix else None
            if key is not None:
                return name, key
        return None

    def part_of(self, resource: Json) -> str:
        """The part that a resource is, by the part's constants. Raises FhirError 422."""
        for name, part in self.parts.items():
            if part.claims(resource):
                return name
        raise no_place(
            str(resource.get("resourceType")), (one.shape for one in self.parts.values())
        )


def no_place(kind: str, shapes: Iterable[CompiledShape]) -> FhirError:
    """The refusal of a resource that is nothing of what a type can be, with what tells it."""
    constants = (name for one in shapes if one.type == kind for name in one.root.constants)
    names = tuple(dict.fromkeys(constants))
    which = f" with this {' and '.join(names)}" if names else ""
    what = f"R422 the vendor has no place for a {kind}{which}"
    paths = tuple(f"{kind}.{name}" for name in names) or (kind,)
    return FhirError(422, Issue("code-invalid", what, expression=paths))


@dataclass(frozen=True)
class FanModule:
    """A module with `resources` that all come `from: .`; parts are in the module's order."""

    spec: ModuleSpec
    parts: Mapping[str, SingleModule]
    schemas: Mapping[str, Schema]

    is_bundle = False

    @property
    def name(self) -> str:
        return f"{self.spec.vendor}.{self.spec.object}"

    @property
    def shapes(self) -> Mapping[str, CompiledShape]:
        """The compiled shapes by the name of their part."""
        return {name: part.shape for name, part in self.parts.items()}

    @property
    def resource_types(self) -> tuple[str, ...]:
        types = (part.resource_types[0] for part in self.parts.values())
        return tuple(dict.fromkeys(types))

    @property
    def key_members(self) -> tuple[str, ...]:
        """The vendor's members that the row's part of the FHIR ids is made of."""
        return next((part.key_members for part in self.parts.values()), ())

    @property
    def lock(self) -> Lock | None:
        return self.spec.write.lock

    @cached_property
    def rows(self) -> FanIdentity:
        """Which part is which resource."""
        return FanIdentity(self.parts)

    @cached_property
    def catalogues(self) -> frozenset[str]:
        return frozenset().union(*(part.catalogues for part in self.parts.values()))

    def expressions(self, member: str) -> tuple[str, ...]:
        """The FHIRPaths that a vendor member feeds, in any part."""
        found = (path for part in self.parts.values() for path in part.expressions(member))
        return tuple(dict.fromkeys(found))

    def resources(self, record: Record, context: Context) -> Iterator[Resource]:
        """The resources of a row, each with its id."""
        for name in self.parts:
            if self.rows.is_present(name, record):
                yield self.resource(name, record, context)

    def resource(self, name: str, record: Record, context: Context) -> Resource:
        """The resource of one part of a row; it has an id where the row tells its key."""
        resource, logical_id = self.parts[name].to_fhir(record, context), None
        if "id" in resource:
            logical_id = self.rows.logical_id(name, record)
        return Resource({**resource, "id": logical_id} if logical_id else resource)

    def to_fhir(self, record: Record, context: Context) -> Resource:
        """A Bundle of type collection with the row's resources."""
        entries = [{"resource": resource} for resource in self.resources(record, context)]
        bundle = {"resourceType": "Bundle", "type": "collection"}
        return Resource({**bundle, "entry": entries} if entries else bundle)

    def to_vendor(self, resource: Resource, base: Record | None, context: Context) -> Change:
        """The requests that write one part of a row, or a Bundle of parts as a new row."""
        if resource.get("resourceType") == "Bundle":
            if base is not None:
                what = "R423 a row that exists is written one resource at a time"
                raise FhirError(422, Issue("business-rule", what, expression=("Bundle",)))
            return self._new_row([one["resource"] for one in resource.get("entry", ())], context)
        return self.written(self.rows.part_of(resource), resource, base, context)

    def written(
        self, name: str, resource: Resource, base: Record | None, context: Context
    ) -> Change:
        """The requests that write one part into a row, or as a new one. Raises FhirError 422."""
        change = self.parts[name].to_vendor(resource, base, context)
        if base is not None:
            self._check_shared(base, change.record)
        return change

    def without(self, name: str, base: Record, context: Context) -> Change:
        """The requests that take one part from a row: its own members become nothing."""
        part = self.parts[name]
        emptied = Record({k: v for k, v in base.items() if k not in self._own(name)})
        return part.to_vendor(part.to_fhir(emptied, context), base, context)

    def _new_row(self, resources: list[Json], context: Context) -> Change:
        record: Record | None = None
        report: list[Loss] = []
        change: Change | None = None
        for resource in resources:
            part = self.parts[self.rows.part_of(resource)]
            change, _ = part.merged(Resource(resource), record, context)
            if record is not None:
                self._check_shared(record, change.record)
            record = change.record
            report += change.report
        if change is None or record is None:
            raise FhirError(422, Issue("required", "the Bundle has no entry"))
        return replace(change, steps=part.writer.creation(record), report=tuple(report))

    def _check_shared(self, before: Json, after: Json) -> None:
        for member in self._shared:
            if before.get(member) is not None and before.get(member) != after.get(member):
                what = f"R421 '{member}' is shared by all resources of the row; write a new row"
                raise FhirError(
                    422, Issue("business-rule", what, expression=self.expressions(member))
                )

    @cached_property
    def _shared(self) -> frozenset[str]:
        counts = Counter(member for name in self.parts for member in set(self._written(name)))
        return frozenset(member for member, count in counts.items() if count > 1)

    def _own(self, name: str) -> frozenset[str]:
        return frozenset(self._written(name)) - self._shared

    def _written(self, name: str) -> Iterator[str]:
        for lane in self.parts[name].shape.lanes:
            if lane.direction is Direction.BOTH:
                yield from (member.steps[0] for member in lane.members)
