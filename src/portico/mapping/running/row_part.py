"""One part of a vendor row, seen as if it were a module of its own."""

from dataclasses import dataclass
from functools import cached_property

from portico import Json, Record, Resource
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.conversion.context import Context
from portico.mapping.language.rule import Lock
from portico.mapping.running.change import Change
from portico.mapping.running.fan import FanIdentity, FanModule


@dataclass(frozen=True)
class PartIdentity:
    """How the row's key members and the FHIR ids of one part make each other."""

    rows: FanIdentity
    part: str

    @property
    def is_marked(self) -> bool:
        """Whether the ids tell what they are ids of."""
        return bool(self.rows.suffix(self.part))

    def logical_id(self, record: Json) -> str | None:
        """The FHIR id of this part of a row; None when its key is missing or cannot be one."""
        return self.rows.logical_id(self.part, record)

    def key(self, logical_id: str) -> dict[str, str] | None:
        """The row's key members that an id stands for; None if it is no id of this part."""
        found = self.rows.key(logical_id)
        return found[1] if found and found[0] == self.part else None


@dataclass(frozen=True)
class RowPart:
    """What a module of several resources to a row says of one of them."""

    fan: FanModule
    part: str

    @property
    def resource_types(self) -> tuple[str, ...]:
        return self.fan.parts[self.part].resource_types

    @property
    def shape(self) -> CompiledShape:
        return self.fan.parts[self.part].shape

    @property
    def lock(self) -> Lock | None:
        return self.fan.lock

    @cached_property
    def catalogues(self) -> frozenset[str]:
        return self.fan.parts[self.part].catalogues

    @cached_property
    def identity(self) -> PartIdentity:
        return PartIdentity(self.fan.rows, self.part)

    def claims(self, resource: Resource) -> bool:
        """Whether a resource says all that every resource of this part says."""
        return self.fan.parts[self.part].claims(resource)

    def expressions(self, member: str) -> tuple[str, ...]:
        """The FHIRPaths that a vendor member feeds."""
        return self.fan.parts[self.part].expressions(member)

    def is_present(self, record: Record) -> bool:
        """Whether a row has what the part shows."""
        return self.fan.rows.is_present(self.part, record)

    def is_alone(self, record: Record) -> bool:
        """Whether a row has nothing that another part shows."""
        others = (name for name in self.fan.parts if name != self.part)
        return not any(self.fan.rows.is_present(name, record) for name in others)

    def to_fhir(self, record: Record, context: Context) -> Resource:
        """The part's resource of a row. Raises VendorError when a value has no meaning in FHIR."""
        return self.fan.resource(self.part, record, context)

    def to_vendor(self, resource: Resource, base: Record | None, context: Context) -> Change:
        """The requests that write the part into `base`, or as a new row. Raises FhirError 422."""
        return self.fan.written(self.part, resource, base, context)

    def version_basis(self, resource: Resource) -> Json:
        """What the version of a resource depends on where the vendor has none."""
        return self.fan.parts[self.part].version_basis(resource)
