"""Dotted paths: where something is in a vendor's answer.

data                      the member `data`
data.attributes           a member of a member
detail[].msg              `msg` of every entry of the list `detail`
errors[0].code            of its first entry
patients.*                every value of an object whose keys are data
'@odata.nextLink'         a member whose name holds a dot, in single quotes
.                         the answer itself
"""

import re
from dataclasses import dataclass

from portico import Json

_INDEXES = r"(?:\[[0-9]*\])"
_STEP = re.compile(rf"(?:'([^']+)'|(\*)|([^\s.\[\]'*]+))({_INDEXES}*)(\.(?=.)|$)")
_START = re.compile(rf"({_INDEXES}+)(?:\.(?=.)|$)")
_INDEX = re.compile(r"\[([0-9]*)\]")


@dataclass(frozen=True, slots=True)
class Each:
    """Every entry of a list, or every value of an object."""


@dataclass(frozen=True, slots=True)
class DottedPath:
    """`steps` are member names, list positions, and `Each`."""

    text: str
    steps: tuple[str | int | Each, ...]

    def reached(self, document: Json) -> list[Json]:
        """Everything at the path, null included; empty when the way there is missing."""
        found = [document]
        for step in self.steps:
            found = [item for value in found for item in _reach(value, step)]
        return found

    def all(self, document: Json) -> list[Json]:
        """Everything at the path that is not null."""
        return [value for value in self.reached(document) if value is not None]

    def first(self, document: Json) -> Json:
        """The first thing at the path that is not null, or None."""
        return next(iter(self.all(document)), None)


ITSELF = DottedPath(".", ())


def parse_dotted(text: str) -> DottedPath:
    """Read a dotted path. Raises ValueError."""
    if text == ".":
        return ITSELF
    steps: list[str | int | Each] = []
    start = _START.match(text)
    if start:
        steps.extend(_positions(start.group(1)))
    position = start.end() if start else 0
    while position < len(text):
        match = _STEP.match(text, position)
        if not match:
            raise ValueError("write members with dots between them, [] for every entry of a list")
        quoted, star, name, indexes, _ = match.groups()
        steps.append(Each() if star else quoted or name)
        steps.extend(_positions(indexes))
        position = match.end()
    if not steps:
        raise ValueError("an empty path; write . for the answer itself")
    return DottedPath(text, tuple(steps))


def _positions(indexes: str) -> list[int | Each]:
    return [int(index) if index else Each() for index in _INDEX.findall(indexes)]


def _reach(value: Json, step: str | int | Each) -> list[Json]:
    if isinstance(step, str):
        return [value[step]] if isinstance(value, dict) and step in value else []
    if isinstance(step, int):
        return value[step : step + 1] if isinstance(value, list) else []
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
