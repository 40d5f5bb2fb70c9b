"""`portico map show`: a module's rules, one a line."""

import ast

from tests.cli.conftest import Run


def test_a_rule_is_a_line_with_its_number(run: Run) -> None:
    shown = run("map", "show", "practice", "patient")

    (line,) = [line for line in shown.stdout.splitlines() if " last_name " in line]
    number, *words = line.split()
    assert words == ["last_name", "<->", "legal.family"]
    assert int(number) > 1
    assert shown.stdout.startswith("# practice.patient: Patient (practice/patient.yaml)\n")


def test_expanded_writes_slices_out(run: Run) -> None:
    shown = run("map", "show", "practice", "patient", "--expanded")

    assert "name[use?=official].family" in shown.stdout


def test_without_an_object_all_are_shown(run: Run) -> None:
    shown = run("map", "show", "practice")

    assert "# practice.disease: Condition" in shown.stdout
    assert "# practice.patient: Patient" in shown.stdout


def test_the_generated_source_is_printed(run: Run) -> None:
    shown = run("map", "show", "connective", "patient-record", "--python")

    assert "# connective.patient-record.patient from patient: Patient, each address" in shown.stdout
    assert ast.parse(shown.stdout).body
