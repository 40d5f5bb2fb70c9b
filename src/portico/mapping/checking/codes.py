"""Checks of code tables and decision tables: nothing forgotten, nothing dead."""

from collections.abc import Iterator
from itertools import islice, product

from portico import Json
from portico.errors import Findings, Place
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.language.rule import (
    Call,
    Cases,
    Cell,
    CodeTable,
    Constant,
    Direction,
    Row,
    Rule,
    Shape,
    Target,
)
from portico.mapping.load import ObjectModule

_MAX_COMBINATIONS = 5_000


def check_codes(
    shape: Shape,
    compiled: CompiledShape,
    module: ObjectModule,
    findings: Findings,
    inside: str = "",
) -> None:
    """E212 to E214 for code tables, E220 and E221 for decision tables.

    `inside` is the list whose entries the shape is of, with a dot at its end.
    """
    enums = _enums(module, inside)
    present = frozenset[str]() if inside else _always_present(module)
    for lane in compiled.lanes:
        if lane.cases:
            domains = list(_domains(lane, lane.cases, present, enums))
            _check_rows(lane, lane.cases, domains, findings)
    for constant in (*shape.constants, *shape.fallback):
        codes = _codes(compiled.type, constant.path.names)
        if codes is not None and isinstance(constant.value, str) and "#" not in constant.value:
            _check_fixed(constant, codes, findings)
    for name, inner, entry in _lists(shape, compiled):
        check_codes(inner, entry.shape, module, findings, f"{inside}{name}.")
    for rule, target, table in _uses(shape, module):
        names = target.paths[0].names if target.paths else ()
        _check_way_back(table, target.direction, findings)
        _check_vendor_codes(table, enums.get(str(rule.members[0])), findings)
        _check_fhir_codes(table, _codes(compiled.type, names), target.direction, findings)


def _lists(shape: Shape, compiled: CompiledShape) -> Iterator[tuple[str, Shape, EachEntry]]:
    """The lists, the rules of their entries, and what these were compiled to."""
    made = {lane.place: lane.each for lane in compiled.lanes}
    for rule in shape.rules:
        entry = made.get(rule.targets[0].place) if rule.each else None
        if rule.each and isinstance(entry, EachEntry):
            yield str(rule.members[0]), rule.each, entry


def _uses(shape: Shape, module: ObjectModule) -> Iterator[tuple[Rule, Target, CodeTable]]:
    """Where rules of one member use a code table."""
    single = (rule for rule in shape.rules if len(rule.members) == 1)
    for rule, target in ((one, target) for one in single for target in one.targets):
        for table in (_table(call, module) for call in target.calls):
            if table:
                yield rule, target, table


def _domains(
    lane: Lane, cases: Cases, present: frozenset[str], enums: dict[str, frozenset[Json]]
) -> Iterator[list[Json]]:
    """The values that each member of a table may have, absence first where it may be absent."""
    for index, member in enumerate(lane.members):
        absence: list[Json] = [] if str(member) in present else [None]
        yield absence + _domain(str(member), index, cases, enums)


def _table(call: Call, module: ObjectModule) -> CodeTable | None:
    if call.name not in {"code", "concept", "coding"} or not call.args:
        return None
    return module.spec.codes.get(call.args[0])


def _enums(module: ObjectModule, inside: str) -> dict[str, frozenset[Json]]:
    """The vendor's enumerated members, named as from within a list's entry."""
    schema = module.schemas.get("schema")
    found: dict[str, frozenset[Json]] = {}
    for path, leaf in schema.leaves() if schema else ():
        name = path.replace("[]", "")
        if not name.startswith(inside):
            continue
        name = name.removeprefix(inside)
        if "enum" in leaf:
            found[name] = frozenset(value for value in leaf["enum"] if value is not None)
        elif leaf.get("type") == "boolean":
            found[name] = frozenset({True, False})
    return found


def _codes(type_name: str, names: tuple[str, ...]) -> frozenset[str] | None:
    """The codes of a required binding at a path."""
    codes = None
    for name in names:
        facts = definitions.element(type_name, name)
        if facts is None:
            return None
        type_name, codes = facts.type, facts.codes or codes
    return codes


def _check_vendor_codes(table: CodeTable, enum: frozenset[Json] | None, findings: Findings) -> None:
    for value in sorted(map(str, (enum or frozenset()) - table.to_fhir.keys())):
        findings.add(
            "E212",
            table.place,
            f"codes.{table.name}: vendor code '{value}' is missing",
            "add it to the table",
        )


def _check_fixed(constant: Constant, codes: frozenset[str], findings: Findings) -> None:
    if constant.reference is None and constant.value not in codes:
        what = f"'{constant.value}' is not in the value set of {constant.path.text}"
        findings.add("E214", constant.place, what)


def _check_way_back(table: CodeTable, direction: Direction, findings: Findings) -> None:
    """What a table writes, it has to read again."""
    if direction is not Direction.BOTH or table.local is not None:
        return
    for code, value in table.to_vendor.items():
        if value is not None and value not in table.to_fhir:
            findings.add(
                "E215",
                table.rows[value],
                f"codes.{table.name}: '{value}' is written for '{code}', and not read again",
                "drop its '<-', or write '-> code' for what it is read as",
            )


def _check_fhir_codes(
    table: CodeTable, codes: frozenset[str] | None, direction: Direction, findings: Findings
) -> None:
    if codes is None:
        return
    known = {code for code in table.to_fhir.values() if code} | {c for c in table.to_vendor if c}
    for code in sorted(known - codes - table.systems.keys()):
        what = f"codes.{table.name}: '{code}' is not in the value set of the element"
        findings.add("E214", _row_of(table, code), what)
    if direction is not Direction.TO_FHIR:
        for code in sorted(codes - table.to_vendor.keys() - table.reject.keys()):
            findings.add(
                "E213",
                table.place,
                f"codes.{table.name}: FHIR '{code}' has no way back",
                f"add it to a vendor code as '<- {code}', or to reject",
            )


def _row_of(table: CodeTable, code: str) -> Place:
    """The row that has a FHIR code."""
    pairs = [*table.to_fhir.items(), *((vendor, one) for one, vendor in table.to_vendor.items())]
    found = (table.rows[vendor] for vendor, one in pairs if one == code and vendor in table.rows)
    return next(found, table.place)


def _always_present(module: ObjectModule) -> frozenset[str]:
    """The members that every record has, and never as null."""
    schema = module.schemas.get("schema")
    if schema is None or module.is_bundle:
        return frozenset()
    required = schema.document.get("required", ())
    return frozenset(name for name in required if not schema.accepts(name, None))


def _check_rows(lane: Lane, cases: Cases, domains: list[list[Json]], findings: Findings) -> None:
    rows = [row for row in cases.rows if row.direction is not Direction.TO_VENDOR]
    used: set[int] = set()
    for combination in islice(product(*domains), _MAX_COMBINATIONS):
        index = next((i for i, row in enumerate(rows) if _fits(row, combination)), None)
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
    for index, row in enumerate(rows):
        if index not in used:
            findings.add(
                "E221",
                row.place,
                "this row can never be chosen: earlier rows take all its cases",
                "remove it, or move it up",
            )


def _domain(member: str, index: int, cases: Cases, enums: dict[str, frozenset[Json]]) -> list[Json]:
    """The values that matter: the enum, else the literals of the table and one other value."""
    cells = [row.vendor[index] for row in cases.rows]
    literals = {cell.value for cell in cells if cell.kind == "literal"}
    values = enums.get(member)
    return sorted(values, key=str) if values else [*sorted(literals, key=str), ...]


def _fits(row: Row, combination: tuple[Json, ...]) -> bool:
    return all(map(_cell_fits, row.vendor, combination))


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
