"""A store that is open: its ports, its secret, whether it answers."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from portico.store.engine import create_tables, open_engine, reachable
from portico.store.records import SqlRecordStore
from portico.store.secrets import shared_secret


@dataclass(frozen=True)
class Database:
    """Everything that Portico keeps."""

    engine: AsyncEngine
    secret: bytes

    @property
    def records(self) -> SqlRecordStore:
        return SqlRecordStore(self.engine)

    async def reachable(self) -> bool:
        return await reachable(self.engine)

    async def close(self) -> None:
        await self.engine.dispose()


async def open_database(url: str) -> Database:
    """Open the database of `store.url` and make it ready. Raises ConfigurationError.

    No connection stays open, so that the database may be used in another event loop.
    """
    engine = open_engine(url)
    try:
        await create_tables(engine)
        return Database(engine, await shared_secret(engine))
    finally:
        await engine.dispose()
