from dataclasses import dataclass, field
from typing import Literal

from portico.vendor.dotted import DottedPath

FaultKind = Literal[
    "business-rule", "conflict", "credential", "duplicate", "failure", "garbage", "gone",
    "idempotency-conflict", "not-found", "throttled", "timeout", "version-conflict",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """Where a vendor's error body says what: alternatives, tried in order.

    `within` is cut off the front of a complained member (`body.first_name`).
    """

    message: tuple[DottedPath, ...] = ()
    code: tuple[DottedPath, ...] = ()
    member: tuple[DottedPath, ...] = ()
    within: str = ""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """An answer with this status whose message or code fits `pattern` (with `*`) is of a kind."""

    status: int
    pattern: str
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class FaultRules:
    """How failures are told apart; the first rule that fits wins, else the status decides."""

    body: ErrorBody = field(default_factory=ErrorBody)
    rules: tuple[FaultRule, ...] = ()
