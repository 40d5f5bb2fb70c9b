"""Drafts suggest what names and forms usually mean, and activate nothing."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
from tests.vendors.loading import goldens, terminology

from portico import Json, Record
from portico.laws.goldens import Golden
from portico.mapping.checking.check import check_module
from portico.mapping.conversion.context import Context
from portico.mapping.drafting.draft import Draft, draft_module, resource_type
from portico.mapping.drafting.infer import infer_schema
from portico.mapping.language.schema import Schema
from portico.mapping.load import ObjectModule, load_module

PERSON: Json = {
    "id": "7",
    "lastName": "Byron",
    "firstName": "Ada",
    "middleName": "K",
    "dob": "19851210",
    "sex": "F",
    "cellPhone": "1",
    "contactMail": "ada@example.org",
    "address": {"street": "Main St", "city": "Nottingham", "zip": 12345},
    "doctor": {"id": "9", "name": "Who"},
    "phones": [{"number": "2", "kind": "x"}],
    "hobby": "chess",
}


def drafted(record: Json, name: str = "patient") -> str:
    schema = Schema(infer_schema([record]))
    file = f"{name}.schema.json"
    return draft_module(Draft("acme", name, schema, {"schema": file}, [record]))


def suggested(text: str) -> dict[str, str]:
    """The right-hand side of each member that has a suggestion."""
    lines = re.findall(
        r"^  # ([^ :][^:]*): +(.+?)   # .+$", text.partition("rules:")[2], re.MULTILINE
    )
    return dict(lines)


def load(folder: Path, text: str, record: Json, name: str = "patient") -> ObjectModule:
    (folder / "acme" / "schemas").mkdir(parents=True)
    schema = json.dumps(infer_schema([record]), default=str)
    (folder / "acme" / "schemas" / f"{name}.schema.json").write_text(schema, encoding="utf-8")
    path = folder / "acme" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_module(path, terminology())


def activated(text: str) -> str:
    """The draft with every suggestion taken."""
    lines = (
        line.replace("# ", "", 1) if re.match(r"  # [^ :][^:]*: +\S", line) else line
        for line in text.splitlines()
    )
    return "\n".join(lines)


def test_names_and_forms_suggest_rules() -> None:
    assert suggested(drafted(PERSON)) == {
        "id": "-> id | id",
        "lastName": "name[use?=official].family",
        "firstName + middleName": 'name[use?=official].given | list " "',
        "dob": "birthDate | date YYYYMMDD",
        "sex": "gender | code sex",
        "cellPhone": "telecom[system=phone,use=mobile].value",
        "contactMail": "telecom[system=email].value",
        "address.street": 'address[use?=home].line | list ", "',
        "address.city": "address[use?=home].city",
        "address.zip": "address[use?=home].postalCode | string",
        "doctor.id": "generalPractitioner[0].reference | ref Practitioner",
        "phones[]": "{each: telecom, rules: {number: value}}",
    }


def test_codes_that_were_seen_are_put_into_a_table() -> None:
    assert "  # sex: {F: female}   # complete it from the contract\n" in drafted(PERSON)
    odd = drafted({"sex": "Q"})
    assert "  # sex: {}   # what do these mean: Q? complete it from the contract\n" in odd


def test_members_that_say_nothing_are_listed() -> None:
    text = drafted(PERSON)

    assert "  #   hobby (string)\n" in text
    assert "  #   doctor.name (string)\n" in text
    assert "  #   phones[].kind\n" in text


def test_a_second_member_of_one_meaning_is_left_to_the_author() -> None:
    text = drafted({"email": "a@b.co", "other_email": "c@d.co"})

    assert "other_email: like email, it could be telecom[system=email].value" in text


def test_texts_that_look_like_codes_of_a_system_say_so() -> None:
    found = suggested(drafted({"code": "J45.909", "rxcui": 1}, "problem"))

    assert found == {"code": "code.coding[system=icd10cm].code"}
    assert suggested(drafted({"rxCui": 6809}, "medication")) == {
        "rxCui": "medicationCodeableConcept.coding[system=rxnorm].code | string"
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("patient", "Patient"),
        ("patient-profile", "Patient"),
        ("providers", "Practitioner"),
        ("problem", "Condition"),
        ("MedicationOrder", "MedicationRequest"),
        ("thing", "Patient"),
    ],
)
def test_the_objects_name_suggests_the_resource(name: str, kind: str) -> None:
    assert resource_type(name)[0] == kind


def test_no_value_of_a_sample_is_in_a_draft() -> None:
    text = drafted(PERSON) + json.dumps(infer_schema([PERSON] * 9))

    for value in ("Byron", "Ada", "Nottingham", "19851210", "12345", "ada@example.org", "chess"):
        assert value not in text


def test_nothing_is_active_and_check_tells_what_is_to_be_done(tmp_path: Path) -> None:
    module = load(tmp_path, drafted(PERSON), PERSON)
    found = [finding.what for finding in check_module(module)]

    assert not module.spec.parts[0].shape.rules
    assert "vendor field 'address.city' is neither mapped nor dropped" in found
    assert any("element 'birthDate' is not filled" in what for what in found)


def test_all_suggestions_together_are_a_module(tmp_path: Path) -> None:
    module = load(tmp_path, activated(drafted(PERSON)), PERSON)
    resource = module.to_fhir(Record(PERSON), Context())

    assert resource["birthDate"] == "1985-12-10"
    assert resource["gender"] == "female"
    assert resource["name"] == [{"use": "official", "family": "Byron", "given": ["Ada", "K"]}]
    assert resource["telecom"][-1] == {"value": "2"}


@pytest.mark.parametrize("golden", list(goldens()), ids=lambda golden: golden.name)
def test_suggestions_for_real_records_are_rules(golden: Golden, tmp_path: Path) -> None:
    record, name = golden.record, golden.object
    module = load(tmp_path, activated(drafted(record, name)), record, name)

    assert module.spec.parts[0].shape.rules or golden.vendor == "connective"


def test_a_schema_fits_every_sample() -> None:
    samples = [
        {"a": 1, "b": None, "c": [{"d": "x"}], "f": "2020-01-01"},
        {"a": 1.5, "b": "y", "c": [], "g": True, "f": "2020-01-02"},
    ]
    schema = infer_schema(samples)
    properties = schema["properties"]

    assert all(jsonschema_rs.is_valid(schema, sample) for sample in samples)
    assert schema["required"] == ["a", "b", "c", "f"]
    assert properties["a"] == {"type": ["number"]}
    assert properties["b"] == {"type": ["null", "string"]}
    assert properties["c"]["items"]["properties"] == {"d": {"type": "string"}}
    assert properties["f"]["format"] == "date"


def test_few_codes_that_repeat_are_enumerated_and_names_never() -> None:
    samples = [{"status": code, "city": "Ulm"} for code in ("new", "open", "new", "open", "new")]
    properties = infer_schema(samples)["properties"]

    assert properties["status"]["enum"] == ["new", "open"]
    assert "enum" not in properties["city"]
    assert "enum" not in infer_schema(samples[:2])["properties"]["status"]
