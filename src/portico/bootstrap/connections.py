"""Connections: those that are configured, or one to the sandbox of every vendor that has one."""

from collections.abc import Mapping
from pathlib import Path

from portico.bootstrap.modules import (
    VendorModules,
    folder_of,
    load,
    shared_terminology,
    vendor_folders,
)
from portico.document import parse
from portico.errors import ConfigurationError
from portico.settings import ConnectionSettings, Settings, StoreSettings, resolve
from portico.vendor.connecting import complete_settings
from portico.vendor.model import Vendor

SANDBOX_URL = "http://127.0.0.1:8001"
_SANDBOX_SETTINGS = "sandbox/connection.json"


def effective(settings: Settings) -> Settings:
    """The settings, with the local sandboxes as connections where none is configured."""
    if settings.connections:
        return settings
    folders = vendor_folders(settings.mappings)
    return settings.model_copy(update={"connections": sandboxes(folders, SANDBOX_URL)})


def demonstration(settings: Settings, sandbox_url: str, store_url: str) -> Settings:
    """The sandboxes at `sandbox_url` as connections, beside what is configured."""
    folders = vendor_folders(settings.mappings)
    connections = {**sandboxes(folders, sandbox_url), **settings.connections}
    return settings.model_copy(
        update={"connections": connections, "store": StoreSettings(url=store_url)}
    )


def sandboxes(folders: Mapping[str, Path], url: str) -> dict[str, ConnectionSettings]:
    """A connection to each vendor's sandbox; its credential is published beside the data."""
    return {
        name: ConnectionSettings.model_validate(
            {"vendor": name, "base_url": f"{url}/sandbox/{name}", **parse(file.read_bytes())}
        )
        for name, folder in sorted(folders.items())
        if (file := folder / _SANDBOX_SETTINGS).exists()
    }


def load_configured(settings: Settings) -> dict[str, VendorModules]:
    """The vendors that connections use, by vendor. Raises ConfigurationError and MappingError."""
    terminology = shared_terminology()
    folders = vendor_folders(settings.mappings)
    names = sorted({connection.vendor for connection in settings.connections.values()})
    return {name: load(folder_of(name, folders), terminology) for name in names}


def connection_values(name: str, given: ConnectionSettings, vendor: Vendor) -> dict[str, str]:
    """What a connection's requests may be filled with. Raises ConfigurationError."""
    members = {"base_url": given.base_url, "environment": given.environment, **given.declared}
    values = {
        member: resolve(f"connections.{name}.{member}", value)
        for member, value in members.items()
        if value is not None
    }
    try:
        return complete_settings(vendor, values)
    except ConfigurationError as error:
        raise ConfigurationError(f"connections.{name}: {error}") from error
