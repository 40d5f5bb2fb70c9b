"""A FHIR request and its answer without HTTP, as the web layer hands them over."""

from collections.abc import Mapping
from dataclasses import dataclass

from portico import Resource


@dataclass(frozen=True, slots=True)
class FhirRequest:
    """One interaction (https://hl7.org/fhir/R4/http.html).

    `path` holds the unquoted segments after `base`, `query` the unquoted pairs in order, `headers`
    have lower-case names. `base` is the absolute FHIR base URL without a slash at its end.
    """

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    base: str


@dataclass(frozen=True, slots=True)
class FhirResponse:
    """The answer; without a resource its body is empty."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    resource: Resource | None = None

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
