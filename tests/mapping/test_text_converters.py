"""Laws of the converters between a vendor's texts and R4's dates and lists."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.mapping.conversion.date_form import parse_date_form
from portico.mapping.conversion.identity import packed
from portico.mapping.conversion.list_transform import split, spread
from portico.mapping.conversion.transform import RefusalError, date_written

FORMS = ("YYYYMMDD", "DD.MM.YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "DD MM YYYY")
WORDS = st.text("abcé-'", min_size=1, max_size=5)


@given(st.dates(), st.sampled_from(FORMS))
def test_a_day_in_any_form_is_the_same_day_in_fhir_and_back(day: dt.date, form: str) -> None:
    lens = date_written(parse_date_form(form))
    written = lens.put(day.isoformat(), (None,))
    assert len(written) == len(form)
    assert lens.get(written) == day.isoformat()
    assert lens.put(lens.get(written), (written,)) == written


@pytest.mark.parametrize("written", ["1980-02-03", "198002", "19800230", "", "1980020३"])
def test_a_text_that_is_no_day_of_the_form_is_unreadable_and_not_named(written: str) -> None:
    with pytest.raises(RefusalError, match=r"^not a day of the form YYYYMMDD$"):
        date_written(parse_date_form("YYYYMMDD")).get(written)


@pytest.mark.parametrize("partial", ["1980", "1980-02"])
def test_a_partial_date_is_refused(partial: str) -> None:
    with pytest.raises(RefusalError, match="full date"):
        date_written(parse_date_form("YYYYMMDD")).put(partial, (None,))


@pytest.mark.parametrize("form", ["YYYYMM", "YYMMDD", "YYYYMMDDDD", "YYYYTMMDD", "YYYY1MM1DD", ""])
def test_a_form_that_is_no_whole_day_or_has_letters_between_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="write YYYY, MM and DD once each"):
        parse_date_form(form)


@given(st.lists(WORDS, min_size=1), st.sampled_from([" ", "\n", ", ", "|"]))
def test_a_list_becomes_one_text_and_the_same_list(entries: list[str], separator: str) -> None:
    lens = split(separator)
    assert lens.get(lens.put(entries, (None,))) == entries


def test_parts_that_are_blank_are_nothing() -> None:
    assert split("\n").get("12 High St\r\n\n  \nFlat 2 ") == ["12 High St", "Flat 2"]
    assert split("\n").get(" \n ") is None


def test_an_entry_that_would_come_back_as_two_is_refused() -> None:
    with pytest.raises(RefusalError, match="an entry holds"):
        split("\n").put(["Flat 2\nHigh St"], (None,))


@given(st.lists(WORDS, min_size=1), st.integers(1, 3))
def test_texts_and_a_list_become_one_list_and_come_back(entries: list[str], members: int) -> None:
    lens = spread(members)
    written = lens.put(entries, (None,) * members)
    values = written if members > 1 else (written,)
    assert lens.get(*values) == entries
    assert all(isinstance(value, str | None) for value in values[:-1])
    assert isinstance(values[-1], list | None)


def test_numbers_are_packed_like_the_texts_that_they_are_in_an_address() -> None:
    assert packed(2).get(17, 3) == "17-3"
    assert packed(2).put("17-3", (None, None)) == ("17", "3")
