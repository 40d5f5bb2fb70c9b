"""Ids that could be those of another object of the vendor are found."""

from pathlib import Path

from portico.cli.map_check import check_vendor
from portico.errors import Finding

HEAD = "portico: 1\nmodule: mere.{name}\nresource: Observation\non_loss: warn\nvendor: {{}}\n"
RULES = "constants: {{status: final, code: loinc#{code}}}\nrules: {{key: -> id | {converter}}}\n"
CONNECTION = """
portico: 1
vendor: mere
title: Mere
contract: vendor.yaml
settings: {}
credential: {kind: none}
objects:
  pulse:  {key: key, read: "GET /pulse/{key}"}
  weight: {key: key, read: "GET /weight/{key}"}
"""


def findings(folder: Path, pulse: str, weight: str) -> list[Finding]:
    mere = folder / "mere"
    mere.mkdir()
    (mere / "vendor.yaml").write_text(CONNECTION, encoding="utf-8")
    for name, code, converter in (("pulse", "8867-4", pulse), ("weight", "29463-7", weight)):
        text = HEAD.format(name=name) + RULES.format(code=code, converter=converter)
        (mere / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [one for one in check_vendor(mere) if one.code == "E504"]


def test_two_objects_of_a_type_need_ids_that_tell(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "id", "id")
    assert (finding.place.file, finding.place.line) == ("mere/weight.yaml", 7)
    assert "prefix" in finding.remedy


def test_one_marked_object_is_enough(tmp_path: Path) -> None:
    assert findings(tmp_path, "id", "id | prefix w-") == []


def test_the_same_mark_is_none(tmp_path: Path) -> None:
    assert len(findings(tmp_path, "id | prefix w-", "id | prefix w-")) == 1
