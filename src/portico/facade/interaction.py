"""Which R4 interaction a method and a path are.

https://hl7.org/fhir/R4/http.html#3.1.0.18 (summary of the interactions)
"""

from collections.abc import Iterator
from dataclasses import dataclass

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_CODES = {
    "base": {"GET": "search-system", "POST": "transaction"},
    "metadata": {"GET": "capabilities"},
    "history": {"GET": "history"},
    "type": {
        "GET": "search-type",
        "POST": "create",
        "PUT": "conditional update",
        "PATCH": "conditional patch",
        "DELETE": "conditional delete",
    },
    "search": {"POST": "search-type"},
    "instance": {"GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"},
    "version": {"GET": "vread"},
}
_SHAPES = {0: "base", 1: "type", 2: "instance", 4: "version"}


@dataclass(frozen=True, slots=True)
class Interaction:
    """`code` is R4's where it has one; type, id and version are those in the path."""

    code: str
    resource_type: str = ""
    logical_id: str = ""
    version_id: str = ""


def interaction(method: str, path: tuple[str, ...]) -> Interaction | None:
    """The interaction, or None when R4 has none of this method at this path."""
    if path and path[-1].startswith("$"):
        return Interaction("operation", path[0] if len(path) > 1 else "")
    code = _CODES.get(_shape(path), {}).get(method)
    return Interaction(code, *_names(path)) if code else None


def methods(path: tuple[str, ...]) -> Iterator[tuple[str, Interaction]]:
    """Every method that R4 knows at a path, with what it means there."""
    for method in METHODS:
        found = interaction(method, path)
        if found:
            yield method, found


def _shape(path: tuple[str, ...]) -> str:
    """What kind of place a path is; empty when R4 has none such."""
    if path == ("metadata",):
        return "metadata"
    if path[1:] == ("_search",):
        return "search"
    if path[-1:] == ("_history",):
        return "history"
    if len(path) > 2 and path[2] != "_history":  # noqa: PLR2004  after type and id
        return ""
    return _SHAPES.get(len(path), "")


def _names(path: tuple[str, ...]) -> tuple[str, ...]:
    """Type, id and version in a path, as far as it has them."""
    if path in ((), ("metadata",), ("_history",)):
        return ()
    named = [segment for segment in path[:2] if segment not in ("_search", "_history")]
    return (*named, *path[3:4])
