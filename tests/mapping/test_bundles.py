"""Bundles: one record that is several resources which refer to each other."""

import pytest
from tests.mapping.conftest import Make

from portico import Json, Record, Resource
from portico.errors import FhirError, VendorError
from portico.mapping.conversion.context import Context
from portico.mapping.running.change import Change

NOW = Context()
MODULE = """portico: 1
module: clinic.patient
bundle: collection
on_loss: warn
vendor: {update: replace}
resources:
  who:
    resource: Patient
    from: who
    constants: {"generalPractitioner[0].reference": "@doctor"}
    rules: {mrn: "identifier[system=https://x.example].value"}
  doctor:
    resource: Practitioner
    from: doctor
    rules: {npi: "identifier[system=us-npi].value"}
  drugs:
    resource: MedicationRequest
    each: drugs[].orders[]
    constants: {intent: order, status: active, subject.reference: "@who"}
    rules:
      ^name: medicationCodeableConcept.text
      day: authoredOn | date
"""
RECORD = {
    "who": {"mrn": "7"},
    "doctor": {"npi": "1414912117"},
    "drugs": [
        {"name": "a", "orders": [{"day": "2020-01-01", "private": 1}, {"day": "2021-01-01"}]},
        {"name": "b", "orders": [{"day": "2022-01-01"}]},
    ],
}


def bundle(*resources: Json) -> Resource:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one}
               for number, one in enumerate(resources)]  # fmt: skip
    return Resource({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def patient(value: str = "7", **more: Json) -> Json:
    identifier = [{"system": "https://x.example", "value": value}]
    return {"resourceType": "Patient", "identifier": identifier, **more}


def order(drug: str, subject: str = "urn:uuid:0", day: str = "2020-01-01") -> Json:
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": drug}, "subject": {"reference": subject},
        "authoredOn": day,
    }  # fmt: skip


def write(make: Make, resource: Resource, base: Json | None = None) -> Change:
    return make(MODULE).to_vendor(resource, None if base is None else Record(base), NOW)


def test_each_part_is_an_entry_and_nested_items_are_flattened(make: Make) -> None:
    found = make(MODULE).to_fhir(Record(RECORD), NOW)
    kinds = [entry["resource"]["resourceType"] for entry in found["entry"]]
    assert kinds == ["Patient", "Practitioner", *["MedicationRequest"] * 3]


def test_a_group_without_items_is_a_resource_of_its_own(make: Make) -> None:
    record = Record({"drugs": [{"name": "a"}, {"name": "b", "orders": []}]})
    entries = make(MODULE).to_fhir(record, NOW)["entry"]
    assert [one["resource"]["medicationCodeableConcept"]["text"] for one in entries] == ["a", "b"]
    assert not any("subject" in one["resource"] for one in entries)
    assert len({one["fullUrl"] for one in entries}) == 2


@pytest.mark.parametrize(
    "record",
    [{"drugs": 7}, {"drugs": [7]}, {"drugs": [{"orders": [7]}]}, {"who": 7}, {"doctor": ["Ada"]}],
)
def test_a_part_of_another_type_is_unreadable(make: Make, record: dict[str, Json]) -> None:
    with pytest.raises(VendorError) as failure:
        make(MODULE).to_fhir(Record(record), NOW)
    assert failure.value.kind == "garbage"
    assert "Ada" not in str(failure.value)


def test_entries_refer_to_each_other_by_full_url(make: Make) -> None:
    first, second, *orders = make(MODULE).to_fhir(Record(RECORD), NOW)["entry"]
    practitioner = first["resource"]["generalPractitioner"][0]["reference"]
    assert practitioner == second["fullUrl"]
    assert {one["resource"]["subject"]["reference"] for one in orders} == {first["fullUrl"]}


def test_nothing_refers_to_a_part_that_is_not_there(make: Make) -> None:
    record = Record({"who": {"mrn": "7"}, "doctor": {"npi": ""}})
    (entry,) = make(MODULE).to_fhir(record, NOW)["entry"]
    assert "generalPractitioner" not in entry["resource"]


def test_a_group_without_items_is_one_resource_still(make: Make) -> None:
    record = Record({"who": {"mrn": "7"}, "drugs": [{"name": "a"}]})
    found = make(MODULE).to_fhir(record, NOW)
    assert found["entry"][1]["resource"]["medicationCodeableConcept"] == {"text": "a"}
    assert write(make, found).record == record


def test_what_was_read_changes_nothing_and_keeps_private_members(make: Make) -> None:
    change = write(make, make(MODULE).to_fhir(Record(RECORD), NOW), RECORD)
    assert (change.steps, change.report, change.record) == ((), (), RECORD)


@pytest.mark.parametrize("empty", [{"drugs": []}, {"drugs": [{"name": "a", "orders": []}]}])
def test_empty_lists_stay_empty_lists(empty: Json, make: Make) -> None:
    record = {**RECORD, **empty}
    change = write(make, make(MODULE).to_fhir(Record(record), NOW), record)
    assert (change.steps, change.record) == ((), record)


def test_equal_groups_are_one_group_in_order_of_first_appearance(make: Make) -> None:
    sent = bundle(patient(), order("a"), order("b"), order("a", day="2021-01-01"))
    assert write(make, sent).record["drugs"] == [
        {"name": "a", "orders": [{"day": "2020-01-01"}, {"day": "2021-01-01"}]},
        {"name": "b", "orders": [{"day": "2020-01-01"}]},
    ]


def test_two_patients_are_refused(make: Make) -> None:
    with pytest.raises(FhirError, match="one Patient"):
        write(make, bundle(patient(), patient("8")))


def test_an_order_of_somebody_else_is_refused(make: Make) -> None:
    with pytest.raises(FhirError) as caught:
        write(make, bundle(patient(), order("a", subject="Patient/999")))
    assert caught.value.status == 422
    assert caught.value.issues[0].expression[0].startswith("Bundle.entry[1].resource")


def test_references_are_resolved_before_they_are_compared(make: Make) -> None:
    sent = bundle(patient(id="p1"), order("a", subject="Patient/p1/_history/2"))
    sent["entry"][0]["fullUrl"] = "https://x.example/fhir/Patient/p1"
    assert write(make, sent).report == ()


def test_an_entry_of_a_foreign_type_is_lost(make: Make) -> None:
    change = write(make, bundle(patient(), {"resourceType": "Basic"}))
    assert [(one.kind, one.expression) for one in change.report] == [
        ("lost", "Bundle.entry[1].resource")
    ]


def test_a_resource_that_says_nothing_for_the_record_is_lost(make: Make) -> None:
    change = write(make, bundle({"resourceType": "Patient", "birthDate": "1815-12-10"}))
    assert ("lost", "Bundle.entry[0].resource") in [
        (one.kind, one.expression) for one in change.report
    ]
