"""`portico map explain`: which rule made what, without telling whom it is about."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from portico.mapping.load import find_mappings

GOLDEN = find_mappings() / "practice/golden/patient"
RECORD = GOLDEN / "active-with-everything.vendor.json"
RESOURCE = GOLDEN / "active-with-everything.fhir.json"
NOTES = find_mappings() / "connective/golden/patient-record/contract-example.vendor.json"


def test_a_line_reads_like_the_rule(run: Run) -> None:
    told = run("map", "explain", "practice", "patient", "--sample", RECORD)

    (line,) = [line for line in told.stdout.splitlines() if "Patient.gender" in line]
    assert line.split()[:6] == ["/gender", "<->", "Patient.gender", "code", "gender", "carry"]
    assert "practice/patient.yaml:" in line
    assert "/medical_summary" in told.stdout.partition("What did not reach FHIR")[2]
    assert "Patient.extension:race" in told.stdout.partition("What profiles want")[2]


def test_values_are_left_out_unless_asked_for(run: Run) -> None:
    name = json.loads(RECORD.read_text(encoding="utf-8"))["last_name"]
    arguments = ("map", "explain", "practice", "patient", "--sample", RECORD)

    for form in ((), ("--json",)):
        assert name not in run(*arguments, *form).stdout
        assert name in run(*arguments, *form, "--show-values").stdout


@pytest.mark.parametrize("path", ["Patient.name", "Patient.name[0].family"])
def test_a_path_is_the_element_and_what_is_in_it(run: Run, path: str) -> None:
    told = run(
        *("map", "explain", "practice", "patient", "--sample", RECORD, "--path", path, "--json")
    )

    found = [each["expression"] for each in told.document["elements"]]
    assert "Patient.name[0].family" in found
    assert all(each.startswith("Patient.name") for each in found)


def test_a_path_by_type_finds_the_entries_of_a_bundle(run: Run) -> None:
    told = run(
        *("map", "explain", "connective", "patient-record", "--sample", NOTES),
        *("--path", "Condition.clinicalStatus", "--json"),
    )

    (found,) = told.document["elements"]
    assert found["expression"] == "Bundle.entry[2].resource.clinicalStatus"
    assert found["pointers"] == ["/diagnoses/0/active"]


def test_to_the_vendor_every_request_is_explained(run: Run, tmp_path: Path) -> None:
    resource = json.loads(RESOURCE.read_text(encoding="utf-8"))
    resource["name"][0]["family"] = "King"
    resource["telecom"].append({"system": "fax", "value": "1"})
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(resource), encoding="utf-8")

    told = run(
        *("map", "explain", "practice", "patient", "--to", "vendor"),
        *("--sample", changed, "--base", RECORD),
    )

    lines = told.stdout.splitlines()
    assert lines[0] == "update:"
    assert lines[2].split()[:3] == ["/last_name", "<->", "Patient.name[0].family"]
    assert "King" not in told.stdout
    assert lines[-1] == "lost: Patient.telecom[4]: the vendor has no place for it"


def test_a_write_as_json(run: Run) -> None:
    told = run(
        *("map", "explain", "practice", "patient", "--to", "vendor", "--sample", RESOURCE),
        *("--path", "Patient.gender", "--show-values", "--json"),
    )

    (request,) = told.document["requests"]
    (member,) = request["members"]
    assert request["operation"] == "create"
    assert member["pointer"] == "/gender"
    assert member["value"] == "male"
    assert member["codeRow"].startswith("practice/patient.yaml:")


def test_nothing_to_send_is_said(run: Run) -> None:
    told = run(
        *("map", "explain", "practice", "patient", "--to", "vendor"),
        *("--sample", RESOURCE, "--base", RECORD),
    )

    assert told.stdout.splitlines()[0] == "nothing to send"


def test_a_sample_of_the_wrong_kind_is_refused_in_words(run: Run) -> None:
    refused = run("map", "explain", "practice", "patient", "--sample", RESOURCE)

    assert refused.code == 1
    assert "this is a FHIR resource; a record of the vendor is wanted (see --to)" in refused.stderr


def test_an_unknown_object_suggests(run: Run) -> None:
    refused = run("map", "explain", "practice", "patients", "--sample", RECORD)

    assert refused.code == 2
    assert "did you mean 'patient'?" in refused.stderr
