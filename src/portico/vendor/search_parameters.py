"""How a FHIR search parameter reaches a vendor: pushed down, read by key, filtered, or refused.

search-parameters:
  name|family|given: {query: search, superset: yes}
  birthdate:         {range: [dob_from, dob_to], format: YYYYMMDD}
  clinical-status:   {query: status, values: {active: open, relapse: open}, superset: yes}
  patient:           {path: patient.id, required: yes}
  identifier:
    - {query: chart, system: https://vendor.example/chart-number, superset: no}
    - {read: id, system: "urn:ietf:rfc:3986", prefix: "urn:uuid:"}
  gender:            filter
  address:           {refuse: the vendor does not hold addresses}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portico.mapping.conversion.date_form import ISO, DateForm


@dataclass(frozen=True, slots=True)
class Push:
    """The value is sent as the vendor parameter `query`.

    `superset`: the vendor may answer more than was meant, so its records are filtered again; if
    false, what it answers is the result. `system`: only for a token of this system, of which the
    value is sent. `values`: FHIR code → vendor value; a code that is not there cannot be pushed.
    """

    query: str
    superset: bool
    system: str | None = None
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PushRange:
    """A date search is sent as first and last day, both inclusive; either may be left out.

    Days are ISO dates here; `format` is how the vendor writes them, of YYYY, MM and DD.
    """

    low: str
    high: str
    superset: bool = True
    format: DateForm = ISO

    def written(self, day: str) -> str:
        """An ISO date as the vendor writes it."""
        return self.format.write(date.fromisoformat(day))


@dataclass(frozen=True, slots=True)
class PushPath:
    """A reference to the parent fills the key member `member` of the path.

    `required`: the vendor has no list without it.
    """

    member: str
    required: bool


@dataclass(frozen=True, slots=True)
class ReadByKey:
    """A token of `system` (without `prefix`) or a reference is the key member `member`."""

    member: str
    system: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """The vendor cannot search by it; it is evaluated on the mapped resource."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """It cannot be searched by; the client is told the reason."""

    reason: str


SearchRule = Push | PushRange | PushPath | ReadByKey | Filter | Refuse
"""A parameter may have several rules, tried in order; one without any is filtered."""
