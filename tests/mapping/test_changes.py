"""Change sets: the smallest body, in the vendor's own way of saying that something is gone."""

import pytest
from tests.mapping.conftest import Make

from portico import Json, Record, Resource
from portico.document import copy
from portico.errors import FhirError
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule
from portico.mapping.running.change import Change, Step

NOW = Context()
VENDOR = """portico: 1
module: clinic.patient
resource: Patient
vendor:
  version: version as base_version
  write:
    doctor.id: doctor_uuid
    status: {action: move, as: to, allowed: {new: [on], on: [off], off: [on, dead], dead: []}}
codes: {state: {on: "true", new: "-> true", off: "false"}}
rules:
  id: -> id
  version: -> meta.versionId | string
  first + middle: name[0].given | list " "
  last: name[0].family
  born: birthDate | date
  doctor.id: generalPractitioner[0].reference | ref Practitioner
  doctor.name: -> generalPractitioner[0].display
  status:
    to: active
    cases:
    - [on, <->, true]
    - [off, <->, false]
    - [dead, ->, false]
    - [new, ->, none]
    - [none, ->, none]
"""
BASE = {
    "id": "1", "version": 7, "first": "Ada", "last": "Byron", "born": "1815-12-10",
    "doctor": {"id": "d1", "name": "Dr. King"}, "status": "on", "private": {"kept": True},
}  # fmt: skip


def edited(module: ObjectModule, base: Json, **elements: Json) -> Change:
    resource = module.to_fhir(Record(base), NOW)
    for name, value in elements.items():
        resource[name] = value
        if value is None:
            del resource[name]
    return module.to_vendor(resource, Record(base), NOW)


def test_the_body_holds_only_what_changed_and_the_lock(make: Make) -> None:
    change = edited(make(VENDOR), BASE, name=[{"family": "King", "given": ["Ada"]}])
    assert change.steps == (Step("update", {"last": "King", "base_version": 7}),)
    assert change.record == {**BASE, "last": "King"}


def test_what_is_gone_is_null(make: Make) -> None:
    change = edited(make(VENDOR), BASE, birthDate=None)
    assert change.steps == (Step("update", {"born": None, "base_version": 7}),)
    assert "born" not in change.record


def test_what_is_gone_may_be_an_empty_text(make: Make) -> None:
    module = make("portico: 1\nmodule: m\nresource: Patient\nvendor: {clear: empty}\n"
                  "rules: {a: birthDate, b: gender}\n")  # fmt: skip
    change = edited(module, {"a": "1815-12-10", "b": "male"}, birthDate=None)
    assert change.steps == (Step("update", {"a": ""}),)


def test_a_vendor_that_replaces_gets_the_whole_record(make: Make) -> None:
    module = make("portico: 1\nmodule: m\nresource: Patient\nvendor: {update: replace}\n"
                  "rules: {a: birthDate, b: gender}\n")  # fmt: skip
    change = edited(module, {"a": "1815-12-10", "b": "male"}, gender="female")
    assert change.steps == (Step("update", {"a": "1815-12-10", "b": "female"}),)


def test_a_foreign_key_is_sent_by_its_write_name_and_leaves_no_stale_name(make: Make) -> None:
    change = edited(make(VENDOR), BASE, generalPractitioner=[{"reference": "Practitioner/d2"}])
    assert change.steps == (Step("update", {"doctor_uuid": "d2", "base_version": 7}),)
    assert change.record["doctor"] == {"id": "d2"}


def test_an_action_is_a_request_of_its_own_after_the_update(make: Make) -> None:
    change = edited(make(VENDOR), BASE, active=False, birthDate="1815-12-11")
    assert [step.operation for step in change.steps] == ["update", "move"]
    assert change.steps[1].body == {"to": "off", "base_version": 7}


def test_a_state_is_reached_over_several_hops(make: Make) -> None:
    change = edited(make(VENDOR), {**BASE, "status": "new"}, active=False)
    assert [step.body["to"] for step in change.steps] == ["on", "off"]


def test_a_forbidden_transition_is_refused_with_what_is_allowed(make: Make) -> None:
    with pytest.raises(FhirError, match=r"R420 'status'.*allowed: nothing") as caught:
        edited(make(VENDOR), {**BASE, "status": "dead"}, active=True)
    assert caught.value.status == 422
    assert caught.value.issues[0].expression == ("Patient.active",)


def test_a_create_sends_everything_and_then_the_actions(make: Make) -> None:
    module = make(VENDOR)
    sent = Resource({"resourceType": "Patient", "active": False, "birthDate": "1815-12-10"})
    change = module.to_vendor(sent, None, NOW)
    assert change.steps[0].body.get("born") == "1815-12-10"
    assert change.record == {"born": "1815-12-10", "status": "off"}


def test_nothing_changed_is_nothing_to_send(make: Make) -> None:
    change = edited(make(VENDOR), {**BASE, "born": "", "middle": None})
    assert (change.steps, change.report) == ((), ())


def test_inputs_stay_as_they_are(make: Make) -> None:
    base = copy(BASE)
    change = edited(make(VENDOR), base, birthDate="1815-12-11")
    change.record["private"]["kept"] = False
    assert base == BASE


TEMPLATE = """
on_loss: warn
rules:
  last: name[0].family
  label: extension[url=x:label].valueString ; <- template "Mx {{ last or '?' }}"
"""


def test_a_template_fills_on_create_and_follows_only_while_untouched(make: Make) -> None:
    module = make(TEMPLATE)
    sent = Resource({"resourceType": "Patient", "name": [{"family": "Byron"}]})
    assert module.to_vendor(sent, None, NOW).record["label"] == "Mx Byron"
    own, touched = {"last": "Byron", "label": "Mx Byron"}, {"last": "Byron", "label": "Countess"}
    king = [{"family": "King"}]
    assert edited(module, own, name=king).record["label"] == "Mx King"
    assert edited(module, touched, name=king).record["label"] == "Countess"


def test_fixed_values_are_sent_on_create_only(make: Make) -> None:
    module = make('rules: {a: birthDate, purpose: <- "TREATMENT"}\n')
    sent = Resource({"resourceType": "Patient", "birthDate": "1815-12-10"})
    assert module.to_vendor(sent, None, NOW).record["purpose"] == "TREATMENT"
    assert "purpose" not in edited(module, {"a": "1815-12-10"}, birthDate="1815-12-11").record


def test_a_rule_that_writes_on_a_setting_is_silent_without_it(make: Make) -> None:
    module = make("on_loss: warn\nrules: {a: birthDate | writes-if share}\n")
    sent = Resource({"resourceType": "Patient", "birthDate": "1815-12-10"})
    assert module.to_vendor(sent, None, Context({"share": "true"})).record == {"a": "1815-12-10"}
    change = module.to_vendor(sent, None, NOW)
    assert (change.record, [loss.kind for loss in change.report]) == ({}, ["lost"])


def test_a_rule_that_reads_on_a_setting_hides_its_member_without_it(make: Make) -> None:
    module = make("rules: {a: birthDate | reads-if show}\n")
    record = Record({"a": "1815-12-10"})
    assert "birthDate" not in module.to_fhir(record, NOW)
    assert module.to_fhir(record, Context({"show": "yes"}))["birthDate"] == "1815-12-10"
    sent = Resource({"resourceType": "Patient", "birthDate": "1815-12-11"})
    change = module.to_vendor(sent, record, NOW)
    assert (change.record["a"], change.report[0].kind) == ("1815-12-11", "withheld")
