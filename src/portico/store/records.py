"""Snapshots of records that went to vendors without reads."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import ColumnElement, Row, and_, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from portico import Record
from portico.document import dump, parse
from portico.errors import Issue, PorticoError
from portico.facade.ports import Snapshot, SnapshotEntry
from portico.store.tables import snapshot as snapshots
from portico.store.tables import snapshot_entry as entries


class SqlRecordStore:
    """The façade's `RecordStore` in a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def save(self, snapshot: Snapshot) -> None:
        async with self._transaction() as connection:
            await connection.execute(delete(snapshots).where(_same(snapshot)))
            await connection.execute(insert(snapshots).values(_row(snapshot)))
            if rows := _entry_rows(snapshot):
                await connection.execute(insert(entries), rows)

    async def by_key(self, connection: str, vendor_object: str, key: str) -> Snapshot | None:
        return await self._one(
            and_(
                snapshots.c.connection == connection,
                snapshots.c.vendor_object == vendor_object,
                snapshots.c.key == key,
            )
        )

    async def by_resource_id(
        self, connection: str, resource_type: str, logical_id: str
    ) -> Snapshot | None:
        holds = (
            select(entries.c.key)
            .where(
                entries.c.connection == connection,
                entries.c.vendor_object == snapshots.c.vendor_object,
                entries.c.key == snapshots.c.key,
                entries.c.resource_type == resource_type,
                entries.c.logical_id == logical_id,
            )
            .exists()
        )
        return await self._one(and_(snapshots.c.connection == connection, holds))

    async def following(
        self, connection: str, vendor_object: str, key: str, limit: int
    ) -> tuple[Snapshot, ...]:
        return await self._find(
            and_(
                snapshots.c.connection == connection,
                snapshots.c.vendor_object == vendor_object,
                snapshots.c.key > key,
            ),
            limit,
        )

    async def _one(self, condition: ColumnElement[bool]) -> Snapshot | None:
        return next(iter(await self._find(condition, 1)), None)

    async def _find(self, condition: ColumnElement[bool], limit: int) -> tuple[Snapshot, ...]:
        chosen = select(snapshots).where(condition).order_by(snapshots.c.key).limit(limit)
        async with self._transaction() as connection:
            rows = (await connection.execute(chosen)).all()
            return tuple([await _snapshot(connection, row) for row in rows])

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise PorticoError(503, Issue("no-store", "the store cannot be reached")) from error


async def _snapshot(connection: AsyncConnection, row: Row[*tuple[object, ...]]) -> Snapshot:
    found = await connection.execute(
        select(entries.c.resource_type, entries.c.logical_id)
        .where(
            entries.c.connection == row.connection,
            entries.c.vendor_object == row.vendor_object,
            entries.c.key == row.key,
        )
        .order_by(entries.c.position)
    )
    return _read(row, found.all())


def _read(row: Row[*tuple[object, ...]], found: Sequence[Row[str, str]]) -> Snapshot:
    return Snapshot(
        connection=row.connection,
        vendor_object=row.vendor_object,
        key=row.key,
        record=Record(parse(row.record)),
        entries=tuple(SnapshotEntry(entry.resource_type, entry.logical_id) for entry in found),
        correlation_id=row.correlation_id,
    )


def _same(snapshot: Snapshot) -> ColumnElement[bool]:
    return and_(
        snapshots.c.connection == snapshot.connection,
        snapshots.c.vendor_object == snapshot.vendor_object,
        snapshots.c.key == snapshot.key,
    )


def _row(snapshot: Snapshot) -> dict[str, object]:
    return {
        **_key(snapshot),
        "record": dump(snapshot.record),
        "correlation_id": snapshot.correlation_id,
    }


def _entry_rows(snapshot: Snapshot) -> list[dict[str, object]]:
    return [
        {
            **_key(snapshot),
            "position": position,
            "resource_type": entry.resource_type,
            "logical_id": entry.logical_id,
        }
        for position, entry in enumerate(snapshot.entries)
    ]


def _key(snapshot: Snapshot) -> dict[str, object]:
    return {
        "connection": snapshot.connection,
        "vendor_object": snapshot.vendor_object,
        "key": snapshot.key,
    }
