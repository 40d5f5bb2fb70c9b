"""One vendor row as several resources: a row of vital signs as single Observations."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portico import Record, Resource
from portico.errors import FhirError
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import find_mappings, load_module
from portico.mapping.running.fan import FanModule

MODULE = """
portico: 1
module: acme.vitals
vendor:
  version: version as base_version
  write: {patient.id: url}
resources:
  pulse:
    resource: Observation
    from: .
    if: pulse
    suffix: hr
    constants: {status: final, code: loinc#8867-4, valueQuantity.unit: /min}
    rules:
      patient.id + id: -> id | packed
      patient.id: subject.reference | ref Patient
      version: -> meta.versionId | string
      date_taken: effectiveDateTime | date
      pulse: valueQuantity.value
  pressure:
    resource: Observation
    from: .
    if: systolic diastolic
    suffix: bp
    constants: {status: final, code: loinc#85354-9}
    rules:
      patient.id + id: -> id | packed
      patient.id: subject.reference | ref Patient
      version: -> meta.versionId | string
      date_taken: effectiveDateTime | date
      systolic: component[code=loinc#8480-6].valueQuantity.value
      diastolic: component[code=loinc#8462-4].valueQuantity.value
"""
ROW = Record(
    {
        "id": "r1",
        "version": 3,
        "patient": {"id": "p1"},
        "date_taken": "2025-03-01",
        "pulse": 62,
        "systolic": 120,
        "diastolic": 80,
    }
)
CONTEXT = Context()
Load = Callable[[str], FanModule]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def made(text: str) -> FanModule:
        path = tmp_path / "acme" / "vitals.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        module = load_module(path, load_terminology(find_mappings() / "terminology"))
        assert isinstance(module, FanModule)
        return module

    return made


@pytest.fixture
def vitals(load: Load) -> FanModule:
    return load(MODULE)


def entries(module: FanModule, row: Record) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in module.to_fhir(row, CONTEXT)["entry"]]


def test_each_part_is_a_resource_with_the_rows_id_and_its_suffix(vitals: FanModule) -> None:
    assert [one["id"] for one in entries(vitals, ROW)] == ["p1-r1-hr", "p1-r1-bp"]
    assert {one["meta"]["versionId"] for one in entries(vitals, ROW)} == {"3"}


def test_a_part_whose_members_are_absent_is_not_there(vitals: FanModule) -> None:
    row = Record({key: value for key, value in ROW.items() if key != "pulse"})

    assert [one["id"] for one in entries(vitals, row)] == ["p1-r1-bp"]


@pytest.mark.parametrize(
    ("condition", "members", "there"),
    [
        ("kind=rest", {"kind": "rest"}, True),
        ("kind=rest", {"kind": "sport"}, False),
        ("kind=rest", {}, False),
        ("kind=rest kind=sport", {"kind": "sport"}, True),
        ("kind=rest calm=true", {"calm": True}, True),
        ("kind=rest calm=true", {"calm": False}, False),
        ("calm", {"calm": False}, True),
        ("kinds", {"kinds": []}, False),
    ],
)
def test_a_part_may_be_there_for_a_value_only(
    load: Load, condition: str, members: dict[str, Any], *, there: bool
) -> None:
    module = load(MODULE.replace("if: pulse", f"if: {condition}"))
    codes = [one["id"] for one in entries(module, Record({**ROW, **members}))]
    assert ("p1-r1-hr" in codes) is there


def test_one_of_several_codings_is_enough_to_know_a_part(load: Load) -> None:
    module = load(MODULE.replace("loinc#8867-4", "[loinc#2708-6, loinc#59408-5]"))
    pulse = entries(module, ROW)[0]
    assert [one["code"] for one in pulse["code"]["coding"]] == ["2708-6", "59408-5"]
    for coding in pulse["code"]["coding"]:
        sent = Resource({**pulse, "code": {"coding": [coding]}})
        assert module.to_vendor(sent, ROW, CONTEXT).steps == ()


def test_an_id_tells_the_part_and_the_row(vitals: FanModule) -> None:
    assert vitals.rows.key("p1-r1-bp") == ("pressure", {"patient.id": "p1", "id": "r1"})
    assert vitals.rows.key("p1-r1-xx") is None


def test_writing_one_part_writes_its_own_members(vitals: FanModule) -> None:
    pulse = entries(vitals, ROW)[0]
    pulse["valueQuantity"]["value"] = 70

    change = vitals.to_vendor(Resource(pulse), ROW, CONTEXT)

    assert [step.body for step in change.steps] == [{"pulse": 70, "base_version": 3}]


def test_what_was_read_changes_nothing(vitals: FanModule) -> None:
    for resource in entries(vitals, ROW):
        change = vitals.to_vendor(Resource(resource), ROW, CONTEXT)
        assert (change.steps, change.report) == ((), ())


def test_a_shared_member_cannot_change_through_one_part(vitals: FanModule) -> None:
    pulse = entries(vitals, ROW)[0] | {"effectiveDateTime": "2025-03-02"}

    with pytest.raises(FhirError, match="R421 'date_taken'"):
        vitals.to_vendor(Resource(pulse), ROW, CONTEXT)


def test_a_bundle_of_parts_is_one_new_row(vitals: FanModule) -> None:
    bundle = vitals.to_fhir(ROW, CONTEXT)

    change = vitals.to_vendor(bundle, None, CONTEXT)

    (step,) = change.steps
    assert step.operation == "create"
    assert step.body == {"date_taken": "2025-03-01", "pulse": 62, "systolic": 120, "diastolic": 80}


def test_parts_that_disagree_on_a_shared_member_are_no_row(vitals: FanModule) -> None:
    bundle = vitals.to_fhir(ROW, CONTEXT)
    bundle["entry"][1]["resource"]["effectiveDateTime"] = "2025-03-02"

    with pytest.raises(FhirError, match="R421"):
        vitals.to_vendor(bundle, None, CONTEXT)


def test_taking_a_part_away_clears_its_own_members(vitals: FanModule) -> None:
    change = vitals.without("pressure", ROW, CONTEXT)

    assert [step.body for step in change.steps] == [
        {"systolic": None, "diastolic": None, "base_version": 3}
    ]


def test_a_resource_of_no_part_is_refused(vitals: FanModule) -> None:
    stranger = Resource({"resourceType": "Observation", "code": {"text": "mood"}})

    with pytest.raises(FhirError, match="R422"):
        vitals.to_vendor(stranger, None, CONTEXT)


def test_a_new_row_of_several_resources_needs_no_version(tmp_path: Path) -> None:
    update = {
        "type": "object",
        "required": ["version"],
        "properties": {"version": {"type": "integer"}, "pulse": {}, "systolic": {}},
        "additionalProperties": False,
    }
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/update.schema.json").write_text(json.dumps(update), encoding="utf-8")
    locked = MODULE.replace("vendor:", "vendor:\n  update: update.schema.json")
    (tmp_path / "vitals.yaml").write_text(locked, encoding="utf-8")
    row = load_module(tmp_path / "vitals.yaml", load_terminology(find_mappings() / "terminology"))
    made = row.to_fhir(ROW, CONTEXT)
    assert [step.operation for step in row.to_vendor(made, None, CONTEXT).steps] == ["create"]


def test_a_row_without_any_part_is_an_empty_bundle(vitals: FanModule) -> None:
    empty = Record({"id": "r1", "pulse": "", "systolic": None})
    assert vitals.to_fhir(empty, CONTEXT) == {"resourceType": "Bundle", "type": "collection"}
