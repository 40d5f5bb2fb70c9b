"""Coverage says of each member and each element whether, how and by which rule it is mapped."""

import json
from pathlib import Path

import pytest
from tests.vendors.loading import modules, objects, terminology

from portico.mapping.checking.coverage import (
    ElementCoverage,
    MemberCoverage,
    ModuleCoverage,
    cover,
    percent,
)
from portico.mapping.checking.filling import meets, present
from portico.mapping.load import load_module

MODULE = """
portico: 1
module: clinic.person
resource: Patient
profile: us-core-patient
vendor: {schema: person.schema.json, version: revision as base_revision}
slices:
  legal: name[use?=official]
  race:  extension[url=http://hl7.org/fhir/us/core/StructureDefinition/us-core-race]
constants: {"communication[0].language.text": English}
fallback: {gender: unknown}
rules:
  id:      -> id | id
  last:    legal.family
  first:   legal.given | list " "
  sex:     -> gender
  born:    <- birthDate | date
  race:    race.extension[url=text].valueString
  phones[]: {each: telecom, rules: {number: value, kind: -> use}}
  status + died:
    to: active + deceasedDateTime
    with: {d: instant}
    cases:
    - [here, none, <->, true, none]
    - [dead, $d, <->, none, $d]
drop: {"money": [balance], "another name of the id": ["*.uuid"]}
absent: {"not collected": [address, extension.genderIdentity]}
"""
MEMBERS = (
    "id", "revision", "last", "first", "sex", "born", "race", "status", "died", "balance", "hobby",
)  # fmt: skip


@pytest.fixture
def covered(tmp_path: Path) -> ModuleCoverage:
    text = {"type": "string"}
    properties = dict.fromkeys(MEMBERS, text) | {
        "phones": {"items": {"properties": {"number": text, "kind": text}}},
        "doctor": {"properties": {"uuid": text}},
    }
    folder = tmp_path / "clinic" / "schemas"
    folder.mkdir(parents=True)
    schema = json.dumps({"type": "object", "properties": properties})
    (folder / "person.schema.json").write_text(schema, encoding="utf-8")
    path = tmp_path / "clinic" / "person.yaml"
    path.write_text(MODULE.lstrip(), encoding="utf-8")
    return cover(load_module(path, terminology()))


def member(covered: ModuleCoverage, name: str) -> MemberCoverage:
    return next(each for each in covered.members if each.member == name)


def element(covered: ModuleCoverage, name: str) -> ElementCoverage:
    (profile,) = covered.profiles
    return next(each for each in profile.elements if each.element == name)


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("last", "both"),
        ("status", "both"),
        ("revision", "both"),
        ("phones.number", "both"),
        ("id", "to-fhir"),
        ("phones.kind", "to-fhir"),
        ("born", "to-vendor"),
        ("balance", "dropped"),
        ("doctor.uuid", "dropped"),
        ("hobby", "unmapped"),
    ],
)
def test_a_member_is_mapped_dropped_or_open(
    covered: ModuleCoverage, name: str, standing: str
) -> None:
    assert member(covered, name).standing == standing


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("name.family", "both"),
        ("name.use", "both"),
        ("name.given", "lossy"),
        ("telecom.value", "both"),
        ("deceased[x]", "both"),
        ("extension:race", "both"),
        ("gender", "to-fhir"),
        ("telecom.use", "to-fhir"),
        ("communication.language", "to-fhir"),
        ("birthDate", "to-vendor"),
        ("address.city", "absent"),
        ("extension:genderIdentity", "absent"),
        ("extension:ethnicity", "missing"),
        ("telecom.system", "missing"),
        ("identifier", "missing"),
    ],
)
def test_an_element_is_filled_declared_absent_or_missing(
    covered: ModuleCoverage, name: str, standing: str
) -> None:
    assert element(covered, name).standing == standing


def test_what_is_left_out_has_its_reason(covered: ModuleCoverage) -> None:
    assert member(covered, "balance").reason == "money"
    assert member(covered, "revision").reason == "the lock, sent back as base_revision"
    assert element(covered, "address.city").reason == "not collected"
    assert element(covered, "communication.language").reason == "a fixed value"


def test_what_is_mapped_names_its_rules(covered: ModuleCoverage) -> None:
    (rule,) = member(covered, "last").rules

    assert str(rule) == "clinic/person.yaml:13:12"
    assert rule in element(covered, "name").rules


def test_percentages(covered: ModuleCoverage) -> None:
    assert len(covered.members) == 14
    assert covered.decided == 92.8  # all but one
    assert covered.mapped == 78.5  # two of them are dropped
    assert percent([]) == 100
    assert percent([True] * 9999 + [False]) == 99.9


def test_an_element_around_or_inside_another_fills_it() -> None:
    assert meets("name.family", "name")
    assert meets("code", "code.coding")
    assert meets("onsetDateTime", "onset[x]")
    assert not meets("onsetting", "onset[x]")
    assert not meets("name.family", "name.given")
    assert not meets("dispenseRequest.initialFill.quantity", "dispenseRequest.quantity")


def test_a_profile_finds_extensions_by_their_url() -> None:
    race = {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}

    assert present({"extension": [race]}, "extension:race")
    assert not present({"extension": [race]}, "extension:sex")
    assert present({"name": [{}, {"family": "Byron"}]}, "name.family")
    assert present({"deceasedBoolean": False}, "deceased[x]")
    assert not present({"name": [{"text": "Ada"}]}, "name.family")


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_every_shipped_member_is_decided(vendor: str, name: str) -> None:
    covered = cover(modules(vendor)[name])

    assert covered.decided == 100
    assert all(each.reason for each in covered.members if each.standing == "dropped")
    assert all(each.rules for each in covered.members if each.standing == "both")


def test_what_a_rule_fills_as_a_whole_may_lack_a_part() -> None:
    (profile,) = cover(modules("practice")["medication"]).profiles
    standings = {each.element: each.standing for each in profile.elements}
    assert standings["dosageInstruction"] == standings["dosageInstruction.text"] == "both"
    assert standings["dosageInstruction.doseAndRate"] == "absent"
