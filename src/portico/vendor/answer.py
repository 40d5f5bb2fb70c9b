"""What a good answer is, and how the record is taken out of it.

answer: record        the record, at `unwrap`; checked against the object's schema (the default)
answer: receipt       JSON that is not a record of the object, like {correlationId: …}
answer: {key: data.id}           only the key; the record is read afterwards
answer: {location: yes}          the key is the last segment of the Location header
answer: text          text, plain or as a JSON string
answer: none          nothing is looked at
unwrap: data.attributes
expect: {ok: true}    members that must have these values
success: [200, 202]   else any 2xx
absent: {status: [204], empty: yes}    nothing is there
"""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from portico import Json, Record
from portico.document import DocumentError, parse
from portico.vendor.dotted import ITSELF, DottedPath
from portico.vendor.fault import FaultRules, fault, find_fault
from portico.vendor.message import Response
from portico.vendor.schema import Schema

AnswerKind = Literal["record", "receipt", "key", "location", "text", "none"]
_ANY_GOOD = range(200, 300)


@dataclass(frozen=True, slots=True)
class Absent:
    """What tells, besides 404, that nothing is there: a status, or an empty answer."""

    statuses: frozenset[int] = frozenset()
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`success` is empty when any 2xx is good; `key` is where an answer of kind key has it."""

    kind: AnswerKind = "record"
    success: frozenset[int] = frozenset()
    unwrap: DottedPath = ITSELF
    expect: tuple[tuple[DottedPath, Json], ...] = ()
    absent: Absent = field(default_factory=Absent)
    key: DottedPath | None = None
    schema: Schema | None = None

    def is_success(self, status: int) -> bool:
        return status in (self.success or _ANY_GOOD)


def accept(operation: str, answer: Answer, faults: FaultRules, response: Response) -> Json:
    """The document of a good answer; text and nothing come as None. Raises VendorError."""
    if response.status in answer.absent.statuses:
        raise fault(operation, "not-found")
    document, is_json = _parse(response.body)
    success = answer.is_success(response.status)
    error = find_fault(operation, faults, response, document, success=success)
    if error:
        raise error
    if answer.kind in {"text", "none", "location"} and not answer.expect:
        return None
    if not is_json:
        raise fault(operation, "garbage", "not JSON")
    _hold(operation, answer, document)
    return document


def take_record(operation: str, answer: Answer, document: Json) -> Record:
    """The record within an answer. Raises VendorError when there is none, or not one."""
    record = answer.unwrap.first(document)
    if answer.absent.empty and not record:
        raise fault(operation, "not-found")
    return check_record(operation, answer, record)


def check_record(operation: str, answer: Answer, record: Json) -> Record:
    """The record, if it has the structure that the vendor's schema promises."""
    if not isinstance(record, dict):
        raise fault(operation, "garbage", "a record is expected")
    complaints = answer.schema.complaints(record) if answer.schema else ()
    if complaints:
        raise fault(operation, "garbage", "; ".join(complaints[:3]))
    return Record(record)


def take_key(operation: str, answer: Answer, response: Response, document: Json) -> str:
    """The key that a create's answer tells instead of the record."""
    if answer.kind == "location":
        path = urlsplit(response.header("location") or "").path
        key = unquote(path.rstrip("/").rpartition("/")[2])
    else:
        found = answer.key.first(document) if answer.key else None
        key = str(found) if isinstance(found, str | int) else ""
    if not key:
        raise fault(operation, "garbage", "the answer does not tell the key")
    return key


def _parse(body: bytes) -> tuple[Json, bool]:
    try:
        return parse(body), True
    except DocumentError:
        return body.decode(errors="replace"), False


def _hold(operation: str, answer: Answer, document: Json) -> None:
    for path, value in answer.expect:
        if path.first(document) != value:
            raise fault(operation, "failure", f"{path.text} is not as expected")
