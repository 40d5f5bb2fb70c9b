"""Rules are shown as they are compiled, each with the line that it comes from."""

import ast
from pathlib import Path

import pytest
from tests.vendors.loading import modules, objects, terminology

from portico.errors import Place
from portico.mapping.language.grammar import parse_path
from portico.mapping.load import ObjectModule, load_module
from portico.mapping.telling.show import Line, rules_of, sources, written

MODULE = """
portico: 1
module: clinic.person
resource: Patient
vendor: {}
slices: {legal: "name[use?=official]"}
types: {Name: {rules: {last: family, first: given | list " "}}}
codes: {sex: {M: male, F: female}}
fallback: {gender: unknown}
rules:
  name:    legal | Name
  sex:     gender | code sex
  label:   <- template "{{ sex }}"
  source:  <- "portico"
  phones[]: {each: telecom, key: system, rules: {number: value}}
  status + died:
    to: active + deceasedDateTime
    with: {d: instant}
    cases:
    - [here, none, <->, true, none]
    - [dead, $d, ->, _, $d]
"""


@pytest.fixture
def module(tmp_path: Path) -> ObjectModule:
    path = tmp_path / "clinic" / "person.yaml"
    path.parent.mkdir()
    path.write_text(MODULE.lstrip(), encoding="utf-8")
    return load_module(path, terminology())


def lines(module: ObjectModule, *, expanded: bool = False) -> list[tuple[int, str]]:
    (part,) = rules_of(module, expanded=expanded)
    return [(each.place.line, text(each)) for each in part.lines]


def text(each: Line) -> str:
    words = f"{each.vendor} {each.arrow} {each.fhir}"
    return f"{words} | {each.converters}" if each.converters else words


def test_every_rule_is_shown_with_its_line(module: ObjectModule) -> None:
    assert lines(module) == [
        (10, "name.last <-> legal.family"),
        (10, 'name.first <-> legal.given | list " "'),
        (11, "sex <-> gender | code sex"),
        (12, 'label <- template "{{ sex }}"'),
        (13, 'source <- "portico"'),
        (14, "phones[] <-> telecom | each, by system"),
        (14, "  number <-> value"),
        (15, "status + died cases active + deceasedDateTime | $d | instant"),
        (19, "  here + none <-> true + none"),
        (20, "  dead + $d -> _ + $d"),
        (8, "fallback -> gender = unknown"),
    ]


def test_expanded_slices_are_written_out(module: ObjectModule) -> None:
    assert (10, "name.last <-> name[use?=official].family") in lines(module, expanded=True)


@pytest.mark.parametrize(
    "path",
    [
        "birthDate",
        "name[use?=official].given",
        "identifier[system=us-ssn,type?=v2-0203#SS].value",
        "code.coding[0 prefer system=icd10cm|sct].code",
        "note[0].text",
        "generalPractitioner[extension.url=role,extension.valueCode=primary].reference",
    ],
)
def test_what_is_shown_can_be_written_in_a_rule(path: str) -> None:
    assert written(parse_path(path, Place("x"))) == path


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_every_shipped_module_can_be_shown(vendor: str, name: str) -> None:
    module = modules(vendor)[name]
    shown = [line for part in rules_of(module, expanded=True) for line in part.lines]

    assert len(shown) >= sum(len(part.shape.rules) for part in module.spec.parts)
    assert all(line.place.file == f"{vendor}/{name}.yaml" for line in shown)


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_the_generated_source_is_python(vendor: str, name: str) -> None:
    for _, source in sources(modules(vendor)[name]):
        functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
        assert {"to_fhir", "read", "put"} <= {function.name for function in functions}


def test_the_source_of_a_list_is_shown_too(module: ObjectModule) -> None:
    assert [title for title, _ in sources(module)] == [
        "clinic.person: Patient",
        "clinic.person: Patient, each telecom",
    ]
