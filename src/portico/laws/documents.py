"""Documents taken apart, to be compared: leaves by path, mutable parts, decimals."""

from collections import Counter
from collections.abc import Iterator, Mapping

from portico import Json
from portico.document import dump

Leaves = Counter[tuple[str, bytes]]


def leaves(document: Json, root: str, names: Mapping[str, str] | None = None) -> Leaves:
    """Every value as JSON by its path without indexes; texts of `names` by what they stand for."""
    return Counter(_leaves(document, root, names or {}))


def _leaves(value: Json, path: str, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key, names)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path, names)
    else:
        yield path, dump(names.get(value, value) if isinstance(value, str) else value)


def differing(one: Json, other: Json, root: str = "") -> tuple[str, ...]:
    """The paths of the values that only one of two documents has."""
    left, right = leaves(one, root), leaves(other, root)
    return tuple(sorted({path for path, _ in (left - right) + (right - left)}))


def exact(document: Json) -> bytes:
    """The document's text, its keys in order: digits count, the order of members does not."""
    return dump(_ordered(document))


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def decimals(value: Json) -> set[str]:
    """The decimals of a document, as written."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return set().union(*map(decimals, inner))
    return {str(value)} if type(value).__name__ == "Decimal" else set()


def parts(value: Json) -> set[int]:
    """The identities of all mutable parts of a document."""
    if not isinstance(value, dict | list):
        return set()
    inner = value.values() if isinstance(value, dict) else value
    return {id(value)}.union(*map(parts, inner))
