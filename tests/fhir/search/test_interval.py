"""Dates in searches (https://hl7.org/fhir/R4/search.html#date), with the standard's examples."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portico import Json
from portico.fhir.search.interval import (
    PREFIXES,
    Interval,
    Prefix,
    day_range,
    holds,
    interval_of,
    parse_moment,
)

DATES = st.dates(date(1890, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from([None, "Z", "-05:00", "+14:00", "-12:00", "+05:30"])


def moment(text: str) -> Interval:
    found = parse_moment(text)
    assert found is not None
    return found


def does(prefix: Prefix, searched: str, value: Json) -> bool:
    found = interval_of(value)
    assert found is not None
    return holds(prefix, moment(searched), found)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A date as people and systems write it, with any precision and zone."""
    day = draw(DATES).isoformat()
    length = draw(st.sampled_from([4, 7, 10, 16, 19]))
    if length <= 10:
        return day[:length]
    time = draw(st.times()).isoformat(timespec="seconds")
    return f"{day}T{time}"[:length] + (draw(ZONES) or "")


@pytest.mark.parametrize(
    ("prefix", "searched", "value", "expected"),
    [
        ("eq", "2013-01-14", "2013-01-14T00:00:00Z", True),
        ("eq", "2013-01-14", "2013-01-14T10:00:00Z", True),
        ("eq", "2013-01-14", "2013-01-15T00:00:00Z", False),
        ("ne", "2013-01-14", "2013-01-15T00:00:00Z", True),
        ("ne", "2013-01-14", "2013-01-14T00:00:00Z", False),
        # "2013-01-14 matches, because it includes the part of 14-Jan 2013 before 10am"
        ("lt", "2013-01-14T10:00", "2013-01-14", True),
        ("gt", "2013-01-14T10:00", "2013-01-14", True),
        # '"from 21-Jan 2013 onwards" is included because that period may include times after'
        ("ge", "2013-03-14", {"start": "2013-01-21"}, True),
        ("le", "2013-03-14", {"start": "2013-01-21"}, True),
        ("sa", "2013-03-14", {"start": "2013-03-15"}, True),
        ("sa", "2013-03-14", {"start": "2013-01-21"}, False),
        ("sa", "2013-03-14", {"end": "2013-01-21"}, False),
        ("eb", "2013-03-14", {"start": "2013-03-15"}, False),
        ("eb", "2013-03-14", {"start": "2013-01-21"}, False),
        ("eb", "2013-03-14", {"end": "2013-01-21"}, True),
        ("ap", "2013-03-14", "2013-03-14", True),
        ("ap", "2013-03-14", "2013-03-15", True),
        ("ap", "2013-03-14", "2013-01-21", False),
    ],
)
def test_the_standards_own_examples(
    prefix: Prefix, searched: str, value: Json, *, expected: bool
) -> None:
    assert does(prefix, searched, value) is expected


def test_a_coarser_value_does_not_equal_a_finer_search() -> None:
    assert does("eq", "2013", "2013-01-14")
    assert not does("eq", "2013-01-14", "2013")


def test_an_end_of_a_period_covers_its_whole_day() -> None:
    assert does("eq", "2013-03", {"start": "2013-03-01", "end": "2013-03-31"})
    assert not does("gt", "2013-03-31", {"start": "2013-03-01", "end": "2013-03-31"})


def test_zones_count_when_both_sides_have_one() -> None:
    assert does("eq", "2013-01-15T01:00Z", "2013-01-14T20:00:00-05:00")
    assert not does("eq", "2013-01-14T20:00Z", "2013-01-14T20:00:00-05:00")


def test_a_day_is_the_day_that_was_written() -> None:
    assert does("eq", "2013-01-14", "2013-01-14T23:30:00-05:00")
    assert not does("eq", "2013-01-15", "2013-01-14T23:30:00-05:00")


def test_bounds_of_a_period_may_have_different_zones() -> None:
    period = {"start": "2013-01-14T23:00:00-05:00", "end": "2013-01-15T06:00:00+01:00"}
    assert does("sa", "2013-01-15T03:59:59Z", period)
    assert does("eb", "2013-01-15T05:00:01Z", period)


@pytest.mark.parametrize(
    "text",
    ["", "today", "2013-1-1", "2013-02-30", "2013-13", "13-01-14", "2013-01-14T10", "0000",
     "2013-01-14T25:00", "2013-01-14T10:00+15:00", "2013-01-14 ", "٢٠١٣"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize("value", [{}, {"start": "soon"}, 7, None, []])
def test_what_covers_no_time(value: Json) -> None:
    assert interval_of(value) is None


@pytest.mark.parametrize("text", ["9999", "9999-12-31", "0001-01-01", "9999-12-31T23:59:60Z"])
def test_the_ends_of_the_calendar_are_no_trouble(text: str) -> None:
    for prefix in PREFIXES_TYPED:
        holds(prefix, moment(text), moment(text))
        day_range(prefix, moment(text))


PREFIXES_TYPED: tuple[Prefix, ...] = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


def test_all_prefixes_are_tried_here() -> None:
    assert set(PREFIXES_TYPED) == set(PREFIXES)


@given(written())
def test_every_written_date_covers_some_time(text: str) -> None:
    found = moment(text)
    assert found.low < found.high


@given(written())
def test_a_date_equals_itself_and_is_near_itself(text: str) -> None:
    holding = {prefix for prefix in PREFIXES_TYPED if does(prefix, text, text)}
    assert holding == {"eq", "ge", "le", "ap"}


@given(written(), written())
def test_eq_and_ne_divide_the_world(searched: str, value: str) -> None:
    assert does("eq", searched, value) is not does("ne", searched, value)


@given(written(), written())
def test_every_date_is_before_at_or_after(searched: str, value: str) -> None:
    assert does("le", searched, value) or does("ge", searched, value)
    assert does("ge", searched, value) is (
        does("gt", searched, value) or does("eq", searched, value)
    )


@given(written(), written())
def test_starting_after_means_greater_and_not_less(searched: str, value: str) -> None:
    assume(does("sa", searched, value))
    assert does("gt", searched, value)
    assert not does("lt", searched, value)
    assert not does("eb", searched, value)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_the_same_instant_in_another_zone_is_equal(at: datetime, hours: int) -> None:
    here = at.replace(microsecond=0, tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=hours)))
    assert does("eq", here.isoformat(), there.isoformat())


@given(written(), DATES, ZONES, st.times())
def test_the_day_range_never_loses_a_match(
    searched: str, day: date, zone: str | None, time: datetime
) -> None:
    timed = f"{day}T{time.isoformat()[:8]}"
    value = timed + zone if zone else day.isoformat()
    for prefix in PREFIXES_TYPED:
        if does(prefix, searched, value):
            low, high = day_range(prefix, moment(searched))
            assert low is None or low <= day
            assert high is None or day <= high


@pytest.mark.parametrize(
    ("prefix", "searched", "low", "high"),
    [
        ("eq", "1980-05-01", "1980-05-01", "1980-05-01"),
        ("eq", "1980", "1980-01-01", "1980-12-31"),
        ("ge", "1980-05", "1980-05-01", None),
        ("gt", "1980-05", "1980-06-01", None),
        ("lt", "1980-05-01", None, "1980-04-30"),
        ("le", "1980-05-01", None, "1980-05-01"),
        ("sa", "1980-05-01", "1980-05-02", None),
        ("eb", "1980-05-01", None, "1980-04-30"),
        ("ap", "1980-05-01", "1980-04-30", "1980-05-02"),
        ("ne", "1980-05-01", None, None),
        ("ge", "1980-05-01T10:00Z", "1980-04-30", None),
    ],
)
def test_the_day_range_is_as_narrow_as_it_can_be(
    prefix: Prefix, searched: str, low: str | None, high: str | None
) -> None:
    expected = tuple(date.fromisoformat(text) if text else None for text in (low, high))
    assert day_range(prefix, moment(searched)) == expected
