"""Facts about R4 types, held against the standard's own pages."""

import pytest

from portico.fhir import definitions
from portico.fhir.definitions import Element, element, elements


def test_a_plain_element_has_its_type_and_cardinality() -> None:
    found = element("Patient", "name")
    assert found is not None
    assert (found.type, found.is_list, found.min, found.choice) == ("HumanName", True, 0, None)


def test_a_choice_stands_as_its_json_members() -> None:
    assert element("Patient", "deceased") is None
    assert element("Patient", "deceased[x]") is None
    for name, type_name in (("deceasedBoolean", "boolean"), ("deceasedDateTime", "dateTime")):
        found = element("Patient", name)
        assert found is not None
        assert (found.type, found.choice, found.is_modifier) == (type_name, "deceased", True)


def test_min_of_a_choice_member_is_that_of_the_choice() -> None:
    found = element("MedicationRequest", "medicationReference")
    assert found is not None
    assert (found.min, found.choice, found.targets) == (1, "medication", ("Medication",))


def test_nested_types_are_named_by_path() -> None:
    contact = element("Patient", "contact")
    assert contact is not None
    assert contact.type == "Patient.contact"
    assert definitions.is_type("Patient.contact")
    assert set(elements("Patient.contact")) >= {"relationship", "name", "modifierExtension"}


def test_nested_elements_of_data_types_are_types_too() -> None:
    repeat = element("Timing", "repeat")
    assert repeat is not None
    assert repeat.type == "Timing.repeat"
    assert element("Timing.repeat", "periodUnit") is not None


def test_a_content_reference_leads_to_the_type_it_names() -> None:
    link = element("Bundle.entry", "link")
    assert link is not None
    assert link.type == "Bundle.link"


def test_a_required_binding_gives_its_codes() -> None:
    gender = element("Patient", "gender")
    assert gender is not None
    assert gender.codes == frozenset({"male", "female", "other", "unknown"})


def test_the_systems_of_a_required_binding_are_known() -> None:
    status = element("Condition", "clinicalStatus")
    assert status is not None
    assert status.binding is not None
    systems = definitions.value_set(status.binding)
    assert systems is not None
    assert set(systems) == {"http://terminology.hl7.org/CodeSystem/condition-clinical"}


def test_an_open_value_set_gives_no_codes() -> None:
    content_type = element("Attachment", "contentType")
    assert content_type is not None
    assert content_type.binding == "http://hl7.org/fhir/ValueSet/mimetypes"
    assert content_type.codes is None


def test_the_companion_of_a_primitive_is_an_element() -> None:
    assert element("Patient", "_gender") == Element("_gender", "Element")
    assert element("HumanName", "_given") == Element("_given", "Element", is_list=True)


@pytest.mark.parametrize(
    ("type_name", "name"),
    [("Patient", "_name"), ("Patient", "_id"), ("Extension", "_url"), ("Patient", "_hair")],
)
def test_what_is_no_primitive_element_has_no_companion(type_name: str, name: str) -> None:
    assert element(type_name, name) is None


def test_every_complex_type_takes_extensions_and_an_id() -> None:
    for type_name in ("Patient", "HumanName", "Patient.contact", "Dosage", "Timing.repeat"):
        extension = element(type_name, "extension")
        assert extension is not None
        assert extension.type == "Extension"
        assert element(type_name, "id") is not None


def test_an_id_of_a_resource_is_an_id_and_one_of_an_element_is_a_string() -> None:
    assert elements("Patient")["id"].type == "id"
    assert elements("HumanName")["id"].type == "string"


def test_kinds_of_types() -> None:
    assert definitions.is_resource("Patient")
    assert definitions.is_resource("Goal"), "every R4 resource type is known by name"
    assert not definitions.is_type("Goal"), "but not the elements of each"
    assert not definitions.is_resource("HumanName")
    assert definitions.is_primitive("dateTime")
    assert not definitions.is_primitive("Period")


def test_an_unknown_type_has_no_elements() -> None:
    assert elements("Hamster") == {}
    assert element("Hamster", "name") is None


def test_every_element_has_a_type_that_is_known() -> None:
    waiting, seen = ["Patient", "Bundle", "Observation", "MedicationRequest"], set()
    while waiting:
        type_name = waiting.pop()
        if type_name in seen:
            continue
        seen.add(type_name)
        assert definitions.is_type(type_name), type_name
        waiting += [one.type for one in elements(type_name).values()]


def test_facts_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        elements("Patient")["hair"] = Element("hair", "string")  # type: ignore[index] # the point


def test_us_core_demands_of_a_patient() -> None:
    demands = {one.path: one.kind for one in definitions.must_support("us-core-patient")}
    assert demands["Patient.gender"] == "mandatory"
    assert demands["Patient.birthDate"] == "mustSupport"
    assert demands["Patient.extension:race"] == "uscdi"
    assert definitions.profile_type("us-core-patient") == "Patient"


def test_supported_profiles_have_their_canonical_url() -> None:
    base = "http://hl7.org/fhir/us/core/StructureDefinition/"
    for name in (
        "us-core-patient",
        "us-core-condition-problems-health-concerns",
        "us-core-medicationrequest",
        "us-core-documentreference",
        "us-core-practitioner",
    ):
        assert definitions.SUPPORTED[name] == base + name
