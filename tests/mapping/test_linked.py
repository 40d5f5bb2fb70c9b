"""A write reads what differs, and what rules weigh together with it."""

from tests.vendors.loading import modules

from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.linked import differing


def patient() -> CompiledShape:
    (shape,) = modules("practice")["patient"].shapes.values()
    return shape


def test_elements_that_one_table_weighs_are_read_together() -> None:
    shape = patient()
    old = {"active": True, "birthDate": "1978-05-14", "name": [{"family": "Núñez"}]}

    after, before = differing({**old, "active": False}, old, shape.linked)

    assert (after, before) == ({"active": False}, {"active": True})
    assert shape.linked["active"] == shape.linked["deceasedBoolean"] == shape.linked["extension"]


def test_an_element_that_no_rule_writes_is_not_read() -> None:
    shape = patient()

    assert differing({"text": {"status": "generated"}}, {}, shape.linked) == ({}, {})
    assert "meta" not in shape.linked
