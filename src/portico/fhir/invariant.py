"""R4's invariants that can be told from one element alone.

Each has R4's own key (https://hl7.org/fhir/R4/conformance-rules.html#constraints). They are held
against elements whose structure is right. What needs other resources or terminology is not here,
nor what R4 only recommends.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from portico import Json
from portico.errors import Issue
from portico.fhir.search.interval import interval_of, parse_moment

_Object: TypeAlias = Mapping[str, Json]
_Test: TypeAlias = Callable[[_Object], bool]

_ABATED = frozenset({"inactive", "resolved", "remission"})


def invariant_issues(type_name: str, value: _Object, path: str) -> Iterator[Issue]:
    """Yield the invariants of a type that do not hold for a value of it."""
    for key, human, holds in _INVARIANTS.get(type_name, ()):
        if not holds(value):
            yield Issue("invariant", f"{path}: {key}: {human}", expression=(path,))


def _any(*names: str) -> _Test:
    return lambda value: any(name in value for name in names)


def _implies(name: str, *others: str) -> _Test:
    return lambda value: name not in value or any(other in value for other in others)


def _not_both(name: str, *others: str) -> _Test:
    return lambda value: name not in value or not any(other in value for other in others)


def _not_negative(name: str) -> _Test:
    return lambda value: value.get(name, 0) >= 0


def _extension_has_one(value: _Object) -> bool:
    has_value = any(name.removeprefix("_").startswith("value") for name in value)
    return has_value is not ("extension" in value)


def _starts_before_end(value: _Object) -> bool:
    """False only when it is certain; `2026` to `2026-03` may be right."""
    start, end = (parse_moment(value.get(name, "")) for name in ("start", "end"))
    if start is None or end is None:
        return True
    if start.offset is None or end.offset is None:
        return start.low < end.high
    period = interval_of(value)
    return period is None or period.low < period.high


def _has_code(value: _Object, name: str, codes: frozenset[str]) -> bool:
    return any(coding.get("code") in codes for coding in value.get(name, {}).get("coding", ()))


def _is_abated_as_its_status_says(value: _Object) -> bool:
    is_abated = any(name.removeprefix("_").startswith("abatement") for name in value)
    return not is_abated or _has_code(value, "clinicalStatus", _ABATED)


def _has_no_status_in_error(value: _Object) -> bool:
    in_error = _has_code(value, "verificationStatus", frozenset({"entered-in-error"}))
    return not in_error or "clinicalStatus" not in value


def _has_status_unless_in_error(value: _Object) -> bool:
    in_error = _has_code(value, "verificationStatus", frozenset({"entered-in-error"}))
    return in_error or "clinicalStatus" in value


def _has_both_or_neither(value: _Object) -> bool:
    if ("numerator" in value) is not ("denominator" in value):
        return False
    return "numerator" in value or "extension" in value


_QUANTITY = (
    "qty-3",
    "a code for the unit needs the system that it is from",
    _implies("code", "system"),
)
_INVARIANTS: Mapping[str, tuple[tuple[str, str, _Test], ...]] = {
    "Quantity": (_QUANTITY,),
    "Age": (_QUANTITY,),
    "Count": (_QUANTITY,),
    "Distance": (_QUANTITY,),
    "Duration": (_QUANTITY,),
    "Period": (("per-1", "the start must not be after the end", _starts_before_end),),
    "Ratio": (("rat-1", "give numerator and denominator, or an extension", _has_both_or_neither),),
    "Extension": (("ext-1", "give a value or extensions, one of the two", _extension_has_one),),
    "Attachment": (("att-1", "data needs a contentType", _implies("data", "contentType")),),
    "ContactPoint": (("cpt-2", "a value needs a system", _implies("value", "system", "_system")),),
    "Timing.repeat": (
        ("tim-1", "a duration needs a durationUnit", _implies("duration", "durationUnit")),
        ("tim-2", "a period needs a periodUnit", _implies("period", "periodUnit")),
        ("tim-4", "a duration is not negative", _not_negative("duration")),
        ("tim-5", "a period is not negative", _not_negative("period")),
        ("tim-6", "a periodMax needs a period", _implies("periodMax", "period")),
        ("tim-7", "a durationMax needs a duration", _implies("durationMax", "duration")),
        ("tim-8", "a countMax needs a count", _implies("countMax", "count")),
        ("tim-9", "an offset needs a when", _implies("offset", "when")),
        ("tim-10", "give timeOfDay or when, not both", _not_both("timeOfDay", "when")),
    ),
    "Patient.contact": (
        (
            "pat-1",
            "give a name, telecom, address or organization",
            _any("name", "telecom", "address", "organization"),
        ),
    ),
    "Condition": (
        (
            "con-4",
            "what has abated has a clinicalStatus of inactive, resolved or remission",
            _is_abated_as_its_status_says,
        ),
        ("con-5", "what was entered in error has no clinicalStatus", _has_no_status_in_error),
    ),
    "Condition.stage": (("con-1", "give a summary or assessment", _any("summary", "assessment")),),
    "Condition.evidence": (("con-2", "give a code or detail", _any("code", "detail")),),
    "AllergyIntolerance": (
        ("ait-1", "give a clinicalStatus", _has_status_unless_in_error),
        ("ait-2", "what was entered in error has no clinicalStatus", _has_no_status_in_error),
    ),
    "Organization": (("org-1", "give a name or an identifier", _any("name", "identifier")),),
    "Observation": (
        (
            "obs-6",
            "give a value or dataAbsentReason, not both",
            lambda value: (
                "dataAbsentReason" not in value
                or not any(name.startswith("value") for name in value)
            ),
        ),
    ),
}
