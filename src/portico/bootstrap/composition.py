"""Façades over their vendors and the store: everything but the door that requests come in by."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from portico.bootstrap.connections import connection_values, effective, load_configured
from portico.facade.connection import Connection
from portico.facade.dispatch import Facade
from portico.facade.ports import Ports
from portico.settings import Settings, resolve
from portico.store.database import Database, open_database
from portico.transport.http import HttpTransport, open_client
from portico.transport.in_process import AsgiApplication, Client, open_client_in_process


@dataclass(frozen=True)
class Composition:
    """Façades by connection name, and what they hold open."""

    facades: Mapping[str, Facade]
    connections: Mapping[str, Connection]
    database: Database
    client: Client

    async def close(self) -> None:
        await self.client.aclose()
        await self.database.close()


async def compose(settings: Settings, vendors: AsgiApplication | None = None) -> Composition:
    """Build the façades of all connections; `vendors` answers in place of the network if given.

    Raises ConfigurationError and MappingError.
    """
    prepared = _prepare(effective(settings))
    database = await open_database(resolve("store.url", settings.store.url))
    client = open_client_in_process(vendors) if vendors else open_client()
    facades = {
        name: Facade(each.connection, _ports(each, database, client))
        for name, each in prepared.items()
    }
    connections = {name: each.connection for name, each in prepared.items()}
    return Composition(facades, connections, database, client)


def configured(settings: Settings) -> dict[str, Connection]:
    """The connections alone, which ask nobody. Raises ConfigurationError and MappingError."""
    return {name: each.connection for name, each in _prepare(effective(settings)).items()}


@dataclass(frozen=True)
class _Prepared:
    """A connection and all that its requests may be filled with, secrets included."""

    connection: Connection
    values: Mapping[str, str]


def _prepare(settings: Settings) -> dict[str, _Prepared]:
    vendors = load_configured(settings)
    prepared = {}
    for name, given in settings.connections.items():
        known = vendors[given.vendor]
        values = connection_values(name, given, known.vendor)
        secrets = {each.name for each in known.vendor.settings.values() if each.kind == "secret"}
        told = {member: value for member, value in values.items() if member not in secrets}
        prepared[name] = _Prepared(Connection(name, known.vendor, known.modules, told), values)
    return prepared


def _ports(prepared: _Prepared, database: Database, client: Client) -> Ports:
    transport = HttpTransport(
        prepared.values["base_url"],
        prepared.connection.vendor.credential,
        prepared.values,
        client,
        time.time,
    )
    return Ports(
        vendor=transport,
        store=database.records,
        clock=time.monotonic,
        mint=lambda: str(uuid.uuid4()),
        secret=database.secret,
    )
