"""What the façade needs from outside; adapters in `transport`, `store` and `bootstrap` give it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from portico import Record
from portico.vendor.message import Exchange

T = TypeVar("T")

Clock: TypeAlias = Callable[[], float]
"""Monotonic seconds; they only measure how old a catalogue is."""

Mint: TypeAlias = Callable[[], str]
"""A new UUID in lower-case text, at every call another."""


class VendorPort(Protocol):
    """Holds conversations with one connection's vendor; failures are VendorError."""

    async def run(self, exchange: Exchange[T]) -> T: ...


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """The id that one resource of a snapshot has, in the order in which the module reads them."""

    resource_type: str
    logical_id: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The record that was last sent to a vendor without reads, and the ids of its resources.

    `key` is the business key of the record's subject (`system|value`), unique per connection and
    `vendor_object`. `correlation_id` is what the vendor answered, to recognise what comes later.
    """

    connection: str
    vendor_object: str
    key: str
    record: Record
    entries: tuple[SnapshotEntry, ...]
    correlation_id: str | None = None


class RecordStore(Protocol):
    """Keeps snapshots. All of it is per connection: nothing of one is ever seen from another."""

    async def save(self, snapshot: Snapshot) -> None:
        """Insert, or replace as a whole what has the same connection, object and key.

        Atomic and durable when it returns; ids that the new entries lack are no longer found.
        """
        ...

    async def by_key(self, connection: str, vendor_object: str, key: str) -> Snapshot | None: ...

    async def by_resource_id(
        self, connection: str, resource_type: str, logical_id: str
    ) -> Snapshot | None: ...

    async def following(
        self, connection: str, vendor_object: str, key: str, limit: int
    ) -> tuple[Snapshot, ...]:
        """The snapshots with a greater key (code-point order), ascending, `limit` at most.

        An empty key gives the first ones.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside that one connection's façade uses.

    `secret` keys digest versions and seals cursors; replicas share it, clients never see it.
    """

    vendor: VendorPort
    store: RecordStore
    clock: Clock
    mint: Mint
    secret: bytes
