"""The whole of Portico as one web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from portico.bootstrap.composition import compose
from portico.facade.connection import Connection
from portico.settings import Settings
from portico.vendor.model import VendorObject
from portico.vendor.search_parameters import PushPath
from portico.web.app import Application, web_app
from portico.web.console import ConnectionEntry


@dataclass(frozen=True)
class Portico:
    """The application, and a request that shows what it does (a path below `/fhir/`)."""

    app: Application
    example: str


async def build_app(settings: Settings) -> Portico:
    """Build the application of the settings. Raises ConfigurationError and MappingError."""
    composition = await compose(settings)
    connections = list(composition.connections.values())

    @asynccontextmanager
    async def closing() -> AsyncIterator[None]:
        yield
        await composition.close()

    app = web_app(
        composition.facades,
        [_entry(connection) for connection in connections],
        {"store": composition.database.reachable},
        closing,
        settings.public_url,
    )
    return Portico(app, _example(connections))


def _entry(connection: Connection) -> ConnectionEntry:
    listed = [f"{type_name}?_count=5" for type_name in _listed_types(connection)]
    return ConnectionEntry(
        name=connection.name,
        title=connection.vendor.title,
        resource_types=connection.resource_types,
        links=("metadata", *listed),
    )


def _listed_types(connection: Connection) -> list[str]:
    """The resource types that may be searched without naming a parent."""
    single = [
        type_name
        for type_name, faces in connection.faces.items()
        if all(each.thing.search and not _needs_parent(each.thing) for each in faces.lists)
    ]
    bundled = connection.bundle_face.module.resource_types if connection.bundle_face else ()
    return [*single, *bundled]


def _needs_parent(thing: VendorObject) -> bool:
    rules = (rule for each in thing.search_parameters.values() for rule in each)
    return any(isinstance(rule, PushPath) and rule.required for rule in rules)


def _example(connections: list[Connection]) -> str:
    """A search at the connection whose vendor can search most."""
    richest = max(connections, key=_search_parameters)
    return f"{richest.name}/{_entry(richest).links[-1].partition('?')[0]}?_count=1&_pretty=true"


def _search_parameters(connection: Connection) -> int:
    return sum(len(thing.search_parameters) for thing in connection.vendor.objects.values())
