"""Failures inside compiled functions, told with the rule that the failing line came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

from portico.errors import FhirError, Issue, VendorError
from portico.mapping.compiling.lane import Lane, fhirpath
from portico.mapping.conversion.transform import RefusalError

FAILURES = (AttributeError, KeyError, TypeError, ValueError)
"""What a value of another type than a rule reads makes compiled functions raise."""


@dataclass(frozen=True)
class Lines:
    """The lanes that the lines of one file came from, and the R4 type that the file makes."""

    type: str
    lanes: Mapping[int, Lane]


Files = Mapping[str, Lines]


def unreadable(error: Exception, files: Files) -> VendorError:
    """502: a value that no rule can read, or of another type than its rule reads."""
    why = str(error) if isinstance(error, RefusalError) else "the value is of another type"
    kind, lane = _origin(error.__traceback__, files)
    member = " + ".join(map(str, lane.members)) if lane else "a member"
    where = f"{lane.place} " if lane else ""
    return VendorError(
        502,
        Issue("processing", f"{where}R400 {member}: {why}", expression=_path(kind, lane)),
        kind="garbage",
        members=tuple(map(str, lane.members)) if lane else (),
    )


def unwritable(error: RefusalError, files: Files) -> FhirError:
    """422: a value that must not be written."""
    kind, lane = _origin(error.__traceback__, files)
    where = f"{lane.place} " if lane else ""
    what = f"{kind}.{lane.expression}" if lane else kind
    return FhirError(
        422, Issue(error.code, f"{where}R401 {what}: {error}", expression=_path(kind, lane))
    )


def _path(kind: str, lane: Lane | None) -> tuple[str, ...]:
    return (fhirpath(kind, lane),) if lane else ()


def _origin(traceback: TracebackType | None, files: Files) -> tuple[str, Lane | None]:
    """The type and the lane of the innermost line that has one."""
    kind, lane = next((lines.type for lines in files.values()), ""), None
    while traceback:
        lines = files.get(traceback.tb_frame.f_code.co_filename)
        found = lines.lanes.get(traceback.tb_lineno) if lines else None
        if lines and found:
            kind, lane = lines.type, found
        traceback = traceback.tb_next
    return kind, lane
