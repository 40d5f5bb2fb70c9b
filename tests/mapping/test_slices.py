"""Slices: which entry of a list a rule means, and what a new entry is made with."""

import pytest
from tests.mapping.conftest import Make

from portico import Json, Record, Resource
from portico.mapping.conversion.context import Context

NOW = Context()


def member(make: Make, rule: str, resource: Json) -> Json:
    """What a create writes for the member `a`."""
    change = make(f"on_loss: warn\nrules:\n  a: {rule}\n").to_vendor(
        Resource({"resourceType": "Patient", **resource}), None, NOW
    )
    return change.record.get("a")


def resource(make: Make, rule: str, value: Json) -> Json:
    found = make(f"rules:\n  a: {rule}\n").to_fhir(Record({"a": value}), NOW)
    return {name: item for name, item in found.items() if name != "resourceType"}


HOME = {"system": "phone", "use": "home", "value": "home"}
BARE = {"system": "phone", "value": "bare"}
WORK = {"system": "phone", "use": "work", "value": "work"}
MAIL = {"system": "email", "value": "mail"}


def test_a_hard_slice_makes_its_entry_and_finds_it(make: Make) -> None:
    rule = "telecom[system=phone,use=home].value"
    assert resource(make, rule, "1") == {
        "telecom": [{"system": "phone", "use": "home", "value": "1"}]
    }
    assert member(make, rule, {"telecom": [MAIL, BARE, HOME]}) == "home"
    assert member(make, rule, {"telecom": [MAIL, BARE, WORK]}) is None


def test_a_soft_slice_takes_the_exact_entry_else_the_one_without(make: Make) -> None:
    rule = "telecom[system=phone,use?=home].value"
    assert member(make, rule, {"telecom": [BARE, HOME]}) == "home"
    assert member(make, rule, {"telecom": [WORK, BARE]}) == "bare"
    assert member(make, rule, {"telecom": [WORK]}) is None


def test_a_slice_by_a_code_of_a_concept(make: Make) -> None:
    rule = "identifier[type=v2-0203#MR].value"
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}
    assert resource(make, rule, "7") == {
        "identifier": [{"type": {"coding": [coding]}, "value": "7"}]
    }
    other = {"type": {"coding": [{**coding, "code": "SS"}]}, "value": "9"}
    mine = {"type": {"coding": [{"code": "X"}, coding]}, "value": "7"}
    assert member(make, rule, {"identifier": [other, mine]}) == "7"


def test_a_position_takes_the_preferred_entry_else_the_first(make: Make) -> None:
    rule = "'maritalStatus.coding[0 prefer system=sct|loinc].code'"
    sct = {"system": "http://snomed.info/sct", "code": "s"}
    loinc = {"system": "http://loinc.org", "code": "l"}
    own = {"system": "https://own.example", "code": "o"}
    for codings, expected in (([own, loinc, sct], "s"), ([own, loinc], "l"), ([own], "o")):
        assert member(make, rule, {"maritalStatus": {"coding": codings}}) == expected


def test_an_entry_that_has_what_the_next_step_selects(make: Make) -> None:
    rule = "'contact[has].telecom[system=phone].value'"
    mail, phone = {"telecom": [MAIL]}, {"telecom": [BARE]}
    assert member(make, rule, {"contact": [mail, phone]}) == "bare"
    assert resource(make, rule, "1") == {
        "contact": [{"telecom": [{"system": "phone", "value": "1"}]}]
    }


@pytest.mark.parametrize("old", [{"use": "old"}, {"period": {"end": "2020-01-01"}}])
def test_what_is_old_is_not_picked(old: Json, make: Make) -> None:
    rule = "telecom[system=phone].value"
    assert member(make, rule, {"telecom": [{**BARE, **old}]}) is None
    assert member(make, rule, {"telecom": [{**BARE, **old}, HOME]}) == "home"


def test_slices_have_names_and_build_on_each_other(make: Make) -> None:
    text = "slices: {urgent: 'contact[relationship=v2-0131#C]', tel: 'urgent.telecom[system=phone]'}\nrules: {a: tel.value}\n"  # noqa: E501  # one line of YAML
    made = make(text).to_fhir(Record({"a": "1"}), NOW)
    assert made["contact"][0]["telecom"] == [{"system": "phone", "value": "1"}]
