"""`portico convert` on the examples of the vendors' contracts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import RECORDS, Run

from portico import Json

EXAMPLES = [
    ("practice", "patient", "Patient"),
    ("practice", "disease", "Condition"),
    ("particle", "patient", "Patient"),
    ("heidi", "patient-profile", "Patient"),
    ("connective", "patient-record", "Bundle"),
]


@pytest.mark.parametrize(("vendor", "name", "resource_type"), EXAMPLES)
def test_a_record_becomes_one_resource_and_comes_back_unchanged(
    run: Run, tmp_path: Path, vendor: str, name: str, resource_type: str
) -> None:
    source = RECORDS / f"{vendor}.{name}.json"
    to_fhir = run("convert", vendor, name, source, "--to", "fhir")
    assert (to_fhir.code, to_fhir.stderr) == (0, "")
    assert to_fhir.document["resourceType"] == resource_type

    resource = tmp_path / "resource.json"
    resource.write_text(to_fhir.stdout, encoding="utf-8")
    back = run("convert", vendor, name, resource, "--to", "vendor", "--base", source)
    assert (back.code, back.document) == (0, {})


def test_without_a_base_the_body_of_a_create_is_printed(
    run: Run, record: Callable[[str], Json]
) -> None:
    given = record("particle.patient")
    resource = run("convert", "particle", "patient", "--to", "fhir", given=json.dumps(given))
    body = run("convert", "particle", "patient", "-", "--to", "vendor", given=resource.stdout)

    assert {**body.document, "purpose_of_use": "TREATMENT"} == given


def test_with_a_base_the_smallest_change_is_printed(run: Run) -> None:
    source = RECORDS / "heidi.patient-profile.json"
    resource = run("convert", "heidi", "patient-profile", source, "--to", "fhir").document
    resource["name"][0]["family"] = "Smith"

    changed = run(
        "convert", "heidi", "patient-profile", "--to", "vendor", "--base", source,
        given=json.dumps(resource),
    )  # fmt: skip

    assert changed.document == {
        "last_name": "Smith",
        "demographic_string": "John Smith, M, 1990-01-15",
    }


def test_a_change_of_other_requests_than_one_body_prints_them_all(run: Run) -> None:
    source = RECORDS / "practice.patient.json"
    resource = run("convert", "practice", "patient", source, "--to", "fhir").document
    resource["active"] = False

    changed = run(
        "convert", "practice", "patient", "--to", "vendor", "--base", source,
        given=json.dumps(resource),
    )  # fmt: skip

    (request,) = changed.document["requests"]
    assert (changed.code, request["operation"]) == (0, "transition-status")
    assert request["body"]["new_status"] == "inactive"


def test_an_answer_is_unwrapped_as_the_connection_file_says(
    run: Run, record: Callable[[str], Json]
) -> None:
    profile = record("heidi.patient-profile")
    bare = run("convert", "heidi", "patient-profile", "--to", "fhir", given=json.dumps(profile))

    given = json.dumps({"data": profile})
    wrapped = run("convert", "heidi", "patient-profile", "--to", "fhir", given=given)

    assert (wrapped.code, wrapped.document) == (0, bare.document)


def test_a_document_with_no_member_of_the_record_is_refused(run: Run) -> None:
    given = json.dumps({"detail": {"msg": "Patient profile not found", "type": "x"}})

    refused = run("convert", "heidi", "patient-profile", "--to", "fhir", given=given)

    assert (refused.code, refused.stdout) == (1, "")
    assert "none of its members" in refused.stderr


def test_what_the_vendor_cannot_hold_is_told_on_stderr(
    run: Run, record: Callable[[str], Json]
) -> None:
    given = json.dumps(record("particle.patient"))
    resource = run("convert", "particle", "patient", "--to", "fhir", given=given).document
    resource["maritalStatus"] = {"text": "married"}

    told = run("convert", "particle", "patient", "--to", "vendor", given=json.dumps(resource))

    assert "Patient.maritalStatus" in told.stderr
    assert "married" not in told.stdout


def test_json_holds_requests_report_and_record(run: Run) -> None:
    source = RECORDS / "practice.patient.json"
    resource = run("convert", "practice", "patient", source, "--to", "fhir").document
    resource["name"][0]["family"] = "Nuñez Ortiz"
    resource["active"] = False

    whole = run(
        "convert", "practice", "patient", "--to", "vendor", "--base", source, "--json",
        given=json.dumps(resource),
    ).document  # fmt: skip

    assert [request["operation"] for request in whole["requests"]] == [
        "update",
        "transition-status",
    ]
    assert whole["record"]["last_name"] == "Nuñez Ortiz"
    assert whole["report"] == []


def test_a_catalogue_turns_the_vendors_terms_into_standard_codes(run: Run) -> None:
    disease = run(
        "convert", "practice", "disease", RECORDS / "practice.disease.json", "--to", "fhir",
        "--catalogue", f"diseases={RECORDS / 'practice.disease-definitions.json'}",
    ).document  # fmt: skip

    assert {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"} in [
        {"system": coding["system"], "code": coding["code"]} for coding in disease["code"]["coding"]
    ]


def test_decimals_keep_their_digits(run: Run, record: Callable[[str], Json]) -> None:
    given = json.dumps(record("connective.patient-record")).replace(
        '"strengthValue": 100', '"strengthValue": 1.10'
    )
    assert "1.10" in given

    bundle = run("convert", "connective", "patient-record", "--to", "fhir", given=given)
    assert "1.10" in bundle.stdout


def test_ndjson_is_one_document_a_line_in_and_out(run: Run, record: Callable[[str], Json]) -> None:
    line = json.dumps(record("particle.patient"))

    out = run(
        "convert", "particle", "patient", "--to", "fhir", "--ndjson", given=f"{line}\n\n{line}\n"
    )

    assert [json.loads(each)["resourceType"] for each in out.stdout.splitlines()] == ["Patient"] * 2


def test_a_bad_line_does_not_stop_the_others(run: Run, record: Callable[[str], Json]) -> None:
    line = json.dumps(record("particle.patient"))

    out = run("convert", "particle", "patient", "--to", "fhir", "--ndjson", given=f"{{\n{line}\n")

    assert out.code == 1
    assert len(out.stdout.splitlines()) == 1
    assert out.stderr.startswith("stdin:1: ")


@pytest.mark.parametrize(
    ("direction", "given", "told"),
    [
        ("fhir", "{", "stdin: EOF while parsing an object at line 1 column 1; correct the JSON"),
        ("fhir", "[]", "stdin: not a JSON object; give one document, or use --ndjson"),
        ("fhir", '{"a":1,"a":2}', "stdin: "),
        (
            "fhir",
            '{"resourceType": "Patient"}',
            "this is a FHIR resource; a record of the vendor is wanted",
        ),
        ("fhir", '{"address_lines": [7]}', "address_lines.0: not of the type that the vendor has"),
        ("fhir", '{"date_of_birth": "7 May"}', "Patient.birthDate"),
        ("vendor", '{"resourceType": "Condition"}', "resourceType: not a Patient; correct it"),
        ("vendor", "{}", "resourceType: not a Patient; correct it"),
        ("vendor", '{"resourceType": "Patient", "birthdate": "x"}', "Patient.birthdate"),
        ("vendor", '{"resourceType": "Patient", "name": "x"}', "Patient.name"),
        ("vendor", '{"resourceType": "Patient", "gender": "other"}', "Patient.gender"),
    ],
)
def test_input_that_cannot_be_used_is_exit_1_with_the_place(
    run: Run, direction: str, given: str, told: str
) -> None:
    refused = run("convert", "particle", "patient", "--to", direction, given=given)

    assert (refused.code, refused.stdout) == (1, "")
    assert told in refused.stderr


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    refused = run("convert", "particle", "patient", "none.json", "--to", "fhir")

    assert refused.code == 1
    assert "none.json: No such file or directory" in refused.stderr


@pytest.mark.parametrize(
    ("vendor", "name", "told"),
    [
        ("practise", "patient", "there is no vendor 'practise'; did you mean 'practice'?"),
        ("zzz", "patient", "there are: connective, heidi, particle, practice"),
        ("practice", "pateint", "'practice' has no object 'pateint'; did you mean 'patient'?"),
        ("practice", "zzz", "there are: "),
    ],
)
def test_an_unknown_name_is_a_usage_error_that_suggests(
    run: Run, vendor: str, name: str, told: str
) -> None:
    refused = run("convert", vendor, name, "--to", "fhir", given="{}")

    assert refused.code == 2
    assert told in refused.stderr
