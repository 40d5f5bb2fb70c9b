"""Every module keeps the laws for records that nobody thought of (`make soak` tries 10,000)."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from tests.vendors.loading import objects, subject

from portico.laws.trial import TRIALS

FEW = 25
_asked = settings().max_examples


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize(("vendor", "name"), objects())
@settings(
    phases=(Phase.explicit, Phase.generate),
    max_examples=_asked if _asked > 100 else FEW,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_a_module_keeps_the_laws(vendor: str, name: str, trial: str, data: DataObject) -> None:
    TRIALS[trial](subject(vendor, name), data)
