"""An OpenAPI document tells requests, addresses, credentials and schemas."""

import pytest

from portico import Json
from portico.mapping.drafting.openapi import OpenApiError, object_name, read_openapi, relevant
from portico.mapping.language.source import numbers_too, parse_yaml

TEXT: Json = {"type": "string"}
PERSON: Json = {"type": "object", "properties": {"personId": TEXT, "name": TEXT}}
NOTE: Json = {
    "type": "object",
    "properties": {"id": TEXT, "person": {"type": "object", "properties": {"id": TEXT}}},
}


def answer(schema: Json) -> Json:
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def body(schema: Json) -> Json:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def document(paths: Json, **components: Json) -> Json:
    return {"openapi": "3.1.0", "info": {"title": "Acme"}, "paths": paths, "components": components}


def test_requests_are_sorted_by_what_they_do() -> None:
    ok: Json = {"responses": {"200": {}}}
    api = read_openapi(
        document(
            {
                "/people": {"get": ok, "post": ok},
                "/people/{personId}": {"get": answer(PERSON), "put": body(PERSON), "delete": ok},
            }
        )
    )
    people = api.objects["people"]

    assert {kind: one.line for kind, one in people.requests.items()} == {
        "search": "GET /people",
        "create": "POST /people",
        "read": "GET /people/{personId}",
        "update": "PUT /people/{personId}",
        "delete": "DELETE /people/{personId}",
    }
    assert people.key == ("personId",)
    assert people.is_replaced


def test_blanks_are_called_as_the_members_that_they_are() -> None:
    path = "/orgs/{org}/persons/{pid}/notes/{noteId}"
    note = read_openapi(document({path: {"get": answer(NOTE)}})).objects["note"]

    assert note.requests["read"].line == "GET /orgs/{org}/persons/{person.id}/notes/{id}"
    assert note.key == ("person.id", "id")
    assert note.settings == ("org",)


def test_the_record_is_found_inside_its_answer() -> None:
    inside = {"type": "object", "properties": {"data": PERSON, "meta": TEXT}}
    people = read_openapi(document({"/people/{id}": {"get": answer(inside)}})).objects["people"]

    assert people.requests["read"].inside == "data"
    assert people.schemas["schema"] == PERSON


def test_references_are_inlined_and_rounds_are_cut() -> None:
    schemas = {
        "Named": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "Person": {
            "allOf": [
                {"$ref": "#/components/schemas/Named"},
                {"required": ["id"], "properties": {
                    "id": {**TEXT, "example": "Byron", "nullable": True},
                    "mother": {"$ref": "#/components/schemas/Person"},
                }},
            ]
        },
    }  # fmt: skip
    paths = {"/people/{id}": {"get": answer({"$ref": "#/components/schemas/Person"})}}
    found = read_openapi(document(paths, schemas=schemas)).objects["people"].schemas["schema"]

    assert found == {
        "type": "object",
        "required": ["name", "id"],
        "properties": {
            "name": TEXT,
            "id": {"type": ["string", "null"]},
            "mother": {"type": "object"},
        },
    }


def test_the_security_that_is_asked_for_is_taken() -> None:
    schemes = {"key": {"type": "apiKey"}, "login": {"type": "http", "scheme": "bearer"}}
    asked = {**document({}, securitySchemes=schemes), "security": [{"login": []}]}
    security = read_openapi(asked).security

    assert security is not None
    assert (security.type, security.facts["scheme"]) == ("http", "bearer")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/patients", "patient"),
        ("/patientProfiles", "patient-profile"),
        ("/diagnoses", "diagnosis"),
        ("/allergies", "allergy"),
        ("/address", "address"),
        ("/people/{id}", ""),
        ("/", ""),
    ],
)
def test_objects_are_named_by_their_path(path: str, name: str) -> None:
    assert object_name(path) == name


def test_what_is_drafted_has_a_sample_or_a_word_in_fhir() -> None:
    one = {"get": answer(PERSON)}
    api = read_openapi(document({"/patients/{id}": one, "/invoices/{id}": one}))
    words = {"patient": ""}

    assert list(relevant(api, {}, words)) == ["patient"]
    assert list(relevant(api, {"invoice": []}, words)) == ["invoice"]


def test_another_document_is_refused() -> None:
    with pytest.raises(OpenApiError, match="not an OpenAPI 3 document"):
        read_openapi({"swagger": "2.0"})
    lost = {"/people/{id}": {"get": answer({"$ref": "#/components/schemas/Lost"})}}
    with pytest.raises(OpenApiError, match="nothing at #/components/schemas/Lost"):
        read_openapi(document(lost))


def test_yaml_keeps_codes_as_texts_and_numbers_as_numbers() -> None:
    node = parse_yaml("enum: [NO, Y, 1]\nminimum: 0.5\nversion: '1.0'\n", "x")

    assert str(numbers_too(node)) == (
        "{'enum': ['NO', 'Y', 1], 'minimum': Decimal('0.5'), 'version': '1.0'}"
    )
