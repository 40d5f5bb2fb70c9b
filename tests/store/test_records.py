"""The record store on real SQLite files."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from portico import Record
from portico.errors import ConfigurationError, PorticoError
from portico.facade.ports import Snapshot, SnapshotEntry
from portico.store.engine import create_tables, open_engine, reachable
from portico.store.records import SqlRecordStore
from portico.store.secrets import shared_secret
from portico.store.tables import SCHEMA_VERSION, schema_version

SENT = Snapshot(
    connection="north",
    vendor_object="chart",
    key="urn:oid:1.2.3.4|ABC123",
    record=Record({"patient": {"mrn": "ABC123"}, "amount": Decimal("1.10")}),
    entries=(SnapshotEntry("Patient", "p1"), SnapshotEntry("Condition", "c1")),
    correlation_id="11f2",
)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'portico.db'}")
    await create_tables(opened)
    yield opened
    await opened.dispose()


@pytest.fixture
def store(engine: AsyncEngine) -> SqlRecordStore:
    return SqlRecordStore(engine)


async def test_what_was_saved_is_found_by_its_key_digit_for_digit(store: SqlRecordStore) -> None:
    await store.save(SENT)

    assert await store.by_key("north", "chart", SENT.key) == SENT


async def test_every_resource_of_a_snapshot_leads_to_it(store: SqlRecordStore) -> None:
    await store.save(SENT)

    assert await store.by_resource_id("north", "Condition", "c1") == SENT
    assert await store.by_resource_id("north", "Patient", "c1") is None


async def test_a_second_snapshot_replaces_the_first_as_a_whole(store: SqlRecordStore) -> None:
    newer = replace(SENT, record=Record({"n": 2}), entries=(SnapshotEntry("Patient", "p1"),))
    await store.save(SENT)
    await store.save(newer)

    assert await store.by_key("north", "chart", SENT.key) == newer
    assert await store.by_resource_id("north", "Condition", "c1") is None


async def test_connections_never_see_each_other(store: SqlRecordStore) -> None:
    south = replace(SENT, connection="south", record=Record({"n": 3}))
    await store.save(SENT)
    await store.save(south)

    assert await store.by_key("south", "chart", SENT.key) == south
    assert await store.by_resource_id("south", "Patient", "p1") == south
    assert await store.following("north", "chart", "", 10) == (SENT,)
    assert await store.by_key("west", "chart", SENT.key) is None


async def test_snapshots_follow_each_other_in_code_point_order(store: SqlRecordStore) -> None:
    keys = ["Z", "a", "é", "\U0001f600"]
    for key in reversed(keys):
        await store.save(replace(SENT, key=key))

    first = await store.following("north", "chart", "", 3)
    rest = await store.following("north", "chart", first[-1].key, 3)
    assert [found.key for found in (*first, *rest)] == keys


async def test_data_and_secret_survive_a_restart(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'portico.db'}"
    secrets = []
    for start in range(2):
        engine = open_engine(url)
        await create_tables(engine)
        secrets.append(await shared_secret(engine))
        if start == 0:
            await SqlRecordStore(engine).save(SENT)
        else:
            assert await SqlRecordStore(engine).by_key("north", "chart", SENT.key) == SENT
        await engine.dispose()

    assert secrets[0] == secrets[1]
    assert len(secrets[0]) == 32


async def test_a_save_that_fails_leaves_the_former_snapshot(store: SqlRecordStore) -> None:
    await store.save(SENT)
    unwritable = replace(SENT, entries=(SnapshotEntry("Patient", None),))  # type: ignore[arg-type]  # what the database refuses

    with pytest.raises(PorticoError) as refused:
        await store.save(unwritable)

    assert refused.value.status == 503
    assert await store.by_key("north", "chart", SENT.key) == SENT


async def test_acknowledged_means_on_disk(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        journal = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar()
        foreign_keys = (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar()

    assert (journal, synchronous, foreign_keys) == ("wal", 2, 1)


async def test_a_database_of_another_schema_version_is_refused(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(schema_version).values(version=SCHEMA_VERSION + 1))

    with pytest.raises(ConfigurationError, match="use the Portico that wrote it"):
        await create_tables(engine)


async def test_a_database_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'folder' / 'portico.db'}")

    with pytest.raises(ConfigurationError, match=r"store\.url: the database cannot be opened"):
        await create_tables(engine)
    assert not await reachable(engine)
    await engine.dispose()
    await _driver_threads_end()


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///x.db", "mysql+aiomysql://h/d"])
def test_a_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"store\.url: write sqlite\+aiosqlite:///FILE"):
        open_engine(url)


async def _driver_threads_end() -> None:
    """After a refused connect, aiosqlite's thread still answers the loop, which must be there."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)
