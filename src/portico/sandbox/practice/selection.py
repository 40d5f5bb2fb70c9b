"""Which patients a list holds, in which order, and where a page of it begins."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field

from portico import Record
from portico.sandbox.contract import Refusal
from portico.sandbox.opaque import seal, unseal
from portico.sandbox.schemas import Fault

Status: TypeAlias = Literal["active", "archived", "deceased", "inactive", "prospective"]
SortKey: TypeAlias = tuple[bool, str, str]
"""Whether there is no value, the value folded, and the id, which makes the order total."""

_SEARCHED = (
    "first_name",
    "middle_name",
    "last_name",
    "preferred_name",
    "home_phone",
    "mobile_phone",
    "work_phone",
    "email",
    "chart_number",
    "date_of_birth",
)
_PHONES = ("home_phone", "mobile_phone", "work_phone")


class Filters(BaseModel, frozen=True):
    """The filters that both lists of patients take."""

    status: Status | None = None
    search: str = ""
    primary_provider_uuid: UUID | None = None
    location_uuid: UUID | None = None
    dob_from: date | None = None
    dob_to: date | None = None
    tag_definition_uuid: UUID | None = None

    def accept(self, patient: Record) -> bool:
        """Say whether a patient is in the list; archived ones never are."""
        return (
            not patient.get("deleted_at")
            and self.status in {None, patient.get("status")}
            and _refers(patient, "primary_provider", self.primary_provider_uuid)
            and _refers(patient, "location", self.location_uuid)
            and self._born_in_range(patient.get("date_of_birth"))
            and matches(self.search, patient, _SEARCHED)
        )

    def _born_in_range(self, born: str | None) -> bool:
        if self.dob_from is None and self.dob_to is None:
            return True
        first, last = str(self.dob_from or date.min), str(self.dob_to or date.max)
        return born is not None and first <= born <= last


class PageQuery(Filters, frozen=True):
    """The query of the list with numbered pages."""

    page: int = Field(1, ge=1)
    page_size: int = Field(50, ge=1, le=200)
    sort_by: Literal[
        "chart_number", "created_at", "date_of_birth", "first_name", "last_name", "status"
    ] = "last_name"
    sort_dir: Literal["asc", "desc"] = "asc"


class CursorQuery(Filters, frozen=True):
    """The query of the list with cursors."""

    first: int = Field(50, ge=1, le=200)
    after: str | None = None
    sort_by: Literal[
        "chart_number",
        "created_at",
        "date_of_birth",
        "first_name",
        "last_name",
        "status",
        "updated_at",
    ] = "first_name"
    sort_dir: Literal["asc", "desc"] = "asc"

    def rest(self, patients: list[Record]) -> list[Record]:
        """Drop the patients up to and with the one that `after` names."""
        if self.after is None:
            return patients
        last = self._last()
        ascending = self.sort_dir == "asc"
        return [
            each
            for each in patients
            if (key := sort_key(each, self.sort_by)) != last and (key > last) == ascending
        ]

    def cursor(self, patient: Record) -> str:
        return seal([self.sort_by, self.sort_dir, *sort_key(patient, self.sort_by)])

    def _last(self) -> SortKey:
        match unseal(self.after or ""):
            case [self.sort_by, self.sort_dir, bool(missing), str(value), str(uuid)]:
                return missing, value, uuid
            case _:
                fault = Fault(("after",), "Invalid cursor", "value_error", "query")
                raise Refusal(422, "Invalid cursor", faults=(fault,))


def in_order(patients: Iterable[Record], member: str, direction: str) -> list[Record]:
    return sorted(patients, key=lambda each: sort_key(each, member), reverse=direction == "desc")


def sort_key(patient: Record, member: str) -> SortKey:
    value = patient.get(member)
    return value is None, fold(value or ""), patient["id"]


def matches(text: str, patient: Record, members: Iterable[str]) -> bool:
    """Say whether each word of a text occurs in some of the members, case and accents aside."""
    values = [fold(patient.get(name) or "") for name in members]
    values += [digits(patient.get(name) or "") for name in _PHONES if name in members]
    return all(any(word in value for value in values) for word in fold(text).split())


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def _refers(patient: Record, member: str, uuid: UUID | None) -> bool:
    return uuid is None or (patient.get(member) or {}).get("id") == str(uuid)
