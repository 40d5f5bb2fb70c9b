"""What of a criterion can be sent to a vendor, and whether its answer is then exact."""

import pytest

from portico.facade.push import Pushed, path_value, push, push_range, read_keys
from portico.fhir.search import Criterion, parse_query
from portico.vendor.search_parameters import Push, PushRange, ReadByKey

BASE = "https://fhir.example.org"
SYSTEM = "urn:oid:1.2.3"


def criterion(pair: str, type_name: str = "Patient") -> Criterion:
    name, _, value = pair.partition("=")
    (found,) = parse_query(type_name, [(name, value)], BASE).criteria
    return found


def test_an_exact_text_is_the_vendors_to_answer() -> None:
    rule = Push("last_name", superset=False)
    assert push(rule, criterion("family=Van Dyke")) == Pushed(
        (("last_name", "Van Dyke"),), exact=True
    )


def test_a_wider_search_gets_the_longest_word() -> None:
    rule = Push("search", superset=True)
    assert push(rule, criterion("family=Van Dyke")) == Pushed((("search", "Dyke"),), exact=False)


@pytest.mark.parametrize("pair", ["family:contains=x", "family:missing=true", "family=a,b"])
def test_what_one_plain_value_does_not_say_is_not_pushed(pair: str) -> None:
    assert push(Push("search", superset=True), criterion(pair)) is None


def test_an_exact_modifier_is_pushed_and_filtered() -> None:
    pushed = push(Push("last_name", superset=False), criterion("family:exact=Obi"))
    assert pushed == Pushed((("last_name", "Obi"),), exact=False)


@pytest.mark.parametrize(
    ("pair", "pushed"),
    [
        (f"identifier={SYSTEM}|7", Pushed((("chart", "7"),), exact=True)),
        ("identifier=7", None),
        ("identifier=urn:oid:9|7", None),
        (f"identifier={SYSTEM}|", None),
        (f"identifier={SYSTEM}|7,{SYSTEM}|8", None),
        (f"identifier:not={SYSTEM}|7", None),
    ],
)
def test_a_token_of_the_rules_system_only_is_pushed(pair: str, pushed: Pushed | None) -> None:
    assert push(Push("chart", superset=False, system=SYSTEM), criterion(pair)) == pushed


@pytest.mark.parametrize(
    ("pair", "pushed"),
    [
        ("gender=male", Pushed((("sex", "M"),), exact=True)),
        ("gender=other", None),
        (
            "gender=http://hl7.org/fhir/administrative-gender|male",
            Pushed((("sex", "M"),), exact=False),
        ),
    ],
)
def test_a_code_goes_as_the_vendors_value(pair: str, pushed: Pushed | None) -> None:
    rule = Push("sex", superset=False, values={"male": "M", "female": "F"})
    assert push(rule, criterion(pair)) == pushed


@pytest.mark.parametrize(
    ("pair", "pairs"),
    [
        ("birthdate=2000-02-03", (("from", "2000-02-03"), ("to", "2000-02-03"))),
        ("birthdate=2000-02", (("from", "2000-02-01"), ("to", "2000-02-29"))),
        ("birthdate=ge2000-02-03", (("from", "2000-02-03"),)),
        ("birthdate=lt2000-02-03", (("to", "2000-02-02"),)),
    ],
)
def test_a_date_goes_as_its_first_and_last_day(
    pair: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    pushed = push_range(PushRange("from", "to", superset=False), criterion(pair))
    assert pushed == Pushed(pairs, exact=True)


@pytest.mark.parametrize("pair", ["birthdate=ne2000", "birthdate=2000,2001"])
def test_dates_that_are_no_range_are_not_pushed(pair: str) -> None:
    assert push_range(PushRange("from", "to"), criterion(pair)) is None


@pytest.mark.parametrize(
    ("value", "key"),
    [("7", "7"), ("Patient/7", "7"), (f"{BASE}/Patient/7", "7"), ("7,8", None), ("7,7", "7")],
)
def test_a_reference_names_the_parent(value: str, key: str | None) -> None:
    assert path_value(criterion(f"patient={value}", "Condition")) == key


@pytest.mark.parametrize(
    ("pair", "keys"),
    [
        ("identifier=urn:ietf:rfc:3986|urn:uuid:a", ("a",)),
        ("identifier=urn:ietf:rfc:3986|urn:uuid:a,urn:ietf:rfc:3986|urn:uuid:b", ("a", "b")),
        ("identifier=urn:ietf:rfc:3986|urn:oid:1", None),
        ("identifier=a", None),
    ],
)
def test_an_identifier_is_the_key(pair: str, keys: tuple[str, ...] | None) -> None:
    rule = ReadByKey("id", "urn:ietf:rfc:3986", "urn:uuid:")
    assert read_keys(rule, criterion(pair)) == keys
