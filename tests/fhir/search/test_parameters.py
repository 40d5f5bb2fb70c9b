"""The table of search parameters."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from portico.fhir import definitions
from portico.fhir.search import parameters

SERVED = ("Patient", "Practitioner", "Condition", "MedicationRequest", "DocumentReference")


@pytest.mark.parametrize("type_name", SERVED)
def test_every_path_ends_at_an_element_that_its_type_can_search(type_name: str) -> None:
    fit = {
        "string": {"HumanName", "Address", "string"},
        "token": {"CodeableConcept", "Identifier", "ContactPoint", "code", "boolean", "id"},
        "date": {"date", "dateTime", "instant", "Period"},
        "reference": {"Reference"},
    }
    for parameter in parameters(type_name).values():
        for path in parameter.paths:
            assert path.element.type in fit[parameter.type], (parameter.name, path.text)


def test_a_reference_knows_its_targets() -> None:
    assert parameters("Condition")["patient"].targets == ("Patient",)
    assert parameters("Condition")["subject"].targets == ("Group", "Patient")


def test_a_type_that_is_not_searched_has_no_parameters() -> None:
    assert parameters("Binary") == {}


def test_a_path_goes_through_lists_and_tests() -> None:
    [path] = parameters("Patient")["phone"].paths
    telecom = [{"system": "email", "value": "a@b"}, {"system": "phone", "value": "1"}]
    assert list(path.values({"telecom": telecom})) == [telecom[1]]


def test_nulls_are_no_values() -> None:
    [path] = parameters("Patient")["given"].paths
    assert list(path.values({"name": [{"given": [None, "Ann"]}, {"given": None}]})) == ["Ann"]


def test_all_that_us_core_demands_is_in_the_table(material: Callable[[str], Path]) -> None:
    server = json.loads(material("us-core/6.1.0/requirements.json").read_bytes())["server"]
    for type_name in SERVED:
        demanded = {name for search in server[type_name]["search"] for name in search["params"]}
        assert demanded <= set(parameters(type_name)), type_name


@pytest.mark.parametrize("type_name", SERVED)
def test_every_searched_type_is_a_resource(type_name: str) -> None:
    assert definitions.is_resource(type_name)
    assert {"_id", "_lastUpdated", "identifier"} <= set(parameters(type_name))
