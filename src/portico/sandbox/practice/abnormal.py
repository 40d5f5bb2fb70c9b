"""Which vital signs are out of range (INFERRED but for the two limits that block procedures)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from portico import Json, Record

Limits: TypeAlias = tuple[int, int, int, int]
"""Critical below, warning below, warning above, critical above."""

_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "bp_systolic": (70, 90, 139, 180),
        "bp_diastolic": (40, 60, 89, 120),
        "pulse": (40, 60, 100, 130),
        "respiration_rate": (8, 12, 20, 30),
        "oxygen_saturation": (94, 96, 100, 100),
        "temperature_f": (93, 96, 100, 104),
    }
)


def abnormal_flags(reading: Record) -> list[Json]:
    """Flag every sign that is out of range, in the order of the contract's members."""
    return [
        {"vital": vital, "message": f"{vital} is {where}", "severity": severity}
        for vital in _LIMITS
        if (found := _judged(vital, reading.get(vital)))
        for where, severity in (found,)
    ]


def blocks_procedures(reading: Record) -> bool:
    """Say whether a sign is critical, so that nothing is done before a provider has looked."""
    return any(flag["severity"] == "critical" for flag in abnormal_flags(reading))


def _judged(vital: str, value: Json) -> tuple[str, str] | None:
    if value is None:
        return None
    number, (lowest, low, high, highest) = Decimal(value), _LIMITS[vital]
    if number < low:
        return "low", "critical" if number < lowest else "warning"
    if number > high:
        return "high", "critical" if number > highest else "warning"
    return None
