"""Dates and times as intervals, since R4 compares them with the precision they are written in.

https://hl7.org/fhir/R4/search.html#date
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from portico import Json

Prefix = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
PREFIXES: tuple[str, ...] = get_args(Prefix)

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low`, included, to `high`, excluded; both as written, without a zone.

    `offset` is how far the written time is ahead of UTC, None when no zone was written.
    """

    low: datetime
    high: datetime
    offset: timedelta | None = None


def parse_moment(text: str) -> Interval | None:
    """The interval that an R4 date, dateTime or instant covers; None when it is none of them.

    `2026-02` covers the month, `2026-02-01T10:30Z` the minute. A second 60 counts as 59.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        low = _start(found)
        return Interval(low, _end(found, low), _offset(found["zone"]))
    except (ValueError, OverflowError):
        return None


def interval_of(value: Json) -> Interval | None:
    """The interval that a date, dateTime, instant or Period in a resource covers.

    A Period without a start began before all time, one without an end never ends.
    """
    if isinstance(value, str):
        return parse_moment(value)
    if isinstance(value, Mapping):
        return _period(value.get("start"), value.get("end"))
    return None


def holds(prefix: Prefix, searched: Interval, found: Interval) -> bool:
    """Whether a resource's interval stands to the searched one as the prefix says.

    Zones count when both sides have one. Otherwise both are taken as written: a date has no zone,
    and a day means the day where the event was recorded.

    `ap` widens the searched interval by its own length, and by a day at least.
    """
    if searched.offset is not None and found.offset is not None:
        searched, found = _utc(searched), _utc(found)
    return _RELATIONS[prefix](searched, found)


def day_range(prefix: Prefix, searched: Interval) -> tuple[date | None, date | None]:
    """The first and the last day, both included, on which a single date can match; None is open.

    The days are those written in the resource. With a zone in the search they may be off by one,
    so the range is wider by a day on both sides: it never loses a match. It does not hold for
    Periods, nor for resources that know only the month or the year.
    """
    if prefix == "ap":
        searched = _widened(searched)
    slack = _DAY if searched.offset is not None else timedelta(0)
    whole = searched.low.time() == searched.high.time() == datetime.min.time()
    first, last = searched.low.date(), (searched.high - _TICK).date()
    before, after = (_moved(first, -_DAY), _moved(last, _DAY)) if whole else (first, last)
    low = {"gt": after, "sa": after, "eq": first, "ge": first, "ap": first}.get(prefix)
    high = {"lt": before, "eb": before, "eq": last, "le": last, "ap": last}.get(prefix)
    return _moved(low, -slack), _moved(high, slack)


def _start(found: re.Match[str]) -> datetime:
    fraction = (found["fraction"] or "")[:6].ljust(6, "0")
    return datetime(  # noqa: DTZ001 - zones are kept beside, see Interval
        int(found["year"]),
        int(found["month"] or 1),
        int(found["day"] or 1),
        int(found["hour"] or 0),
        int(found["minute"] or 0),
        min(int(found["second"] or 0), 59),
        int(fraction),
    )


def _end(found: re.Match[str], low: datetime) -> datetime:
    """Where the written precision ends; the last moments of 9999 end with time itself."""
    try:
        return low + _length(found, low)
    except OverflowError:
        return datetime.max  # noqa: DTZ901 - zones are kept beside, see Interval


def _length(found: re.Match[str], low: datetime) -> timedelta:
    if found["fraction"]:
        return max(timedelta(seconds=10.0 ** -len(found["fraction"])), _TICK)
    if found["second"]:
        return timedelta(seconds=1)
    if found["hour"]:
        return timedelta(minutes=1)
    if found["day"]:
        return _DAY
    if found["month"]:
        return timedelta(days=monthrange(low.year, low.month)[1])
    return timedelta(days=sum(monthrange(low.year, month)[1] for month in range(1, 13)))


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    if zone == "Z":
        return timedelta(0)
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    if ahead > timedelta(hours=14):
        raise ValueError("no zone is so far from UTC")
    return ahead if zone[0] == "+" else -ahead


def _period(start: Json, end: Json) -> Interval | None:
    first = parse_moment(start) if isinstance(start, str) else None
    last = parse_moment(end) if isinstance(end, str) else None
    if first is None and last is None:
        return None
    if first and last and first.offset != last.offset and None not in (first.offset, last.offset):
        first, last = _utc(first), _utc(last)
    return Interval(
        first.low if first else datetime.min,  # noqa: DTZ901 - zones are kept beside
        last.high if last else datetime.max,  # noqa: DTZ901 - zones are kept beside
        _shared_offset(first, last),
    )


def _shared_offset(first: Interval | None, last: Interval | None) -> timedelta | None:
    offsets = {bound.offset for bound in (first, last) if bound}
    return offsets.pop() if len(offsets) == 1 else None


def _utc(interval: Interval) -> Interval:
    offset = interval.offset or timedelta(0)
    return Interval(_shifted(interval.low, -offset), _shifted(interval.high, -offset), timedelta(0))


def _shifted(moment: datetime, by: timedelta) -> datetime:
    """Open ends stay open, and nothing leaves the calendar."""
    if moment in (datetime.min, datetime.max):  # noqa: DTZ901 - zones are kept beside
        return moment
    try:
        return moment + by
    except OverflowError:
        return datetime.min if by < timedelta(0) else datetime.max  # noqa: DTZ901 - as above


def _moved(day: date | None, by: timedelta) -> date | None:
    """Nothing leaves the calendar here either."""
    try:
        return None if day is None else day + by
    except OverflowError:
        return day


def _widened(interval: Interval) -> Interval:
    by = max(interval.high - interval.low, _DAY)
    return Interval(_shifted(interval.low, -by), _shifted(interval.high, by), interval.offset)


def _contains(searched: Interval, found: Interval) -> bool:
    return searched.low <= found.low and found.high <= searched.high


def _reaches_above(searched: Interval, found: Interval) -> bool:
    return found.high > searched.high


def _reaches_below(searched: Interval, found: Interval) -> bool:
    return found.low < searched.low


def _is_near(searched: Interval, found: Interval) -> bool:
    wide = _widened(searched)
    return found.low < wide.high and wide.low < found.high


_RELATIONS: Mapping[str, Callable[[Interval, Interval], bool]] = {
    "eq": _contains,
    "ne": lambda searched, found: not _contains(searched, found),
    "gt": _reaches_above,
    "lt": _reaches_below,
    "ge": lambda s, f: _reaches_above(s, f) or _contains(s, f),
    "le": lambda s, f: _reaches_below(s, f) or _contains(s, f),
    "sa": lambda searched, found: found.low >= searched.high,
    "eb": lambda searched, found: found.high <= searched.low,
    "ap": _is_near,
}
