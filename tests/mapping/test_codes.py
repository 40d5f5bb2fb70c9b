"""Code tables: who wins on the way back, what is refused, what keeps the vendor's own word."""

import pytest
from tests.mapping.conftest import Make, refused

from portico import Json, Record, Resource
from portico.errors import FhirError, VendorError
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import VENDOR_CODE
from portico.mapping.load import ObjectModule

NOW = Context()
MARITAL = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
LOCAL = "https://clinic.example/marital"
GENDER = """
codes:
  sex:
    map: {m: male, f: female, x: -> other, o: other, u: [unknown], none: -> none}
rules: {sex: gender | code sex}
"""
CARRIED = """
codes:
  sex: {m: male, f: female, u: unknown, private: -> unknown}
rules: {sex: gender | code sex carry}
"""
CONCEPT = """
codes:
  marital:
    system: marital
    local: https://clinic.example/marital
    map: {married: M, single: [S, <- U], odd: -> S, other: null-flavor#OTH}
    display: {M: Married}
rules: {marital: maritalStatus | concept marital}
"""


def put(module: ObjectModule, resource: Json, base: Json | None = None) -> Json:
    sent = Resource({"resourceType": "Patient", **resource})
    return module.to_vendor(sent, None if base is None else Record(base), NOW).record


def test_a_code_read_one_way_never_wins_on_the_way_back(make: Make) -> None:
    module = make(GENDER)
    assert module.to_fhir(Record({"sex": "x"}), NOW)["gender"] == "other"
    assert put(module, {"gender": "other"}) == {"sex": "o"}


def test_a_stored_code_stays_while_it_means_the_same(make: Make) -> None:
    change = make(GENDER).to_vendor(
        Resource({"resourceType": "Patient", "gender": "other"}), Record({"sex": "x"}), NOW
    )
    assert (change.steps, change.record) == ((), {"sex": "x"})


def test_a_rejected_code_is_refused_with_the_reason(make: Make) -> None:
    module = make(
        'codes: {sex: {map: {m: male}, reject: {other: "m only"}}}\nrules: {a: gender | code sex}\n'
    )
    with pytest.raises(FhirError, match="m only") as caught:
        put(module, {"gender": "other"})
    assert (caught.value.status, caught.value.issues[0].code) == (422, "business-rule")


def test_a_code_without_a_way_back_is_refused(make: Make) -> None:
    module = make("codes: {sex: {m: male}}\nrules: {a: gender | code sex}\n")
    with pytest.raises(FhirError, match="no code for it"):
        put(module, {"gender": "female"})


def test_a_vendor_code_that_the_table_lacks_is_the_vendors_failure(make: Make) -> None:
    with pytest.raises(VendorError) as caught:
        make(GENDER).to_fhir(Record({"sex": "zzz"}), NOW)
    assert caught.value.members == ("sex",)
    assert "zzz" not in str(caught.value)


def test_absence_may_be_written_for_a_code(make: Make) -> None:
    text = """
fallback: {gender: unknown}
codes: {sex: {m: male, none: <- unknown}}
rules: {a: gender | code sex}
"""
    assert put(make(text), {"gender": "unknown"}, {"a": "m"}) == {}


def test_carry_keeps_the_vendors_word_beside_the_code(make: Make) -> None:
    module = make(CARRIED)
    found = module.to_fhir(Record({"sex": "private"}), NOW)
    assert found["gender"] == "unknown"
    assert found["_gender"] == {"extension": [{"url": VENDOR_CODE, "valueCode": "private"}]}
    assert put(module, found) == {"sex": "private"}


def test_a_carried_word_that_is_a_fallback_too_survives_a_create(make: Make) -> None:
    module = make(f"fallback: {{gender: unknown}}{CARRIED}")
    assert put(module, module.to_fhir(Record({"sex": "private"}), NOW)) == {"sex": "private"}
    assert put(module, module.to_fhir(Record({"sex": "u"}), NOW)) == {"sex": "u"}


def test_only_what_the_code_does_not_say_is_carried(make: Make) -> None:
    assert "_gender" not in make(CARRIED).to_fhir(Record({"sex": "u"}), NOW)


def test_a_stale_carried_word_loses_against_the_code(make: Make) -> None:
    sent = make(CARRIED).to_fhir(Record({"sex": "private"}), NOW) | {"gender": "female"}
    assert put(make("on_loss: warn\n" + CARRIED.lstrip()), sent) == {"sex": "f"}


def test_concepts_take_system_and_display_of_the_table(make: Make) -> None:
    found = make(CONCEPT).to_fhir(Record({"marital": "married"}), NOW)
    assert found["maritalStatus"] == {
        "coding": [{"system": MARITAL, "code": "M", "display": "Married"}]
    }


def test_a_concept_that_does_not_invert_has_a_second_coding(make: Make) -> None:
    module = make(CONCEPT)
    found = module.to_fhir(Record({"marital": "odd"}), NOW)
    assert found["maritalStatus"]["coding"] == [
        {"system": MARITAL, "code": "S"},
        {"system": LOCAL, "code": "odd"},
    ]
    assert put(module, found) == {"marital": "odd"}


def test_a_code_of_another_system_than_the_tables(make: Make) -> None:
    other = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "OTH"}
    module = make(CONCEPT)
    found = module.to_fhir(Record({"marital": "other"}), NOW)
    assert found["maritalStatus"]["coding"] == [other]
    assert put(module, {"maritalStatus": {"coding": [other]}}) == {"marital": "other"}


def test_the_same_code_in_a_foreign_system_is_not_understood(make: Make) -> None:
    module = make("on_loss: warn\n" + CONCEPT.lstrip())
    foreign = {"coding": [{"system": "https://elsewhere.example", "code": "M"}]}
    change = module.to_vendor(
        Resource({"resourceType": "Patient", "maritalStatus": foreign}), None, NOW
    )
    assert (change.record, [loss.kind for loss in change.report]) == ({}, ["lost"])


@pytest.mark.parametrize(
    ("table", "code"), [("{a: male, b: male}", "E211"), ("{a: [male, female]}", "E210")]
)
def test_ambiguous_tables_are_refused(table: str, code: str, make: Make) -> None:
    found = refused(make, f"codes: {{sex: {table}}}\nrules: {{a: gender | code sex}}\n")
    assert [one[0] for one in found] == [code]
