"""Random edits of a resource, as clients make them: still valid R4, no longer what was read."""

from collections.abc import Callable, Iterator

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from portico import Json
from portico.document import copy
from portico.fhir.structure import structure_issues

FOREIGN: Json = {"url": "https://elsewhere.example/extension", "valueString": "kept elsewhere"}
_WORDS = st.sampled_from(["changed", "other", "home", "old", "2001-02-03", "U", "resolved"])
_Spot = tuple[Json, str | int]


@st.composite
def edited(draw: DrawFn, resource: Json) -> Json:
    """A copy of a resource with one to three edits; the resource itself where none is valid."""
    result = copy(resource)
    for _ in range(draw(st.integers(1, 3))):
        attempt = copy(result)
        spots = list(_spots(attempt))
        if not spots:
            break
        parent, key = spots[draw(st.integers(0, len(spots) - 1))]
        draw(_EDITS)(draw, parent, key)
        if not any(True for _ in structure_issues(resource["resourceType"], attempt)):
            result = attempt
    return result


def _delete(_draw: DrawFn, parent: Json, key: str | int) -> None:
    del parent[key]


def _change(draw: DrawFn, parent: Json, key: str | int) -> None:
    value = parent[key]
    if isinstance(value, bool):
        parent[key] = not value
    elif isinstance(value, str):
        parent[key] = draw(_WORDS)
    elif isinstance(value, list):
        value.reverse()
    elif not isinstance(value, dict):
        parent[key] = value + 1


def _duplicate(_draw: DrawFn, parent: Json, key: str | int) -> None:
    if isinstance(parent, list) and isinstance(key, int):
        parent.append(copy(parent[key]))


def _near_duplicate(draw: DrawFn, parent: Json, key: str | int) -> None:
    """A second entry that differs in one member: another phone, another name."""
    if isinstance(parent, list) and isinstance(key, int) and isinstance(parent[key], dict):
        parent.append(copy(parent[key]))
        member = draw(st.sampled_from(sorted(parent[-1])))
        _change(draw, parent[-1], member)


def _extend(_draw: DrawFn, parent: Json, key: str | int) -> None:
    if isinstance(parent[key], dict):
        parent[key].setdefault("extension", []).append(copy(FOREIGN))


_Edit = Callable[[DrawFn, Json, str | int], None]
_EDITS: SearchStrategy[_Edit] = st.sampled_from(
    [_delete, _change, _change, _duplicate, _near_duplicate, _extend]
)


def _spots(value: Json) -> Iterator[_Spot]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        if key != "resourceType":
            yield value, key
        if isinstance(item, dict | list):
            yield from _spots(item)
