"""Every failure, sorted by who is to blame.

`FhirError` is the client's (4xx), `VendorError` the vendor's (5xx, or 422 for a refused business
rule), `MappingError` and `ConfigurationError` ours or the operator's, at start-up only.

Diagnostics name paths, codes and rules, never values: values are patient data.
"""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["fatal", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html).

    `code` is from the R4 value set issue-type; `expression` holds FHIRPaths.
    """

    code: str
    diagnostics: str
    severity: Severity = "error"
    expression: tuple[str, ...] = ()


class PorticoError(Exception):
    """A failure with an HTTP status and the issues that tell of it."""

    def __init__(
        self, status: int, *issues: Issue, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__("; ".join(issue.diagnostics for issue in issues))
        self.status = status
        self.issues = issues
        self.headers = headers


class FhirError(PorticoError):
    """The client asked for something that cannot be done."""


class VendorError(PorticoError):
    """The vendor failed, refused, or answered something that is not an answer.

    `kind` is the vendor-neutral class of the failure; `members` are the vendor's members that it
    complained about, as paths with dots.
    """

    def __init__(
        self,
        status: int,
        *issues: Issue,
        kind: str = "failure",
        members: tuple[str, ...] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(status, *issues, headers=headers)
        self.kind = kind
        self.members = members


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file that people write; line and column count from one."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a mapping module or a connection file, and what to do about it."""

    code: str
    place: Place
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.code} {self.what}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass
class Findings:
    """A list that checks write to, so that all findings are shown at once."""

    found: list[Finding] = field(default_factory=list)

    def add(self, code: str, place: Place, what: str, remedy: str = "") -> None:
        self.found.append(Finding(code, place, what, remedy))

    def raise_if_any(self) -> None:
        if self.found:
            raise MappingError(*self.found)


class MappingError(Exception):
    """Mapping modules that cannot be used, with every finding."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class ConfigurationError(Exception):
    """Settings that cannot be used; the text names the setting and the remedy."""
