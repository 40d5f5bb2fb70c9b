"""Vendor documents and the FHIR documents they must become, kept beside the modules."""

from importlib import import_module

import pytest
from tests.vendors.loading import MAPPINGS, context, goldens, modules, objects

from portico.document import copy
from portico.fhir.validation import validate
from portico.laws.goldens import Golden, golden_faults
from portico.laws.writes import read_faults, write_faults

GOLDENS = pytest.mark.parametrize("golden", goldens(), ids=lambda golden: golden.name)


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_every_module_has_goldens(vendor: str, name: str) -> None:
    assert [one for one in goldens() if (one.folder.name, one.object) == (vendor, name)]


@GOLDENS
def test_a_golden_holds_both_ways(golden: Golden) -> None:
    vendor = golden.folder.name

    assert [*golden_faults(modules(vendor)[golden.object], golden, context(vendor))] == []


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_what_clients_change_is_sent_reported_or_refused(vendor: str, name: str) -> None:
    module = modules(vendor)[name]

    assert [*write_faults(module, MAPPINGS / vendor, context(vendor))] == []


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_what_vendors_say_otherwise_reads_as_said(vendor: str, name: str) -> None:
    module = modules(vendor)[name]

    assert [*read_faults(module, MAPPINGS / vendor, context(vendor))] == []


@GOLDENS
def test_the_fhir_documents_are_valid_r4(golden: Golden) -> None:
    document = golden.resource
    kind = document["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)

    assert validate(kind, document) == ()
    assert model.model_validate(copy(document))
