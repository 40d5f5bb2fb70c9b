"""What editors are told agrees with what the reader takes."""

from pathlib import Path

import jsonschema_rs
import pytest
from tests.vendors.loading import terminology, vendors

from portico import Json
from portico.document import parse
from portico.mapping.conversion.converter import CONVERTERS, GATES
from portico.mapping.drafting.editor_schema import editor_schema, fields_of
from portico.mapping.language.reader import PART_KEYS, SECTIONS, VENDOR_KEYS
from portico.mapping.language.source import parse_yaml, plain, read_yaml
from portico.mapping.load import find_mappings, module_files

MODULE = """
portico: 1
module: clinic.person
resource: Patient
vendor: {}
rules: {last: "name[0].family"}
"""
FOLDERS = [find_mappings() / vendor for vendor in vendors()]
FILES = [path for folder in FOLDERS for path in module_files(folder)]


@pytest.fixture(scope="module")
def schema() -> Json:
    return editor_schema(terminology(), {})


def accepts(schema: Json, text: str) -> bool:
    return jsonschema_rs.is_valid(schema, plain(parse_yaml(text, "x")))


def test_the_shipped_schema_is_the_generated_one(schema: Json) -> None:
    """Renew it by `portico map schema > mappings/module.schema.json`."""
    shipped = (find_mappings() / "module.schema.json").read_bytes()

    assert parse(shipped) == schema


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_module_is_valid(schema: Json, path: Path) -> None:
    module = plain(read_yaml(path))
    validator = jsonschema_rs.Draft7Validator(schema)

    assert [str(error.message) for error in validator.iter_errors(module)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_module_names_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]

    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == (find_mappings() / "module.schema.json").resolve()


def test_what_the_reader_knows_is_offered_and_nothing_else(schema: Json) -> None:
    assert set(schema["properties"]) == set(SECTIONS)
    assert set(schema["definitions"]["part"]["properties"]) == set(PART_KEYS)
    assert set(schema["definitions"]["vendor"]["properties"]) == set(VENDOR_KEYS)
    line = schema["definitions"]["rule"]["anyOf"][0]
    offered = {snippet["label"].removeprefix("| ") for snippet in line["defaultSnippets"]}
    assert offered == {*CONVERTERS, *GATES}
    assert "us-ssn" in schema["definitions"]["system"]["anyOf"][0]["enum"]


@pytest.mark.parametrize(
    "mistake",
    [
        "rule: {}\n",
        "on_loss: ignore\n",
        "drop: [a, b]\n",
        "codes: {sex: [M, F]}\n",
        "slices: {legal: {use: official}}\n",
    ],
)
def test_a_mistake_is_marked(schema: Json, mistake: str) -> None:
    assert accepts(schema, MODULE)
    assert not accepts(schema, MODULE + mistake)


def test_a_module_without_rules_is_marked(schema: Json) -> None:
    assert not accepts(schema, MODULE.replace("rules:", "slices:"))


def test_a_vendors_fields_are_offered_as_keys_and_in_drop() -> None:
    schema = editor_schema(terminology(), {"last_name": "string (person.schema.json)"})
    rules = schema["definitions"]["rules"]

    assert rules["properties"]["last_name"]["description"] == "string (person.schema.json)"
    assert schema["definitions"]["fields"]["anyOf"][0]["items"]["anyOf"][0]["enum"] == ["last_name"]
    assert accepts(schema, MODULE.replace("last:", "last_name + first_name:"))


def test_fields_come_from_the_schemas_that_the_modules_name() -> None:
    practice = fields_of(find_mappings() / "practice")
    snapshot = fields_of(find_mappings() / "connective")

    assert "last_name" in practice
    assert "primary_provider.id" in practice
    assert "one of" in practice["gender"]
    assert "patient.birthDate" in snapshot
    assert "birthDate" in snapshot  # below `from: patient`
    assert "lines" in snapshot  # in the entries of a list


def test_a_module_that_cannot_be_read_hinders_nobody(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("rules: [", encoding="utf-8")
    (tmp_path / "odd.yaml").write_text("vendor: none\nresources: 3\n", encoding="utf-8")
    (tmp_path / "lost.yaml").write_text("vendor: {schema: not-there.json}\n", encoding="utf-8")

    assert fields_of(tmp_path) == {}
