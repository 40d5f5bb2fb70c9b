"""The database: opened by URL, its tables made when they are missing."""

import sqlite3
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from portico.errors import ConfigurationError
from portico.store.tables import SCHEMA_VERSION, metadata, schema_version

_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


def open_engine(url: str) -> AsyncEngine:
    """Make an engine for `store.url`; nothing is connected yet. Raises ConfigurationError."""
    try:
        parsed = make_url(url)
        if parsed.drivername not in _DRIVERS:
            raise _unusable()
        engine = create_async_engine(parsed)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise _unusable() from error
    if parsed.drivername.startswith("sqlite"):
        _make_durable(engine)
    return engine


async def create_tables(engine: AsyncEngine) -> None:
    """Create what is missing. Raises ConfigurationError where another version wrote it."""
    try:
        if engine.dialect.name == "sqlite":
            _try_file(engine)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            found = await _found_version(connection)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise ConfigurationError(
            "store.url: the database cannot be opened; check that it runs and may be written"
        ) from error
    if found != SCHEMA_VERSION:
        raise ConfigurationError(
            f"store.url: the database has schema version {found}, this Portico has "
            f"{SCHEMA_VERSION}; use the Portico that wrote it, or another database"
        )


async def reachable(engine: AsyncEngine) -> bool:
    """Whether the database answers now."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


async def _found_version(connection: AsyncConnection) -> int:
    found = (await connection.execute(select(schema_version.c.version))).scalar()
    if found is None:
        await connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
    return SCHEMA_VERSION if found is None else int(found)


def _try_file(engine: AsyncEngine) -> None:
    """Fail here: the driver's thread outlives a file it cannot open, and complains on stderr."""
    (file,), options = engine.dialect.create_connect_args(engine.url)
    sqlite3.connect(file, uri=bool(options.get("uri"))).close()


def _make_durable(engine: AsyncEngine) -> None:
    """Acknowledged means on disk, and a writer waits for its turn instead of failing half-way."""

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401  the driver's own objects
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401  the driver's own object
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _unusable() -> ConfigurationError:
    return ConfigurationError(
        "store.url: write sqlite+aiosqlite:///FILE, or postgresql+asyncpg://… where asyncpg is "
        "installed"
    )
