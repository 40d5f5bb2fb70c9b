"""The rows of decision tables, tried with every combination of values, in both directions."""

from itertools import islice, product
from math import prod
from typing import Literal

from portico import Json
from portico.errors import Findings
from portico.fhir import definitions
from portico.mapping.compiling.lane import Lane
from portico.mapping.language.rule import Cases, Cell, Direction, FhirPath, Row

_MAX_COMBINATIONS = 5_000


_Domains = list[list[Json]]


def check_rows(lane: Lane, cases: Cases, domains: _Domains, findings: Findings) -> None:
    """E220 for vendor values without a row, E221 for rows that no vendor values choose.

    `domains` are the values that each member may have; None is absence, `...` any other value.
    """
    rows = [row for row in cases.rows if row.direction is not Direction.TO_VENDOR]
    used: set[int] = set()
    for combination in islice(product(*domains), _MAX_COMBINATIONS):
        index = _first(rows, combination, "vendor")
        if index is not None:
            used.add(index)
        elif any(value is not None for value in combination):
            names = [f"{m}={_word(v)}" for m, v in zip(lane.members, combination, strict=True)]
            findings.add(
                "E220",
                lane.place,
                f"no row for {', '.join(names)}",
                "add a row (use _ for 'any', none for 'absent')",
            )
    if prod(map(len, domains)) <= _MAX_COMBINATIONS:
        _tell_unused(rows, used, findings)


def check_way_back(type_name: str, lane: Lane, cases: Cases, findings: Findings) -> None:
    """E221 for rows that no values of FHIR choose; of a choice, one element has a value."""
    rows = [row for row in cases.rows if row.direction is not Direction.TO_FHIR]
    facts = [_element(type_name, path) for path in lane.paths]
    domains = [_values(one, index, cases) for index, one in enumerate(facts)]
    if prod(map(len, domains)) > _MAX_COMBINATIONS:
        return
    choices = [one.choice if one else None for one in facts]
    able = (each for each in product(*domains) if _is_able(each, choices))
    used = {index for each in able if (index := _first(rows, each, "fhir")) is not None}
    _tell_unused(rows, used, findings)


def _tell_unused(rows: list[Row], used: set[int], findings: Findings) -> None:
    for index, row in enumerate(rows):
        if index not in used:
            findings.add(
                "E221",
                row.place,
                "this row can never be chosen: earlier rows take all its cases",
                "remove it, or move it up",
            )


def _first(
    rows: list[Row], values: tuple[Json, ...], side: Literal["vendor", "fhir"]
) -> int | None:
    cells = (row.vendor if side == "vendor" else row.fhir for row in rows)
    return next((i for i, each in enumerate(cells) if all(map(_cell_fits, each, values))), None)


def _element(type_name: str, path: FhirPath) -> definitions.Element | None:
    found = None
    for name in path.names:
        found = definitions.element(type_name, name)
        type_name = found.type if found else ""
    return found


def _values(facts: definitions.Element | None, index: int, cases: Cases) -> list[Json]:
    """Absence, every code of the element (or of the column), and one other where it is open."""
    cells = (row.fhir[index] for row in cases.rows)
    literals = dict.fromkeys(cell.value for cell in cells if cell.kind == "literal")
    if facts and facts.type == "boolean":
        return [None, True, False]
    closed = facts.codes if facts else None
    return (
        [None, *dict.fromkeys((*literals, *sorted(closed)))] if closed else [None, *literals, ...]
    )


def _is_able(values: tuple[Json, ...], choices: list[str | None]) -> bool:
    made = [
        choice
        for choice, value in zip(choices, values, strict=True)
        if choice and value is not None
    ]
    return len(made) == len(set(made))


def _cell_fits(cell: Cell, value: Json) -> bool:
    if cell.kind == "any":
        return True
    if cell.kind == "none":
        return value is None
    return value is not None if cell.kind == "value" else bool(value == cell.value)


def _word(value: Json) -> str:
    if value is None:
        return "absent"
    return "another value" if value is ... else str(value)
