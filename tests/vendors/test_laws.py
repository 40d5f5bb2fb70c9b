"""Every module keeps the laws for records that nobody thought of (`make soak` tries 10,000)."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from tests.vendors import laws
from tests.vendors.edits import edited
from tests.vendors.loading import context, modules, objects
from tests.vendors.strategies import records
from tests.vendors.told import parts

from portico import Json
from portico.mapping.load import ObjectModule

MODULES = pytest.mark.parametrize(("vendor", "name"), objects())
FEW = 25
_asked = settings().max_examples
tries = settings(
    phases=(Phase.explicit, Phase.generate),
    max_examples=_asked if _asked > 100 else FEW,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def of(vendor: str, module: ObjectModule) -> SearchStrategy[Json]:
    """Records of a module's object, with keys that the vendor's catalogues have."""
    hints = {}
    for _, shape in parts(module):
        for lane in shape.lanes:
            if lane.transform and lane.transform.catalogue:
                catalogue = context(vendor).catalogues[lane.transform.catalogue]
                keys = [key for code in CODES for key in catalogue.keys_of_code(*code)]
                hints[str(lane.members[0])] = tuple(sorted(set(keys)))
    return records(module.schemas["schema"].document, hints)


CODES = [("http://hl7.org/fhir/sid/icd-10-cm", code) for code in ("I10", "K02.9", "I25.10")]


@MODULES
@tries
@given(data=st.data())
def test_a_record_that_was_only_read_is_not_written(
    vendor: str, name: str, data: DataObject
) -> None:
    module = modules(vendor)[name]
    record = data.draw(of(vendor, module))
    if laws.read(module, record, context(vendor)) is not None:
        laws.get_put(module, record, context(vendor))


@MODULES
@tries
@given(data=st.data())
def test_a_record_written_over_another_reads_back(vendor: str, name: str, data: DataObject) -> None:
    module = modules(vendor)[name]
    one, other = data.draw(of(vendor, module)), data.draw(of(vendor, module))
    both = [laws.read(module, record, context(vendor)) for record in (one, other)]
    if None not in both:
        laws.transplant(module, one, other, context(vendor))
        laws.stability(module, both[0], other, context(vendor))


@MODULES
@tries
@given(data=st.data())
def test_no_edit_is_lost_in_silence(vendor: str, name: str, data: DataObject) -> None:
    module = modules(vendor)[name]
    record = data.draw(of(vendor, module))
    resource = laws.read(module, record, context(vendor))
    if resource is not None:
        base = data.draw(st.sampled_from([record, None]))
        sent = data.draw(edited(resource))
        laws.no_silent_loss(module, sent, base, context(vendor))
        laws.stability(module, sent, base, context(vendor))


@MODULES
@tries
@given(data=st.data())
def test_documents_share_nothing_and_keep_their_digits(
    vendor: str, name: str, data: DataObject
) -> None:
    module = modules(vendor)[name]
    one, other = data.draw(of(vendor, module)), data.draw(of(vendor, module))
    if laws.read(module, other, context(vendor)) is not None:
        laws.aliasing(module, one, other, context(vendor))
        laws.digits(module, other, context(vendor))
