"""References (https://hl7.org/fhir/R4/references.html)."""

import pytest

from portico.fhir import reference
from portico.fhir.reference import Reference, parse

BASE = "https://here.example/fhir/practice"


def test_a_relative_reference() -> None:
    assert parse("Patient/7", BASE) == Reference("local", "Patient/7", "Patient", "7")


def test_an_absolute_reference_under_the_base_is_local() -> None:
    found = parse(f"{BASE}/Patient/7", BASE)
    assert (found.kind, found.type_name, found.logical_id) == ("local", "Patient", "7")


@pytest.mark.parametrize(
    "text", ["https://there.example/fhir/Patient/7", f"{BASE}/deeper/Patient/7"]
)
def test_an_absolute_reference_elsewhere_is_external(text: str) -> None:
    found = parse(text, BASE)
    assert (found.kind, found.type_name, found.logical_id) == ("external", "Patient", "7")


def test_a_versioned_reference() -> None:
    found = parse("Patient/7/_history/2", BASE)
    assert (found.logical_id, found.version_id) == ("7", "2")


def test_an_entry_of_the_same_bundle() -> None:
    assert parse("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", BASE).kind == "urn"


def test_a_contained_resource() -> None:
    assert parse("#med", BASE) == Reference("fragment", "#med", logical_id="med")
    assert parse("#", BASE).logical_id is None


def test_a_conditional_reference() -> None:
    found = parse("Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1", BASE)
    assert (found.kind, found.type_name) == ("conditional", "Practitioner")
    assert found.query == "identifier=http://hl7.org/fhir/sid/us-npi|1"


@pytest.mark.parametrize("text", ["", "7", "Hamster/7", "Patient/", "Patient/..", "Patient/a b"])
def test_what_is_no_reference_is_other(text: str) -> None:
    assert parse(text, BASE).kind == "other"


def test_another_url_is_external_without_a_type() -> None:
    assert parse("https://there.example/x?y=z", BASE) == Reference(
        "external", "https://there.example/x?y=z"
    )


@pytest.mark.parametrize("text", ["7", "a-b.c", "A" * 64])
def test_ids_of_resources(text: str) -> None:
    assert reference.is_logical_id(text)


@pytest.mark.parametrize("text", ["", "A" * 65, "a/b", ".", "..", "ä", "7\n"])
def test_what_is_no_id(text: str) -> None:
    assert not reference.is_logical_id(text)


def test_a_relative_reference_is_written_as_it_is_read() -> None:
    assert reference.local("Patient", "7") == "Patient/7"
    assert parse(reference.local("Patient", "7", "2"), BASE).version_id == "2"


def test_all_references_of_a_resource_are_found() -> None:
    condition = {
        "subject": {"reference": "Patient/7"},
        "evidence": [{"detail": [{"reference": "urn:uuid:1"}, {"display": "none"}]}],
    }
    assert list(reference.references(condition, "Condition")) == [
        ("Condition.subject.reference", "Patient/7"),
        ("Condition.evidence[0].detail[0].reference", "urn:uuid:1"),
    ]


def test_references_are_rewritten_in_a_copy() -> None:
    condition = {"subject": {"reference": "urn:uuid:1"}, "note": [{"text": "urn:uuid:1"}]}
    changed = reference.rewrite(condition, {"urn:uuid:1": "Patient/7"}.__getitem__)
    assert changed == {"subject": {"reference": "Patient/7"}, "note": [{"text": "urn:uuid:1"}]}
    assert condition["subject"] == {"reference": "urn:uuid:1"}
