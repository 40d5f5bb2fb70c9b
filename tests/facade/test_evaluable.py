"""Which parameters a map lets anybody evaluate."""

import pytest
from tests.facade.desk import load

from portico.facade.given import is_evaluable
from portico.fhir.search import parameters
from portico.mapping.running.module import SingleModule


@pytest.mark.parametrize(
    ("vendor", "module", "type_name", "name", "evaluable"),
    [
        ("practice", "patient", "Patient", "address-country", True),
        ("particle", "patient", "Patient", "address-country", False),
        ("particle", "patient", "Patient", "address-city", True),
        ("heidi", "patient-profile", "Patient", "address-city", False),
        ("heidi", "patient-profile", "Patient", "phone", True),
        ("heidi", "patient-profile", "Patient", "_id", True),
        ("practice", "disease", "Condition", "severity", False),
        ("practice", "disease", "Condition", "subject", True),
        ("practice", "disease", "Condition", "asserted-date", True),
    ],
)
def test_what_the_map_gives_or_us_core_asks_for(
    vendor: str, module: str, type_name: str, name: str, *, evaluable: bool
) -> None:
    found = load(vendor)[1][module]
    assert isinstance(found, SingleModule)
    parameter = parameters(type_name)[name]
    assert is_evaluable(parameter, type_name, [found.shape.root]) is evaluable
