"""The Prefer header (RFC 7240), as far as R4 gives it a meaning.

https://hl7.org/fhir/R4/http.html#ops, https://hl7.org/fhir/R4/search.html#errors
"""

import re
from dataclasses import dataclass
from typing import Literal

from portico.facade.message import FhirRequest

Returned = Literal["minimal", "representation", "OperationOutcome"]

_RETURNED: dict[str, Returned] = {
    "minimal": "minimal",
    "representation": "representation",
    "operationoutcome": "OperationOutcome",
}
_SEPARATOR = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Preference:
    """What the client would like; `returned` is None when it does not say."""

    returned: Returned | None = None
    lenient: bool = False


def preference(request: FhirRequest) -> Preference:
    """Read the header; what is not understood is left out, as RFC 7240 asks."""
    parts = _SEPARATOR.split(request.headers.get("prefer", ""))
    pairs = (part.partition("=") for part in reversed(parts))
    said = {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}
    return Preference(_RETURNED.get(said.get("return", "")), said.get("handling") == "lenient")
