"""CapabilityStatement (https://hl7.org/fhir/R4/capabilitystatement.html)."""

from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from portico.fhir.capability import (
    ResourceFact,
    SearchParameterFact,
    ServerFact,
    capability_statement,
)

PATIENT = ResourceFact(
    "Patient",
    ("read", "search-type", "update"),
    (SearchParameterFact("birthdate", "date"), SearchParameterFact("name", "string", "starts")),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient",),
    "versioned-update",
)
SERVER = ServerFact(
    base="https://here.example/fhir/practice",
    title="Practice on FHIR",
    software_version="0.1.0",
    date="2026-01-05",
    resources=(PATIENT,),
    interactions=("transaction",),
)


def test_the_statement_is_valid_r4() -> None:
    CapabilityStatement.model_validate(capability_statement(SERVER))


def test_it_is_r4_and_json() -> None:
    statement = capability_statement(SERVER)
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["format"] == ["json", "application/fhir+json"]
    assert "patchFormat" not in statement


def test_it_tells_where_and_what_the_server_is() -> None:
    statement = capability_statement(SERVER)
    assert statement["kind"] == "instance"
    assert statement["implementation"]["url"] == SERVER.base
    assert statement["software"] == {"name": "Portico", "version": "0.1.0"}


def test_it_lists_what_can_be_done_with_a_type() -> None:
    [patient] = capability_statement(SERVER)["rest"][0]["resource"]
    assert [one["code"] for one in patient["interaction"]] == ["read", "search-type", "update"]
    assert patient["supportedProfile"] == list(PATIENT.profiles)
    assert patient["versioning"] == "versioned-update"
    assert patient["searchParam"] == [
        {"name": "birthdate", "type": "date"},
        {"name": "name", "type": "string", "documentation": "starts"},
    ]


def test_what_cannot_be_done_is_said_too() -> None:
    [patient] = capability_statement(SERVER)["rest"][0]["resource"]
    assert patient["conditionalCreate"] is False
    assert patient["conditionalDelete"] == "not-supported"
    assert patient["readHistory"] is False


def test_transactions_are_declared_for_the_whole_system() -> None:
    assert capability_statement(SERVER)["rest"][0]["interaction"] == [{"code": "transaction"}]
