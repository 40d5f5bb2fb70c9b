"""`portico map schema`: a JSON Schema on stdout."""

from tests.cli.conftest import Run

from portico.document import parse
from portico.mapping.load import find_mappings


def test_it_prints_the_schema_that_is_shipped(run: Run) -> None:
    printed = run("map", "schema")

    assert parse(printed.stdout) == parse((find_mappings() / "module.schema.json").read_bytes())


def test_for_a_vendor_its_fields_are_offered(run: Run) -> None:
    printed = run("map", "schema", "--vendor", "heidi").document

    assert "demographic_string" in printed["definitions"]["rules"]["properties"]
