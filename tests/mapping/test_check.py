"""Planted faults in a small module: each is found, with its code and on its line."""

import pytest
from tests.mapping.conftest import Check

SCHEMA = {
    "type": "object",
    "properties": {
        "first": {"type": "string"},
        "last": {"type": "string"},
        "sex": {"type": "string", "enum": ["m", "f", "x"]},
        "state": {"type": ["string", "null"], "enum": ["on", "off", None]},
        "died": {"type": ["string", "null"], "format": "date-time"},
        "born": {"type": "string", "format": "date"},
        "balance": {"type": "string"},
    },
    "required": ["first"],
}
UPDATE = {"type": "object", "properties": {name: {} for name in SCHEMA["properties"]}}
MODULE = """portico: 1
module: clinic.patient
resource: Patient
profile: us-core-patient
vendor: {schema: record.json, update: change.json}
codes:
  sex:
    map: {m: male, f: female, x: -> other, none: [<- unknown, <- other]}
slices:
  legal: name[use?=official]
rules:
  first: legal.given | list " "
  last: legal.family
  sex: gender | code sex
  born: birthDate | date
  state + died:
    to: active + deceasedDateTime
    cases:
    - [on, none, <->, true, none]
    - [off, none, <->, false, none]
    - [_, $d, <->, false, $d]
drop:
  "money": [balance]
absent:
  "not kept": [identifier, telecom, address, communication, extension.race, extension.ethnicity,
    extension.tribalAffiliation, extension.birthsex, extension.sex, extension.genderIdentity,
    name.suffix, name.period]
types: {Name: {rules: {text: text}}}
"""
NAME = "types: {Name: {rules: {text: text}}}\n"


def faults(check: Check, old: str, new: str) -> set[tuple[str, int]]:
    """(code, line) of the findings after one text of the module is replaced by another."""
    assert old in MODULE
    found = check(MODULE.replace(old, new), record=SCHEMA, change=UPDATE)
    return {(one.code, one.place.line) for one in found}


def test_a_good_module_has_no_findings(check: Check) -> None:
    assert faults(check, NAME, "") == set()


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("rules:", "rule:", "E102", 11),
        ("| date", "| dat", "E110", 15),
        ("legal.family", "legal.famly", "E121", 13),
        ("legal.family", "name.family", "E122", 13),
        ("legal.family", "name[1].family", "E124", 13),
        ("legal.family", "legal.given", "E202", 13),
        ("m: male, f: female", "m: [male, female]", "E210", 8),
        ("x: -> other", "x: male", "E211", 8),
        (", x: -> other", "", "E212", 7),
        (", <- other", "", "E213", 7),
        ("f: female", "f: femal", "E214", 8),
        ("    - [off, none, <->, false, none]\n", "", "E220", 16),
        ("    - [off,", "    - [on, none, ->, true, none]\n    - [off,", "E221", 20),
        ('"money": [balance]', '"money": []', "E301", 11),
        ("last: legal.family", "lastname: legal.family", "E302", 13),
        ("[balance]", "[balance, nothing]", "E302", 23),
        ("[balance]", "[balance, born]", "E303", 15),
        ("identifier, telecom", "identifier", "E304", 24),
        ("record.json", "none.json", "E300", 2),
        ("last: legal.family", 'last: legal.family ; <- template "{{ first"', "E116", 13),
        ("last: legal.family", 'last: <- template "{{ frist }}"', "E302", 13),
        ("x: -> other, none: [<- unknown, <- other]", "x: <- other, none: <- unknown", "E215", 8),
        ("last: legal.family", 'last: -> template "{{ first }}"', "E206", 13),
        ("last: legal.family", "last: extension[url?=x:l].valueString", "E127", 13),
        ("absent:", "fallback: {gender: unknowm}\nabsent:", "E214", 24),
        ("last: legal.family", "last: legal | Name ; -> name[use=usual]", "E117", 13),
        ("birthDate | date", "deceasedBoolean | date", "E401", 15),
        ("last: legal.family", "last: multipleBirthBoolean", "E401", 13),
        ("last: legal.family", "last: -> legal.family", "E502", 13),
        ("legal: name[use?=official]", "legal: name[usse?=official]", "E121", 10),
        ("legal: name[use?=official]", "legal: name[use?=offical]", "E214", 10),
        ("legal: name[use?=official]", "legal: name[use=old,use=usual]", "E205", 10),
        ("last: legal.family", "last: name[0].family", "E203", 13),
        ("last: legal.family", "last: name[use?=usual].family", "E203", 13),
        ("last: legal.family", "last: name[period.start=x].family", "E203", 13),
        ("last: legal.family", "last: legal.family ; -> name[text=x].suffix[0]", "E203", 13),
        ("slices:\n", "slices:\n  spare: name[use=usual]\n", "E204", 10),
        ("codes:\n", "codes:\n  spare: {a: b}\n", "E204", 7),
        ("Name: {rules:", "Nam: {rules:", "E204", 28),
        ("codes:\n", "systems: {spare: x:spare}\ncodes:\n", "E204", 6),
        ("Name: {rules:", "Name: {is: HumanNam, rules:", "E118", 28),
        ("Name: {rules:", "Name: {of: HumanName, rules:", "E102", 28),
        ('first: legal.given | list " "', "first: <- name[use=usual].text", "E207", 12),
        ("absent:", "neutral: {name: official}\nabsent:", "E216", 24),
        ("absent:", "refuse: {nam: any}\nabsent:", "E216", 24),
        ("absent:", "neutral: {active: yes}\nabsent:", "E214", 24),
        ("module: clinic.patient", "module: clinic.person", "E131", 2),
        ("schema: record.json, ", "", "E305", 5),
        ("[off, none, <->,", "[off, none, <->, false, none]\n    - [off, none, <->,", "E221", 21),
    ],
)
def test_a_planted_fault_is_found_on_its_line(
    old: str, new: str, code: str, line: int, check: Check
) -> None:
    assert (code, line) in faults(check, old, new)


def test_a_rule_that_writes_what_no_request_has_is_found(check: Check) -> None:
    update = {"type": "object", "properties": {"first": {}}}
    found = check(MODULE, record=SCHEMA, change=update)
    assert ("E501", 13) in {(one.code, one.place.line) for one in found}


def test_a_misspelt_member_gets_a_hint(check: Check) -> None:
    found = check(MODULE.replace("  last: ", "  lst: "), record=SCHEMA, change=UPDATE)
    assert "did you mean 'last'?" in {one.remedy for one in found}


def test_faults_of_a_whole_module_are_reported_together(check: Check) -> None:
    text = MODULE.replace("[balance]", "[]").replace("identifier, telecom", "identifier")
    found = check(text, record=SCHEMA, change=UPDATE)
    assert {"E301", "E304"} <= {one.code for one in found}


@pytest.mark.parametrize(
    "slices",
    [
        ("[use=official]", "[use=usual]"),
        ("[use?=official]", "[use=usual]"),
        ("[use=usual,text=a]", "[use=usual,text=b]"),
    ],
)
def test_slices_that_differ_in_a_value_are_apart(slices: tuple[str, str], check: Check) -> None:
    one, other = slices
    new = f"last: name{other}.family"
    text = MODULE.replace("name[use?=official]", f"name{one}").replace("last: legal.family", new)
    assert "E203" not in {found.code for found in check(text, record=SCHEMA, change=UPDATE)}


def test_a_type_at_an_element_that_is_another_type_is_found(check: Check) -> None:
    text = MODULE.replace("last: legal.family", "last: maritalStatus | Name")
    found = check(
        text.replace("Name: {rules:", "Name: {is: HumanName, rules:"), record=SCHEMA, change=UPDATE
    )
    assert ("E401", 13) in {(one.code, one.place.line) for one in found}


ROOMS = {
    "type": "object",
    "properties": {
        "rooms": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"enum": ["a", "b"]}, "since": {"type": "string"}},
            },
        }
    },
}
IN_LIST = """portico: 1
module: clinic.patient
resource: Patient
vendor: {schema: record.json}
rules:
  rooms[]:
    each: contact
    rules:
      kind + since:
        to: gender + name.text
        cases:
        - [a, $s, <->, male, $s]
        - [a, none, <->, male, none]
        - [b, $s, <->, female, $s]
        - [b, none, <->, female, none]
"""


def test_a_list_entrys_required_member_needs_no_row_for_its_absence(check: Check) -> None:
    assert check(IN_LIST, record=ROOMS) == []


def test_a_list_entrys_optional_member_needs_a_row_for_its_absence(check: Check) -> None:
    found = check(IN_LIST.replace("        - [b, none, <->, female, none]\n", ""), record=ROOMS)
    assert [(one.code, one.what) for one in found] == [("E220", "no row for kind=b, since=absent")]


def test_a_row_that_no_fhir_values_choose_is_found(check: Check) -> None:
    text = IN_LIST.replace("[b, none, <->", "[b, none, <-, male, none]\n        - [b, none, <->")
    assert [(one.code, one.place.line) for one in check(text, record=ROOMS)] == [("E221", 15)]
