"""Vendor documents and the FHIR documents they must become, kept beside the modules."""

from importlib import import_module

import pytest
from tests.vendors.loading import Golden, context, goldens, objects
from tests.vendors.told import filled, sent, told

from portico import Json
from portico.document import copy, dump
from portico.errors import FhirError
from portico.fhir.validation import validate

GOLDENS = pytest.mark.parametrize("golden", [*goldens()], ids=lambda golden: golden.name)


def exact(document: Json) -> bytes:
    """The document's text, its keys in order: digits count, the order of members does not."""
    return dump(_ordered(document))


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_every_module_has_goldens(vendor: str, name: str) -> None:
    assert [golden for golden in goldens() if (golden.vendor, golden.object) == (vendor, name)]


@GOLDENS
def test_a_record_becomes_its_resource(golden: Golden) -> None:
    made = golden.module.to_fhir(golden.record, context(golden.vendor))

    assert exact(made) == exact(golden.resource)


@GOLDENS
def test_a_resource_written_over_its_own_record_changes_nothing(golden: Golden) -> None:
    change = golden.module.to_vendor(golden.resource, golden.record, context(golden.vendor))

    assert (change.steps, change.report) == ((), ())
    assert exact(change.record) == exact(golden.record)


@GOLDENS
def test_a_create_sends_all_of_a_record_that_the_module_does_not_declare_otherwise(
    golden: Golden,
) -> None:
    module = golden.module
    try:
        change = module.to_vendor(golden.resource, None, context(golden.vendor))
    except FhirError as error:
        found = [[issue.code, list(issue.expression)] for issue in error.issues]
        assert found == golden.refused
        return
    assert golden.refused is None
    body, expected = sent(module, change), told(module, golden.record)
    extra = {name: body[name] for name in filled(module) if name in body and name not in expected}

    assert body == expected | extra
    assert exact(body) == exact(expected | extra)


@GOLDENS
def test_a_create_reports_only_what_the_server_sets_or_fills(golden: Golden) -> None:
    if golden.refused is None:
        change = golden.module.to_vendor(golden.resource, None, context(golden.vendor))

        assert {loss.kind for loss in change.report} <= {"read-only", "added"}


@GOLDENS
def test_the_fhir_documents_are_valid_r4(golden: Golden) -> None:
    document = golden.resource
    kind = document["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)

    assert validate(kind, document) == ()
    assert model.model_validate(copy(document))
