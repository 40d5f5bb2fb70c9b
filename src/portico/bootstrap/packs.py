"""Vendor packs: installed distributions that bring mapping folders, found without running them.

A pack names a package or a folder in it under the entry-point group `portico.mappings`:

    [project.entry-points."portico.mappings"]
    acme = "acme_portico.vendors"

Neither the package nor anything in it is imported: only its files are read.
"""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from portico.errors import ConfigurationError

GROUP = "portico.mappings"


def pack_folders() -> Iterator[Path]:
    """The folder of each pack, in the order of their names. Raises ConfigurationError."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        yield _folder(point)


def _folder(point: EntryPoint) -> Path:
    top, *inner = point.module.split(".")
    for folder in _candidates(point, top):
        if (found := folder.joinpath(*inner)).is_dir():
            return found.resolve()
    name = point.dist.name if point.dist else "a distribution"
    raise ConfigurationError(
        f"{GROUP}: {name} names the folder {point.module} as '{point.name}', and it is not there; "
        "install it again, or remove it"
    )


def _candidates(point: EntryPoint, top: str) -> Iterator[Path]:
    """Where the distribution is installed; else where an editable one is found on the path."""
    if point.dist:
        yield Path(str(point.dist.locate_file(top)))
    spec = find_spec(top)  # of a top-level name: finds the package and does not run it
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location)
