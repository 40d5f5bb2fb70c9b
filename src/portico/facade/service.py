"""What every interaction of one connection works with."""

from collections.abc import Mapping
from dataclasses import dataclass

from portico import Record, Resource
from portico.errors import FhirError, Issue, VendorError
from portico.facade.catalogues import Catalogues
from portico.facade.connection import Connection, Face
from portico.facade.ports import Ports, T
from portico.facade.version import versioned
from portico.mapping.conversion.context import Context
from portico.vendor import exchange
from portico.vendor.message import Exchange

Key = Mapping[str, str]

GONE = 410
ABSENT = frozenset({404, GONE})
"""Statuses that say that nothing is there (any more)."""


@dataclass(frozen=True, slots=True)
class Current:
    """What the vendor holds now: the record, its key, and the resource with its version."""

    key: Key
    record: Record
    resource: Resource

    @property
    def version_id(self) -> str:
        return str(self.resource["meta"]["versionId"])


@dataclass(frozen=True, slots=True)
class Service:
    """A connection with its ports and its loaded catalogues."""

    connection: Connection
    ports: Ports
    catalogues: Catalogues

    async def run(self, conversation: Exchange[T]) -> T:
        return await self.ports.vendor.run(conversation)

    def values(self, key: Key) -> dict[str, str]:
        """What fills the blanks of the vendor's paths."""
        return {**self.connection.settings, **key}

    async def read_record(self, face: Face, key: Key) -> Record:
        """Read a record. Raises VendorError 404 and 410."""
        vendor = self.connection.vendor
        return await self.run(exchange.read(vendor, face.thing.name, self.values(key)))

    async def current(self, face: Face, logical_id: str) -> Current:
        """Read what an id stands for; FhirError 404 for an id that is none of this object's."""
        key = face.key(logical_id)
        if key is None:
            raise nobody(face.resource_type)
        record = await self.read_record(face, key)
        if not face.is_in(record):
            what = f"the vendor's record has no {face.resource_type} of this kind"
            raise FhirError(404, Issue("not-found", what))
        context = await self.catalogues.context(face.module.catalogues)
        current = self.seen(face, key, record, context)
        _check_same(face, logical_id, str(current.resource["id"]))
        return current

    def seen(self, face: Face, key: Key, record: Record, context: Context) -> Current:
        """A record as its resource. Raises VendorError 502 when it does not fit its map."""
        resource = face.module.to_fhir(record, context)
        if "id" not in resource:
            what = f"{face.thing.name}: the vendor's record does not tell its key"
            raise VendorError(502, Issue("exception", what), kind="garbage")
        basis = face.module.version_basis(resource)
        return Current(key, record, versioned(resource, self.ports.secret, basis))


def _check_same(face: Face, wanted: str, got: str) -> None:
    """Never show one record for another: vendors take keys in any case, FHIR ids have one."""
    if got == wanted:
        return
    if got.lower() == wanted.lower():
        what = f"no {face.resource_type} has this id; ids are case-sensitive"
        raise FhirError(404, Issue("not-found", what))
    what = f"{face.thing.name}.read: the vendor answered with another record"
    raise VendorError(502, Issue("exception", what), kind="garbage")


def nobody(resource_type: str) -> FhirError:
    """The answer to an id that cannot be one of this type."""
    return FhirError(404, Issue("not-found", f"no {resource_type} here can have this id"))
