"""OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html)."""

from portico.errors import Issue
from portico.fhir.outcome import operation_outcome


def test_an_issue_is_said_with_its_expression() -> None:
    issue = Issue("code-invalid", "Patient.gender takes …", expression=("Patient.gender",))
    assert operation_outcome([issue]) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "code-invalid",
                "diagnostics": "Patient.gender takes …",
                "expression": ["Patient.gender"],
            }
        ],
    }


def test_issues_keep_their_order() -> None:
    said = operation_outcome([Issue("required", "first"), Issue("value", "second")])
    assert [issue["diagnostics"] for issue in said["issue"]] == ["first", "second"]


def test_an_issue_without_a_place_has_no_expression() -> None:
    assert "expression" not in operation_outcome([Issue("timeout", "too late")])["issue"][0]


def test_no_issue_is_good_news_since_r4_wants_one() -> None:
    [issue] = operation_outcome([])["issue"]
    assert (issue["severity"], issue["code"]) == ("information", "informational")
