"""How a write answers: its headers, its body as the client prefers it, and what was lost."""

from collections.abc import Iterable

from portico import Resource
from portico.errors import Issue
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.preference import preference
from portico.facade.version import version_headers
from portico.fhir.outcome import operation_outcome
from portico.mapping.running.change import Loss

_COUNTED = frozenset({"lost", "changed"})


def written(
    request: FhirRequest,
    status: int,
    resource: Resource,
    report: Iterable[Loss],
    warnings: int = 0,
) -> FhirResponse:
    """The answer to a create (201) or update (200); `warnings` counts those of the vendor."""
    losses = tuple(report)
    headers = (*version_headers(resource), *loss_headers(losses), *_warning_headers(warnings))
    if status == 201:  # noqa: PLR2004  Created is when R4 asks for Location
        headers = (("Location", location(request.base, resource)), *headers)
    returned = preference(request).returned
    if returned == "minimal":
        return FhirResponse(status, headers)
    if returned == "OperationOutcome":
        return FhirResponse(status, headers, operation_outcome(_told(losses, warnings)))
    return FhirResponse(status, headers, resource)


def _told(losses: tuple[Loss, ...], warnings: int) -> list[Issue]:
    """The number of the vendor's warnings, as its words may name people; then what was lost."""
    what = f"the vendor took it, with warnings about it ({warnings}): look at them there"
    told = [Issue("business-rule", what, "warning")] if warnings else []
    return told + loss_issues(losses)


def _warning_headers(warnings: int) -> tuple[tuple[str, str], ...]:
    return (("Portico-Warnings", str(warnings)),) if warnings else ()


def location(base: str, resource: Resource) -> str:
    """The URL of this version of the resource."""
    version_id = resource["meta"]["versionId"]
    return f"{base}/{resource['resourceType']}/{resource['id']}/_history/{version_id}"


def loss_headers(losses: tuple[Loss, ...]) -> tuple[tuple[str, str], ...]:
    """How many elements would not read back as they were sent."""
    count = sum(loss.kind in _COUNTED for loss in losses)
    return (("Portico-Loss", str(count)),) if count else ()


def loss_issues(losses: Iterable[Loss]) -> list[Issue]:
    return [_issue(loss) for loss in losses]


def _issue(loss: Loss) -> Issue:
    what = f"{loss.expression} is {loss.kind}: {loss.reason}"
    is_loss = loss.kind in _COUNTED
    return Issue(
        "not-supported" if is_loss else "informational",
        what,
        "warning" if is_loss else "information",
        (loss.expression,),
    )
