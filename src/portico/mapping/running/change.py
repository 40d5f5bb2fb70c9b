"""What a write means for a vendor: the new record, the requests in order, and what was lost."""

from dataclasses import dataclass, field
from typing import Any, Literal

from portico import Record
from portico.errors import Place

LossKind = Literal["lost", "changed", "normalised", "read-only", "added", "withheld"]


REQUIRED = "R4 requires it, and nothing of it would be there"
"""The reason of a loss that leaves a resource without what every resource of its type has."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One element that would not read back as it was sent.

    lost: the vendor has no home for it. changed: it would read back differently. normalised: it
    would read back in an equivalent form. read-only: the vendor owns it. added: it was not sent.
    withheld: the vendor gets it, but reads do not show it unless a setting asks for it.
    `expression` is a FHIRPath; `modifier` tells that the loss turns the meaning round, as that of
    R4's modifiers does, and always refuses the write.
    """

    kind: LossKind
    expression: str
    reason: str
    rule: Place | None = None
    modifier: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One vendor request of a write: `operation` is `create`, `update`, or an action's name."""

    operation: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome of `to_vendor`. `record` is the vendor's record as it would be afterwards.

    `keep` is the complement: what the vendor cannot hold, for whoever keeps it beside the record.
    """

    record: Record
    steps: tuple[Step, ...]
    report: tuple[Loss, ...]
    keep: dict[str, Any] = field(default_factory=dict)
