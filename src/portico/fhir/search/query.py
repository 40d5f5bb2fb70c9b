"""A search as a syntax tree."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from portico.errors import Issue
from portico.fhir.search.interval import Interval, Prefix, day_range
from portico.fhir.search.parameters import Parameter

Total = Literal["none", "estimate", "accurate"]


@dataclass(frozen=True, slots=True)
class StringValue:
    """A piece of text, of a string parameter or of a token's `:text`."""

    text: str


@dataclass(frozen=True, slots=True)
class TokenValue:
    """`system|code`. A system of None means any, an empty one means none; no code means any."""

    system: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date with its prefix; `text` is the date as it was written, without the prefix."""

    prefix: Prefix
    interval: Interval
    text: str


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A resource: of this server with its id, and its type where that is known, or a URL.

    `url` is the absolute URL of either, None when the type of the resource is not known.
    """

    type_name: str | None
    logical_id: str | None
    url: str | None = None


Value: TypeAlias = StringValue | TokenValue | DateValue | ReferenceValue


@dataclass(frozen=True, slots=True)
class Criterion:
    """One parameter of a search, of whose values one must match.

    `missing` is the value of `:missing`, which has no others. A `[type]` modifier of a reference
    is in its values. `pair` is the parameter as it was sent, unquoted, for `self` links.
    """

    parameter: Parameter
    modifier: str | None
    values: tuple[Value, ...]
    pair: tuple[str, str]
    missing: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A search of one resource type; all of its criteria must match.

    `count` is None when the client leaves it to the server; `cursor` is where a page begins, as
    the server wrote it into a link. `ignored` is what lenient handling left out.
    """

    type_name: str
    criteria: tuple[Criterion, ...] = ()
    count: int | None = None
    cursor: str | None = None
    total: Total | None = None
    ignored: tuple[Issue, ...] = ()


def date_range(value: DateValue) -> tuple[date | None, date | None]:
    """The first and the last day, both included, that a vendor must be asked for; None is open.

    See `interval.day_range` for where it holds: an element with one whole date, not a Period.
    """
    return day_range(value.prefix, value.interval)
