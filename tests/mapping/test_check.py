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


def faults(check: Check, old: str, new: str) -> set[tuple[str, int]]:
    """(code, line) of the findings after one text of the module is replaced by another."""
    assert old in MODULE
    found = check(MODULE.replace(old, new), record=SCHEMA, change=UPDATE)
    return {(one.code, one.place.line) for one in found}


def test_a_good_module_has_no_findings(check: Check) -> None:
    assert faults(check, "portico: 1", "portico: 1") == set()


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
        ("[balance]", "[balance, nothing]", "E302", 22),
        ("[balance]", "[balance, born]", "E303", 15),
        ("identifier, telecom", "identifier", "E304", 3),
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
        ("legal: name[use?=official]", "legal: name[usse?=official]", "E121", 12),
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
