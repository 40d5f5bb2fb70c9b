from dataclasses import dataclass, field
from typing import Literal

from portico import Json
from portico.vendor.dotted import ITSELF, DottedPath
from portico.vendor.schema import Schema

AnswerKind = Literal["record", "receipt", "key", "location", "text", "none"]


@dataclass(frozen=True, slots=True)
class Absent:
    """What tells, besides 404, that nothing is there: a status, or an empty answer."""

    statuses: frozenset[int] = frozenset()
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a good answer is.

    record: the record of the object. receipt: JSON that is not a record of the object (a
    correlation id). key: only the record's key, at `key`; the record is read afterwards.
    location: the key is the last segment of the Location header. text: any text. none: ignored.
    `expect` are members that must have these values; `success` is empty when any 2xx is good.
    """

    kind: AnswerKind = "record"
    success: frozenset[int] = frozenset()
    unwrap: DottedPath = ITSELF
    expect: tuple[tuple[DottedPath, Json], ...] = ()
    absent: Absent = field(default_factory=Absent)
    key: DottedPath | None = None
    schema: Schema | None = None
