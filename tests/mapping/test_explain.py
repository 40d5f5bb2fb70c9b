"""Every element of a conversion is explained by the rule that made it, in both directions."""

from pathlib import Path

import pytest
from tests.vendors.loading import context, goldens, modules, terminology

from portico import Record, Resource
from portico.laws.goldens import Golden
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule, load_module
from portico.mapping.telling.explain import Explained, explain
from portico.mapping.telling.explain_write import Sent, explain_write

MODULE = """
portico: 1
module: clinic.person
resource: Patient
profile: us-core-patient
on_loss: warn
vendor:
  version: revision as base_revision
  write:
    doctor.id: doctor_uuid
    state: {action: move, as: to, allowed: {new: [open], open: []}}
codes:
  sex: {M: male, F: female, none: <- unknown}
rules:
  revision:  -> meta.versionId | string
  last:      name[0].family
  nick:      name[0].text ; <- name[0].family
  sex:       gender | code sex
  doctor.id: generalPractitioner[0].reference | ref Practitioner
  state:     maritalStatus.text
  source:    <- "portico"
  phones[]:  {each: telecom, rules: {number: value}}
drop: {"money": [balance]}
absent: {"not collected": [extension.race, address]}
"""
CONTEXT = Context(all_settings=True)


@pytest.fixture
def module(tmp_path: Path) -> ObjectModule:
    path = tmp_path / "clinic" / "person.yaml"
    path.parent.mkdir()
    path.write_text(MODULE.lstrip(), encoding="utf-8")
    return load_module(path, terminology())


def read(module: ObjectModule, **record: object) -> dict[str, Explained]:
    rows = explain(module, Record(record), CONTEXT).elements
    return {row.expression: row for row in rows}


def written(module: ObjectModule, base: Record | None, **resource: object) -> dict[str, Sent]:
    document = Resource({"resourceType": "Patient", **resource})
    requests = explain_write(module, document, base, CONTEXT).requests
    return {f"{each.operation}{one.pointer}": one for each in requests for one in each.members}


def test_an_element_names_its_rule_its_pointer_and_its_code_row(module: ObjectModule) -> None:
    row = read(module, sex="F")["Patient.gender"]

    assert row.pointers == ("/sex",)
    assert (row.rule.line, row.direction, row.converters) == (17, "<->", ("code sex",))
    assert row.code_row is not None
    assert row.code_row.line == 12


def test_entries_of_a_list_are_explained_one_by_one(module: ObjectModule) -> None:
    rows = read(module, phones=[{"number": "1"}, {"number": "2"}])

    assert rows["Patient.telecom[1].value"].pointers == ("/phones/1/number",)


def test_what_did_not_arrive_has_a_reason(module: ObjectModule) -> None:
    record = Record({"balance": 1, "hobby": "chess", "source": "fax"})
    found = explain(module, record, CONTEXT).unmapped

    assert {one.pointer: one.reason.partition(" (")[0] for one in found} == {
        "/balance": "money",
        "/hobby": "no rule uses its value",
        "/source": "only written",
    }


def test_what_a_profile_wants_and_the_record_lacks_has_a_reason(module: ObjectModule) -> None:
    absent = explain(module, Record({"last": "Byron"}), CONTEXT).absent
    reasons = {one.expression: one.reason for one in absent}

    assert reasons["Patient.extension:race"] == "not collected"
    assert reasons["Patient.address.city"] == "not collected"
    assert reasons["Patient.birthDate"] == "no rule fills it"
    assert reasons["Patient.gender"] == (
        "the record has no value for it (clinic/person.yaml:17:14)"
    )
    assert "Patient.name.family" not in reasons


def test_a_member_that_is_sent_names_the_rule_that_made_it(module: ObjectModule) -> None:
    sent = written(module, None, gender="male", name=[{"family": "Byron"}])

    assert sent["create/sex"].expression == "Patient.gender"
    assert sent["create/sex"].code_row is not None
    assert sent["create/last"].rule is not None
    assert sent["create/last"].rule.line == 15
    assert sent["create/source"].reason == "a fixed value"


def test_a_fallback_is_named_where_it_was_what_wrote(module: ObjectModule) -> None:
    both = written(module, None, name=[{"family": "Byron", "text": "Ada"}])
    one = written(module, None, name=[{"family": "Byron"}])

    assert both["create/nick"].expression == "Patient.name[0].text"
    assert one["create/nick"].expression == "Patient.name[0].family"
    assert one["create/nick"].direction == "<-"


def test_renames_actions_and_the_lock_are_seen_through(module: ObjectModule) -> None:
    base = Record({"revision": 7, "state": "new", "doctor": {"id": "9"}})
    doctor = {"reference": "Practitioner/8"}
    state = {"text": "open"}
    sent = written(module, base, generalPractitioner=[doctor], maritalStatus=state)

    assert sent["update/doctor_uuid"].expression == "Patient.generalPractitioner[0].reference"
    assert sent["update/base_revision"].reason.startswith("the lock")
    assert sent["move/to"].expression == "Patient.maritalStatus.text"


def test_a_member_that_is_cleared_names_the_rule_of_the_element_that_is_gone(
    module: ObjectModule,
) -> None:
    sent = written(module, Record({"revision": 7, "last": "Byron"}))

    assert sent["update/last"].expression == "Patient.name.family"


def test_entries_of_a_list_are_written_by_their_own_rules(module: ObjectModule) -> None:
    sent = written(module, None, telecom=[{"value": "1"}])

    assert sent["create/phones/0/number"].expression == "Patient.telecom.value"


ROW = """
portico: 1
module: vitals.row
vendor: {}
resources:
  weight:
    {resource: Observation, from: ., if: lbs, suffix: w, constants: {code: loinc#29463-7},
     rules: {key: -> id | id, day: effectiveDateTime | date, lbs: valueQuantity.value}}
  pulse:
    {resource: Observation, from: ., if: pulse, suffix: p, constants: {code: loinc#8867-4},
     rules: {key: -> id | id, day: effectiveDateTime | date, pulse: valueQuantity.value}}
"""


def test_one_row_that_is_several_resources_is_explained_resource_by_resource(
    tmp_path: Path,
) -> None:
    path = tmp_path / "row.yaml"
    path.write_text(ROW.lstrip(), encoding="utf-8")
    module = load_module(path, terminology())
    record = Record({"key": "r1", "day": "2024-05-01", "pulse": 70})
    rows = {row.expression: row for row in explain(module, record, CONTEXT).elements}
    pulse = module.to_fhir(record, CONTEXT)["entry"][0]["resource"]
    (request,) = explain_write(module, pulse, None, CONTEXT).requests
    sent = {one.pointer: one.rule and one.rule.line for one in request.members}

    assert rows["Bundle.entry[0].resource.valueQuantity.value"].pointers == ("/pulse",)
    assert sent["/pulse"] == 10
    assert sent["/day"] == 10


@pytest.mark.parametrize("golden", list(goldens()), ids=lambda golden: golden.name)
def test_every_golden_is_explained_to_the_last_member(golden: Golden) -> None:
    module, there = modules(golden.vendor)[golden.object], context(golden.vendor)
    elements = explain(module, golden.record, there).elements
    assert elements
    if golden.refused is None:
        requests = explain_write(module, golden.resource, None, there).requests
        members = [member for each in requests for member in each.members]
        assert all(member.rule or member.reason.startswith("the lock") for member in members)
