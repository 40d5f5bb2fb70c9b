"""A record whose values are of other types than its map expects fails with the rule's name."""

from pathlib import Path

import pytest

from portico import Json, Record
from portico.errors import VendorError
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_module

MODULE = """
portico: 1
module: clinic.patient
resource: Patient
vendor: {}
codes: {sex: {F: female, M: male}}
rules:
  sex:          gender        | code sex
  born:         birthDate     | date YYYYMMDD
  who.names:    name[0].given | split " "
  address:      name[0].text  | lines
  phones[]:     {each: telecom, rules: {number: value}}
  died:
    to: deceasedDateTime
    with: {d: date DD.MM.YYYY}
    cases: [[$d, <->, $d], [none, <->, none]]
"""


@pytest.fixture
def module(tmp_path: Path) -> ObjectModule:
    (tmp_path / "patient.yaml").write_text(MODULE, encoding="utf-8")
    return load_module(tmp_path / "patient.yaml", load_terminology(find_mappings() / "terminology"))


@pytest.mark.parametrize(
    ("record", "member"),
    [
        ({"sex": ["F"]}, "sex"),
        ({"born": 19800203}, "born"),
        ({"who": "Ada"}, "who.names"),
        ({"who": {"names": ["Ada"]}}, "who.names"),
        ({"address": 7}, "address"),
        ({"phones": True}, "phones"),
        ({"phones": ["Ada"]}, "number"),
        ({"died": {"on": "Ada"}}, "died"),
    ],
)
def test_the_rule_and_the_element_are_named_but_not_the_value(
    module: ObjectModule, record: dict[str, Json], member: str
) -> None:
    with pytest.raises(VendorError) as failure:
        module.to_fhir(Record(record), Context())
    (issue,) = failure.value.issues
    assert (failure.value.status, failure.value.kind) == (502, "garbage")
    assert f"R400 {member}: " in issue.diagnostics
    assert "Ada" not in issue.diagnostics
    assert issue.expression
