"""The loss report: each kind, by what was sent and what would read back."""

import pytest
from tests.mapping.conftest import Make

from portico import Json, Record, Resource
from portico.errors import FhirError
from portico.mapping.conversion.context import Context
from portico.mapping.running.change import Loss

NOW = Context()
MODULE = """
on_loss: warn
neutral: {deceasedBoolean: false}
rules:
  id: -> id
  seen: -> extension[url=x:seen].valueDateTime
  last: name[use?=official].family
  first: name[use?=official].given | list " "
  phone: telecom[system=phone].value | phone dashed
  ssn: identifier[system=us-ssn].value | ssn | reads-if show
"""
NAME = {"use": "official", "family": "Byron"}


def report(make: Make, base: Json | None = None, **elements: Json) -> list[tuple[str, str]]:
    """(kind, expression) of what a write would lose."""
    return [(loss.kind, loss.expression) for loss in losses(make, MODULE, base, elements)]


def losses(make: Make, module: str, base: Json | None, elements: Json) -> tuple[Loss, ...]:
    sent = Resource({"resourceType": "Patient", **elements})
    return make(module).to_vendor(sent, None if base is None else Record(base), NOW).report


def test_what_arrives_is_not_reported(make: Make) -> None:
    assert report(make, name=[NAME]) == []


def test_lost_an_element_without_a_rule(make: Make) -> None:
    assert report(make, birthDate="1815-12-10") == [("lost", "Patient.birthDate")]


def test_lost_an_entry_that_no_slice_takes(make: Make) -> None:
    fax = {"system": "fax", "value": "1"}
    assert report(make, telecom=[fax]) == [("lost", "Patient.telecom[0]")]


def test_lost_a_foreign_extension_inside_an_entry(make: Make) -> None:
    foreign = [{"url": "https://x.example", "valueString": "1"}]
    found = report(make, name=[{**NAME, "extension": foreign}])
    assert found == [("lost", "Patient.name[0].extension")]


def test_an_identifier_without_a_home_is_lost_and_not_withheld(make: Make) -> None:
    found = report(make, identifier=[{"system": "https://x.example", "value": "1"}])
    assert found == [("lost", "Patient.identifier[0]")]


def test_withheld_what_reads_do_not_show(make: Make) -> None:
    found = report(
        make, identifier=[{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "123456789"}]
    )
    assert found == [("withheld", "Patient.identifier[0]")]


def test_read_only_what_the_vendor_sets(make: Make) -> None:
    seen = {"url": "https://portico.example/fhir/StructureDefinition/seen"}
    sent = [{**seen, "valueDateTime": "2020-01-01T00:00:00Z"}]
    base = {"seen": "2019-01-01T00:00:00Z"}
    found = report(make, base, extension=sent)
    assert found == [("read-only", "Patient.extension[0].valueDateTime")]
    assert report(make, None, extension=sent)[0][0] == "read-only"


def test_normalised_an_equivalent_form_and_an_exact_duplicate(make: Make) -> None:
    phone = {"system": "phone", "value": "(123) 456 7890"}
    assert report(make, telecom=[phone]) == [("normalised", "Patient.telecom[0].value")]
    assert report(make, name=[NAME, NAME]) == [("normalised", "Patient.name[1]")]


def test_surplus_given_names_are_normalised(make: Make) -> None:
    found = report(make, name=[{**NAME, "given": ["John", "Aaron"]}])
    assert found == [("normalised", "Patient.name[0].given")]


def test_added_what_was_not_sent(make: Make) -> None:
    base = {"seen": "2019-01-01T00:00:00Z", "last": "Byron"}
    assert report(make, base, name=[NAME]) == [("added", "Patient.extension")]


def test_what_the_server_owns_is_not_reported(make: Make) -> None:
    assert report(make, id="7", meta={"versionId": "1", "lastUpdated": "2020-01-01"}) == []


@pytest.mark.parametrize(
    "modifier",
    [
        {"active": False},
        {"deceasedBoolean": True},
        {"deceasedDateTime": "2020-01-01"},
        {"modifierExtension": [{"url": "https://x.example", "valueBoolean": True}]},
        {"link": [{"other": {"reference": "Patient/2"}, "type": "replaced-by"}]},
    ],
)
@pytest.mark.parametrize("on_loss", ["warn", "reject"])
def test_a_lost_modifier_always_refuses(modifier: Json, on_loss: str, make: Make) -> None:
    module = MODULE.replace("on_loss: warn", f"on_loss: {on_loss}")
    with pytest.raises(FhirError) as caught:
        losses(make, module, None, modifier)
    assert caught.value.status == 422
    assert caught.value.issues[0].expression == (f"Patient.{next(iter(modifier))}",)


def test_a_neutral_value_of_a_modifier_may_be_lost(make: Make) -> None:
    assert report(make, deceasedBoolean=False) == [("lost", "Patient.deceasedBoolean")]


def test_reject_refuses_every_loss_with_one_issue_each(make: Make) -> None:
    module = MODULE.replace("on_loss: warn", "on_loss: reject")
    with pytest.raises(FhirError) as caught:
        losses(make, module, None, {"birthDate": "1815-12-10", "maritalStatus": {"text": "x"}})
    assert [issue.expression for issue in caught.value.issues] == [
        ("Patient.birthDate",),
        ("Patient.maritalStatus",),
    ]


def test_a_report_names_rules_and_never_values(make: Make) -> None:
    (loss,) = losses(make, MODULE, None, {"telecom": [{"system": "phone", "value": "+44 9"}]})
    assert loss.kind == "lost"
    assert loss.rule is not None
    assert "+44" not in f"{loss}"
