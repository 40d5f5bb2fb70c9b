"""A connection file and a module that do not agree with each other or with R4."""

from pathlib import Path

import pytest

from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import find_mappings, load_vendor_modules
from portico.vendor.agreement import disagreements
from portico.vendor.connection_file import load_vendor

VENDOR = """portico: 1
vendor: clinic
base: https://clinic.example
settings: {token: secret}
credential: {kind: bearer, token: "{token}"}
objects:
  patient:
    key: id
    schema: patient.schema.json
    read: GET /patients/{id}
    search: GET /patients
    search-parameters:
      name|family: filter
"""
MODULE = """portico: 1
module: clinic.patient
resource: Patient
vendor: {}
rules: {last: "name[0].family | reads-if shown"}
"""


def told(folder: Path, vendor: str) -> list[tuple[str, int, str]]:
    (folder / "schemas").mkdir()
    (folder / "schemas" / "patient.schema.json").write_text('{"type": "object"}', encoding="utf-8")
    (folder / "vendor.yaml").write_text(vendor, encoding="utf-8")
    (folder / "patient.yaml").write_text(MODULE, encoding="utf-8")
    modules = load_vendor_modules(folder, load_terminology(find_mappings() / "terminology"))
    found = disagreements(load_vendor(folder), modules)
    return [(one.code, one.place.line, one.remedy) for one in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{token: secret}", "{token: secret, shown: optional}", []),
        ("", "", [("E503", 5, "declare it, or use one of: token")]),
    ],
)
def test_a_gate_needs_a_setting(
    old: str, new: str, expected: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    assert told(tmp_path, VENDOR.replace(old, new)) == expected


def test_a_parameter_that_the_type_does_not_have_is_found(tmp_path: Path) -> None:
    found = told(tmp_path, VENDOR.replace("name|family", "name|famly"))
    assert ("C113", 13, "did you mean 'family'?") in found


def test_answers_without_a_schema_are_found(tmp_path: Path) -> None:
    found = told(tmp_path, VENDOR.replace("    schema: patient.schema.json\n", ""))
    assert ("C114", 8, "name one in schemas/, such as 'schema: patient.schema.json'") in found
