"""The secret that keys digests and cursors: made once, kept in the database, shared by replicas."""

import secrets

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from portico.store.tables import secret

_NAME = "digest"
_BYTES = 32


async def shared_secret(engine: AsyncEngine) -> bytes:
    """The one secret of this database; whoever comes first makes it."""
    try:
        async with engine.begin() as connection:
            if found := (await connection.execute(_chosen())).scalar():
                return bytes(found)
            made = secrets.token_bytes(_BYTES)
            await connection.execute(insert(secret).values(name=_NAME, value=made))
            return made
    except IntegrityError:
        async with engine.begin() as connection:
            return bytes((await connection.execute(_chosen())).scalar_one())


def _chosen() -> Select[bytes]:
    return select(secret.c.value).where(secret.c.name == _NAME)
