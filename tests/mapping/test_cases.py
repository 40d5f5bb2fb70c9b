"""Decision tables: the first row that fits wins, in each direction."""

import pytest
from tests.mapping.conftest import Make, refused

from portico import Json, Record, Resource
from portico.errors import FhirError, VendorError
from portico.mapping.conversion.context import Context

NOW = Context()
TABLE = """
rules:
  state + died:
    to: active + deceasedBoolean + deceasedDateTime
    with: {d: instant}
    cases:
    - [dead,  $d,   <->, false, none,  $d  ]
    - [dead,  none, <->, false, true,  none]
    - [well,  none, <->, true,  none,  none]
    - [_,     $d,   ->,  false, none,  $d  ]
    - [dead,  $d,   <-,  _,     none,  $d  ]
    - [_,     none, <-,  none,  _,     none]
"""
TIME = "2025-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("record", "resource"),
    [
        ({"state": "dead", "died": TIME}, {"active": False, "deceasedDateTime": TIME}),
        ({"state": "dead"}, {"active": False, "deceasedBoolean": True}),
        ({"state": "well"}, {"active": True}),
    ],
)
def test_rows_work_both_ways(record: Json, resource: Json, make: Make) -> None:
    module = make(TABLE)
    assert module.to_fhir(Record(record), NOW) == {"resourceType": "Patient", **resource}
    sent = Resource({"resourceType": "Patient", **resource})
    assert module.to_vendor(sent, None, NOW).record == record


def test_a_row_towards_fhir_reads_what_no_write_makes(make: Make) -> None:
    module = make(TABLE)
    record = {"state": "well", "died": TIME}
    found = module.to_fhir(Record(record), NOW)
    assert (found["active"], found["deceasedDateTime"]) == (False, TIME)
    assert module.to_vendor(found, Record(record), NOW).steps == ()


def test_a_row_towards_the_vendor_takes_what_no_read_makes(make: Make) -> None:
    sent = Resource({"resourceType": "Patient", "active": True, "deceasedDateTime": TIME})
    change = make("on_loss: warn\n" + TABLE.lstrip()).to_vendor(sent, None, NOW)
    assert change.record == {"state": "dead", "died": TIME}


def test_any_on_output_leaves_the_member_as_it_is(make: Make) -> None:
    base = Record({"state": "well"})
    change = make(TABLE).to_vendor(Resource({"resourceType": "Patient"}), base, NOW)
    assert change.record["state"] == "well"


def test_values_go_through_the_converters_of_with(make: Make) -> None:
    sent = Resource({"resourceType": "Patient", "active": False, "deceasedDateTime": "2025-01"})
    with pytest.raises(FhirError, match="date with time and zone"):
        make(TABLE).to_vendor(sent, None, NOW)


def test_a_combination_without_a_row_is_refused_in_both_directions(make: Make) -> None:
    with pytest.raises(VendorError, match="no row"):
        make(TABLE).to_fhir(Record({"state": "lost"}), NOW)
    sent = Resource({"resourceType": "Patient", "active": True, "deceasedBoolean": True})
    with pytest.raises(FhirError, match="no row"):
        make(TABLE).to_vendor(sent, None, NOW)


@pytest.mark.parametrize("row", ["[a, <->, b, c]", "[a, b]", "[$x, <->, b]"])
def test_rows_of_the_wrong_width_are_refused_where_they_stand(row: str, make: Make) -> None:
    text = f"rules:\n  a:\n    to: gender\n    cases:\n    - {row}\n"
    assert refused(make, text) == [("E113", 9, 7)]
