"""What a vendor's refusal means: its status, and what its error body says, as one of our kinds.

    error:  {message: [detail, "detail[].msg"], code: detail.type,
             member: "detail[].loc", within: body}
    status:
      409: {"Version conflict*": version-conflict, "*": business-rule}
      422: business-rule
      200: {"E404*": not-found}        a vendor that answers 200 to everything

A pattern is held against the machine code and the message, with `*` for any text. Diagnostics
never quote the vendor: what it says may hold patient data.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from portico import Json
from portico.errors import Issue, VendorError
from portico.vendor.dotted import ITSELF, DottedPath
from portico.vendor.message import Response

FaultKind = Literal[
    "business-rule", "conflict", "credential", "duplicate", "failure", "garbage", "gone",
    "idempotency-conflict", "not-found", "throttled", "timeout", "version-conflict",
]  # fmt: skip

# kind: (our status, the issue code of R4's value set issue-type, what happened)
_MEANING: dict[str, tuple[int, str, str]] = {
    "business-rule": (422, "business-rule", "the vendor refused it by a rule of its own"),
    "conflict": (409, "conflict", "the vendor sees a conflict with what it holds"),
    "credential": (502, "security", "the vendor refused this connection's credential"),
    "duplicate": (409, "duplicate", "the vendor holds this already"),
    "failure": (502, "exception", "the vendor failed"),
    "garbage": (502, "exception", "the vendor's answer is not what its contract says"),
    "gone": (410, "deleted", "it was deleted at the vendor"),
    "idempotency-conflict": (409, "duplicate", "the idempotency key was used before"),
    "not-found": (404, "not-found", "the vendor has nothing there"),
    "throttled": (503, "throttled", "the vendor takes no more requests for now"),
    "timeout": (504, "timeout", "the vendor did not answer in time"),
    "version-conflict": (409, "conflict", "the record was changed at the vendor meanwhile"),
}
_OF_STATUS: dict[int, FaultKind] = {
    400: "business-rule", 401: "credential", 403: "credential", 404: "not-found", 408: "timeout",
    409: "conflict", 410: "gone", 412: "version-conflict", 422: "business-rule",
    428: "version-conflict", 429: "throttled", 504: "timeout",
}  # fmt: skip
_MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-\[\]]{0,99}")
_SECONDS = re.compile(r"[0-9]{1,6}")


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

    def fits(self, status: int, texts: tuple[str, ...]) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return status == self.status and any(
            re.fullmatch(pattern, text, re.DOTALL) for text in texts or ("",)
        )


@dataclass(frozen=True, slots=True)
class FaultRules:
    """How failures are told apart; the first rule that fits wins, else the status decides."""

    body: ErrorBody = field(default_factory=ErrorBody)
    rules: tuple[FaultRule, ...] = ()


def fault(operation: str, kind: FaultKind, detail: str = "") -> VendorError:
    """An error of a kind, in our words; `detail` names rules and paths, never values."""
    status, code, what = _MEANING[kind]
    diagnostics = f"{operation}: {what}" + (f" ({detail})" if detail else "")
    return VendorError(status, Issue(code, diagnostics), kind=kind)


def find_fault(
    operation: str, rules: FaultRules, response: Response, document: Json, *, success: bool
) -> VendorError | None:
    """The error that an answer is, or None. `document` is its body, parsed or as text."""
    texts = _texts((*rules.body.code, *rules.body.message, ITSELF), document)
    fitting = (rule.kind for rule in rules.rules if rule.fits(response.status, texts))
    kind = next(fitting, None)
    if kind is None and success:
        return None
    return refuse(operation, response, kind, _members(rules.body, document))


def refuse(
    operation: str,
    response: Response,
    kind: FaultKind | None = None,
    members: tuple[str, ...] = (),
) -> VendorError:
    """The error that an answer is; without a kind, its status decides."""
    kind = kind or _OF_STATUS.get(response.status, "failure")
    status, code, what = _MEANING[kind]
    where = f"; it names {', '.join(members)}" if members else ""
    issue = Issue(code, f"{operation}: {what} (status {response.status}){where}")
    wait = response.header("retry-after") or ""
    told = kind == "throttled" and _SECONDS.fullmatch(wait)
    headers = (("Retry-After", wait if told else "1"),) if kind == "throttled" else ()
    return VendorError(status, issue, kind=kind, members=members, headers=headers)


def _texts(paths: tuple[DottedPath, ...], document: Json) -> tuple[str, ...]:
    found = (value for path in paths for value in path.all(document))
    return tuple(str(value) for value in found if isinstance(value, str | int))


def _members(body: ErrorBody, document: Json) -> tuple[str, ...]:
    for path in body.member:
        names = [_member(value, body.within) for value in path.all(document)]
        if known := tuple(dict.fromkeys(name for name in names if _MEMBER.fullmatch(name))):
            return known
    return ()


def _member(value: Json, within: str) -> str:
    """`["body", "name"]`, `/body/name` and `body.name` are the member `name` within `body`."""
    parts = value if isinstance(value, list) else str(value).strip("/").split("/")
    name = ".".join(str(part) for part in parts)
    return name.removeprefix(f"{within}.") if within else name
