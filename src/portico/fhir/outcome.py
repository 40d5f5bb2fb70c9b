"""OperationOutcome: how a FHIR server tells of success and failure.

https://hl7.org/fhir/R4/operationoutcome.html
"""

from collections.abc import Iterable
from typing import Any

from portico import Resource
from portico.errors import Issue

_ALL_OK = Issue("informational", "All OK", severity="information")


def operation_outcome(issues: Iterable[Issue]) -> Resource:
    """Say the issues as an OperationOutcome; with none of them it says that all is well."""
    said = [_issue(issue) for issue in issues] or [_issue(_ALL_OK)]
    return Resource({"resourceType": "OperationOutcome", "issue": said})


def _issue(issue: Issue) -> dict[str, Any]:
    said: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code,
        "diagnostics": issue.diagnostics,
    }
    if issue.expression:
        said["expression"] = list(issue.expression)
    return said
