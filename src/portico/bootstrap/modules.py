"""Where mapping modules are, and reading them: of `mappings`, of installed packs, our own."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from portico.bootstrap.packs import pack_folders
from portico.errors import ConfigurationError
from portico.mapping.language.terminology import Terminology, load_terminology
from portico.mapping.load import (
    ObjectModule,
    find_mappings,
    load_module,
    load_vendor_modules,
    module_files,
)
from portico.vendor.connection_file import load_vendor
from portico.vendor.model import Vendor

_SHARED = "terminology"


class UnknownNameError(ConfigurationError):
    """A vendor or object that is not there; the text suggests what is."""


@dataclass(frozen=True)
class VendorModules:
    """A vendor, how to talk to it, and what its objects mean."""

    vendor: Vendor
    modules: Mapping[str, ObjectModule]


def vendor_folders(additional: tuple[Path, ...]) -> dict[str, Path]:
    """Vendor folders by name; additional ones go before those of packs, and these before ours.

    An additional folder holds vendor folders or is one, and so does the folder of a pack. Raises
    ConfigurationError.
    """
    found: dict[str, Path] = {}
    for folder in (*additional, *pack_folders(), find_mappings()):
        for vendor in _vendors_in(folder):
            found.setdefault(vendor.name, vendor)
    return found


def shared_terminology() -> Terminology:
    """The code systems that all modules share."""
    return load_terminology(find_mappings() / _SHARED)


def module_named(name: str, folder: Path) -> ObjectModule:
    """One object's module. Raises UnknownNameError and MappingError."""
    files = {path.stem: path for path in module_files(folder)}
    if name not in files:
        raise UnknownNameError(f"'{folder.name}' has no object '{name}'; {suggestion(name, files)}")
    return load_module(files[name], shared_terminology())


def load(folder: Path, terminology: Terminology) -> VendorModules:
    """Read one vendor's folder. Raises MappingError with every finding."""
    return VendorModules(load_vendor(folder), load_vendor_modules(folder, terminology))


def folder_of(name: str, folders: Mapping[str, Path]) -> Path:
    """The folder of a vendor. Raises UnknownNameError."""
    if folder := folders.get(name):
        return folder
    raise UnknownNameError(f"there is no vendor '{name}'; {suggestion(name, folders)}")


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """What was probably meant, or all there is."""
    if near := get_close_matches(name, known, n=1):
        return f"did you mean '{near[0]}'?"
    return f"there are: {', '.join(sorted(known))}"


def _vendors_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ConfigurationError(
            f"mappings: {folder} is not a folder; correct it (PORTICO_MAPPINGS)"
        )
    if _has_yaml(folder):
        return [folder.resolve()]
    inside = sorted(each for each in folder.iterdir() if each.is_dir() and each.name != _SHARED)
    return [each for each in inside if _has_yaml(each)]


def _has_yaml(folder: Path) -> bool:
    return any(folder.glob("*.yaml"))
