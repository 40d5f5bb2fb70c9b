"""The vendor folders and modules that a `portico map` command is about."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from portico.mapping.load import ObjectModule


def folders_named(vendors: list[str]) -> dict[str, Path]:
    """Vendor folders by name, all of them where none is named. Raises BadParameter."""
    from portico.bootstrap.modules import UnknownNameError, folder_of, vendor_folders
    from portico.settings import load_settings

    folders = vendor_folders(load_settings().mappings)
    try:
        return {name: folder_of(name, folders) for name in vendors or sorted(folders)}
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error


def one_module(folder: Path, name: str) -> "ObjectModule":
    """One object's module. Raises BadParameter and MappingError."""
    from portico.bootstrap.modules import UnknownNameError, module_named

    try:
        return module_named(name, folder)
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error


def modules_of(folder: Path) -> "dict[str, ObjectModule]":
    """All modules of a folder by object name. Raises MappingError."""
    from portico.bootstrap.modules import shared_terminology
    from portico.mapping.load import load_vendor_modules

    return load_vendor_modules(folder, shared_terminology())
