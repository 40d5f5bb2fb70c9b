"""Preferences, interactions and cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.errors import FhirError
from portico.facade.cursor import Position, seal, unseal
from portico.facade.interaction import interaction
from portico.facade.message import FhirRequest
from portico.facade.preference import Preference, preference

SECRET = b"secret"


def asking(prefer: str) -> FhirRequest:
    return FhirRequest("GET", (), (), {"prefer": prefer}, b"", "https://fhir.example.org")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", Preference()),
        ("return=minimal", Preference("minimal")),
        ("return=OperationOutcome; handling=lenient", Preference("OperationOutcome", lenient=True)),
        ('Return="representation", handling=strict', Preference("representation")),
        ("return=nothing, wait=10", Preference()),
        ("return=minimal, return=representation", Preference("minimal")),
    ],
)
def test_the_prefer_header(header: str, wanted: Preference) -> None:
    assert preference(asking(header)) == wanted


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", ("metadata",), "capabilities"),
        ("GET", ("Patient",), "search-type"),
        ("POST", ("Patient", "_search"), "search-type"),
        ("POST", ("Patient",), "create"),
        ("GET", ("Patient", "7"), "read"),
        ("PUT", ("Patient", "7"), "update"),
        ("DELETE", ("Patient", "7"), "delete"),
        ("GET", ("Patient", "7", "_history", "2"), "vread"),
        ("POST", (), "transaction"),
        ("GET", ("Patient", "7", "$everything"), "operation"),
    ],
)
def test_r4_names_each_interaction(method: str, path: tuple[str, ...], code: str) -> None:
    found = interaction(method, path)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ("metadata",)),
        ("GET", ("Patient", "_search")),
        ("GET", ("Patient", "7", "name")),
        ("GET", ("Patient", "7", "name", "0")),
        ("POST", ("Patient", "7")),
    ],
)
def test_r4_names_nothing_else(method: str, path: tuple[str, ...]) -> None:
    assert interaction(method, path) is None


@given(after=st.none() | st.text(max_size=30), offset=st.integers(0, 10**6))
def test_a_cursor_brings_back_its_position(after: str | None, offset: int) -> None:
    position = Position(after, offset)
    assert unseal(seal(position, ["q"], SECRET), ["q"], SECRET) == position


@given(text=st.text(max_size=60))
def test_what_was_not_sealed_here_is_refused(text: str) -> None:
    with pytest.raises(FhirError) as refusal:
        unseal(text, ["q"], SECRET)
    assert refusal.value.status == 400


@pytest.mark.parametrize(("query", "secret"), [(["other"], SECRET), (["q"], b"other")])
def test_a_cursor_is_bound_to_query_and_secret(query: list[str], secret: bytes) -> None:
    with pytest.raises(FhirError):
        unseal(seal(Position("x", 1), ["q"], SECRET), query, secret)
