"""Checks of code tables: nothing forgotten, nothing that R4 has not; and of decision tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from portico import Json
from portico.errors import Findings, Place
from portico.fhir import definitions
from portico.mapping.checking.rows import check_rows, check_way_back
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import close
from portico.mapping.language.rule import (
    Call,
    Cases,
    CodeTable,
    Direction,
    Part,
    Rule,
    Shape,
    Target,
)
from portico.mapping.load import ObjectModule


def check_codes(
    part: Part, compiled: CompiledShape, module: ObjectModule, findings: Findings
) -> None:
    """E212 to E215 for code tables, E220 and E221 for decision tables."""
    group, item = ".".join(part.origin), ".".join((*part.origin, *part.inner))
    facts = _facts(module, item, "")
    if part.inner:
        above = _facts(module, group, "^")
        facts = _Facts(facts.enums | above.enums, facts.present | above.present)
    _check_shape(part.shape, compiled, _Vendor(module, item, facts), findings)


@dataclass(frozen=True)
class _Facts:
    """What the vendor's schema says of members: their codes, and which are never absent."""

    enums: dict[str, frozenset[Json]]
    present: frozenset[str]


@dataclass(frozen=True)
class _Vendor:
    """The object at `path` whose members a shape's rules name."""

    module: ObjectModule
    path: str
    facts: _Facts

    def below(self, name: str) -> "_Vendor":
        path = f"{self.path}.{name}" if self.path else name
        return _Vendor(self.module, path, _facts(self.module, path, ""))


def _check_shape(
    shape: Shape, compiled: CompiledShape, vendor: _Vendor, findings: Findings
) -> None:
    for lane in compiled.lanes:
        if lane.cases:
            check_rows(lane, lane.cases, list(_domains(lane, lane.cases, vendor.facts)), findings)
            check_way_back(compiled.type, lane, lane.cases, findings)
    for name, inner, entry in _lists(shape, compiled):
        _check_shape(inner, entry.shape, vendor.below(name), findings)
    for rule, target, table in _uses(shape, vendor.module):
        names = target.paths[0].names if target.paths else ()
        _check_way_back(table, target.direction, findings)
        _check_vendor_codes(table, vendor.facts.enums.get(str(rule.members[0])), findings)
        _check_fhir_codes(table, _element(compiled.type, names), target.direction, findings)


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


def _domains(lane: Lane, cases: Cases, facts: _Facts) -> Iterator[list[Json]]:
    """The values that each member of a table may have, absence first where it may be absent."""
    for index, member in enumerate(lane.members):
        absence: list[Json] = [] if str(member) in facts.present else [None]
        yield absence + _domain(str(member), index, cases, facts.enums)


def _table(call: Call, module: ObjectModule) -> CodeTable | None:
    if call.name not in {"code", "concept", "coding"} or not call.args:
        return None
    return module.spec.codes.get(call.args[0])


def _facts(module: ObjectModule, path: str, mark: str) -> _Facts:
    """Facts of the members of the object at a path; `mark` stands before their names."""
    schema = module.schemas.get("schema")
    inside = f"{path}." if path else ""
    enums: dict[str, frozenset[Json]] = {}
    for at, leaf in schema.leaves() if schema else ():
        name = at.replace("[]", "")
        if not name.startswith(inside):
            continue
        name = mark + name.removeprefix(inside)
        if "enum" in leaf:
            enums[name] = frozenset(value for value in leaf["enum"] if value is not None)
        elif leaf.get("type") == "boolean":
            enums[name] = frozenset({True, False})
    present = schema.always(path) if schema else ()
    return _Facts(enums, frozenset(f"{mark}{name}" for name in present))


def _element(type_name: str, names: tuple[str, ...]) -> definitions.Element | None:
    """The facts of an element; a code inside a concept has the concept's binding."""
    found = None
    for name in names:
        facts = definitions.element(type_name, name)
        if facts is None:
            return None
        inherits = found is not None and found.codes is not None and facts.codes is None
        found = found if inherits else facts
        type_name = facts.type
    return found


def _check_vendor_codes(table: CodeTable, enum: frozenset[Json] | None, findings: Findings) -> None:
    for value in sorted(map(str, (enum or frozenset()) - table.to_fhir.keys())):
        findings.add(
            "E212",
            table.place,
            f"codes.{table.name}: vendor code '{value}' is missing",
            "add it to the table",
        )


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
    table: CodeTable, element: definitions.Element | None, direction: Direction, findings: Findings
) -> None:
    codes = element.codes if element else None
    if element is None or codes is None:
        return
    systems = definitions.value_set(element.binding or "") or {}
    if table.system is not None and table.system not in systems:
        what = f"codes.{table.name}: its system is not the one of {element.name}"
        findings.add("E214", table.place, what, f"system: {' or '.join(sorted(systems))}")
        return
    known = {code for code in table.to_fhir.values() if code} | {c for c in table.to_vendor if c}
    known |= table.reject.keys()
    for code in sorted(known - codes - table.systems.keys()):
        near = close(code, codes)
        remedy = (
            f"did you mean '{near}'?" if near else f"its codes: {', '.join(sorted(codes)[:12])}"
        )
        what = f"codes.{table.name}: '{code}' is not in the value set of {element.name}"
        findings.add("E214", _row_of(table, code), what, remedy)
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


def _domain(member: str, index: int, cases: Cases, enums: dict[str, frozenset[Json]]) -> list[Json]:
    """The values that matter: the enum, else the literals of the table and one other value."""
    cells = [row.vendor[index] for row in cases.rows]
    literals = {cell.value for cell in cells if cell.kind == "literal"}
    values = enums.get(member)
    return sorted(values, key=str) if values else [*sorted(literals, key=str), ...]
