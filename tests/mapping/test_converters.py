"""Converters one by one: what they make of a value, what they refuse, and the laws they keep."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico import Json
from portico.errors import Place
from portico.mapping.conversion import identity, list_transform
from portico.mapping.conversion.converter import Environment, build
from portico.mapping.conversion.transform import RefusalError, Transform, UnholdableError
from portico.mapping.language.rule import Call
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import find_mappings

HERE = Place("m.yaml")
ENVIRONMENT = Environment(
    load_terminology(find_mappings() / "terminology").with_own({"1.2.3": "https://clinic.example"}),
    {},
)
ONE = (None,)


def made(*calls: str, members: int = 1) -> Transform:
    words = [call.split(" ", 1) for call in calls]
    parsed = tuple(Call(name, tuple(rest), HERE) for name, *rest in words)
    found = build(parsed, members, ENVIRONMENT)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("call", "vendor", "fhir"),
    [
        ("string", 7, "7"),
        ("decimal", "98.60", Decimal("98.60")),
        ("date", "2020-02-29", "2020-02-29"),
        ("instant", "2020-02-29T01:02:03+01:00", "2020-02-29T01:02:03+01:00"),
        ("ssn", "123-45-6789", "123456789"),
        ("phone dashed", "123-456-7890", "123-456-7890"),
        ("lines", ["a", "", "b"], "a\n\nb"),
        ("base64", "é", "w6k="),
        ("id", "a.b-C", "a.b-C"),
        ("id", "a/b", "b32.mexwe"),
        ("ref Patient", "p 1", "Patient/b32.oaqdc"),
        ("prefix urn:uuid:", "7", "urn:uuid:7"),
        ("oid", "2.16.840.1.113883.6.96", "http://snomed.info/sct"),
        ("oid", "1.2.3", "https://clinic.example"),
        ("oid", "1.2.3.4", "urn:oid:1.2.3.4"),
    ],
)
def test_a_value_goes_and_comes(call: str, vendor: Json, fhir: Json) -> None:
    converter = made(call)
    assert converter.get(vendor) == fhir
    assert converter.put(fhir, ONE) == vendor


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("string", "seven"),
        ("date", "1992"),
        ("date", "1992-04"),
        ("instant", "2020-02-29"),
        ("instant", "2020-02-29T01:02:03"),
        ("ssn", "12345"),
        ("base64", "/w=="),
        ("base64", "no base64!"),
        ("ref Patient", "Practitioner/1"),
        ("ref Patient", "#contained"),
        ("id", "b32.not-base-32!"),
        ("oid", "https://elsewhere.example"),
    ],
)
def test_a_value_without_a_meaning_for_the_vendor_is_refused(call: str, value: str) -> None:
    with pytest.raises(RefusalError) as caught:
        made(call).put(value, ONE)
    assert value not in str(caught.value)


@pytest.mark.parametrize("value", ["+44 20 7946 0958", "call me"])
def test_a_number_that_no_us_vendor_takes_has_no_place(value: str) -> None:
    with pytest.raises(UnholdableError):
        made("phone dashed").put(value, ONE)


def test_other_spellings_of_a_value_are_understood() -> None:
    assert made("date").put("1992-04-09T10:00:00Z", ONE) == "1992-04-09"
    assert made("phone dashed").put("+1 (123) 456-7890", ONE) == "123-456-7890"
    assert made("phone digits").put("+1 (123) 456-7890", ONE) == "1234567890"
    assert made("ref Patient").put("https://x.example/fhir/Patient/7/_history/2", ONE) == "7"
    assert made("oid").put("http://ncithesaurus-stage.nci.nih.gov", ONE) == (
        "2.16.840.1.113883.3.26.1.1"
    )


def test_the_vendors_own_spelling_stays_while_the_value_is_the_same() -> None:
    assert made("decimal").put(Decimal("98.6"), ("98.60",)) == "98.60"
    assert made("ssn").put("123456789", ("123456789",)) == "123456789"


def test_surplus_entries_of_a_list_join_in_the_last_member() -> None:
    several = list_transform.listed(" ", 2)
    assert several.get("John", None) == ["John"]
    assert several.get(None, "Apt 3") == ["Apt 3"]
    assert several.put(["John", "Aaron", "Lee"], (None, None)) == ("John", "Aaron Lee")
    assert several.put(["John"], (None, None)) == ("John", None)


def test_a_default_stands_for_absence() -> None:
    converter = made("default none")
    assert converter.get(None) == "none"
    assert converter.put("none", ONE) is None


def test_the_name_of_a_code_system_goes_to_the_vendor_only() -> None:
    converter = made("system-name")
    assert converter.one_way
    assert converter.put("http://loinc.org", ONE) == "LOINC"


def test_converters_run_one_after_the_other() -> None:
    converter = made("lines", "base64")
    assert converter.put(converter.get(["a", "b"]), (["a"],)) == ["a", "b"]


@given(st.text(min_size=1, max_size=12))
def test_every_short_key_has_an_id_of_its_own(key: str) -> None:
    logical_id = identity.escape(key)
    assert len(logical_id) <= 64
    assert identity.unescape(logical_id) == key


def test_a_key_that_looks_escaped_is_escaped() -> None:
    assert identity.escape("b32.mexwe") != "b32.mexwe"
    assert identity.unescape(identity.escape("b32.mexwe")) == "b32.mexwe"


def test_a_key_that_cannot_fit_is_refused() -> None:
    with pytest.raises(RefusalError):
        identity.escape("/" * 40)


@given(st.lists(st.one_of(st.uuids().map(str), st.from_regex(r"[0-9]{1,6}", fullmatch=True)),
                min_size=2, max_size=2))  # fmt: skip
def test_two_keys_fit_one_id_and_come_back(keys: list[str]) -> None:
    converter = identity.packed(2)
    assert converter.put(converter.get(*keys), (None, None)) == tuple(keys)


@pytest.mark.parametrize("strange", ["one", "a-b-c", "-", "00000000000000000000000zz-"])
def test_an_id_that_packing_never_makes_is_none_of_ours(strange: str) -> None:
    with pytest.raises(RefusalError):
        identity.packed(2).put(strange, (None, None))


LINE = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), max_size=5)


@given(st.lists(LINE, min_size=1))
def test_lines_and_base64_keep_every_character(written: list[str]) -> None:
    converter = made("lines", "base64")
    assert converter.put(converter.get(written), ONE) == written


@given(st.from_regex(r"[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True).filter(str.isascii))
def test_social_security_numbers_come_back_as_they_were(written: str) -> None:
    converter = made("ssn")
    assert converter.put(converter.get(written), (written,)) == written


@given(st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,6}", fullmatch=True).filter(str.isascii))
def test_unknown_oids_come_back(oid: str) -> None:
    converter = made("oid")
    assert converter.put(converter.get(oid), ONE) == oid
