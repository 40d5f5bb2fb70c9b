"""A module's rules as they are compiled: types replaced by their rules, slices by their entries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from portico.errors import Place
from portico.mapping.checking.members import parts_of
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.language.rule import (
    Cases,
    Cell,
    Constant,
    FhirPath,
    Part,
    Rule,
    Selector,
    Shape,
    Step,
    Target,
    Test,
)
from portico.mapping.load import ObjectModule

PathText: TypeAlias = Callable[[FhirPath], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One target of a rule, one row of its decision table, or one fixed value."""

    place: Place
    vendor: str
    arrow: str
    fhir: str
    converters: str = ""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The rules of one resource; `title` says where it comes from."""

    title: str
    lines: tuple[Line, ...]


def rules_of(module: ObjectModule, *, expanded: bool) -> tuple[ShownPart, ...]:
    """All rules of a module; `expanded` writes out what slices stand for."""
    path_text = written if expanded else _as_written
    return tuple(
        ShownPart(_title(module, part), tuple(_Lines(path_text).of_shape(part.shape)))
        for part, _ in parts_of(module)
    )


def sources(module: ObjectModule) -> Iterator[tuple[str, str]]:
    """The generated Python of a module: a title and the text of each shape."""
    for part, shape in parts_of(module):
        yield from _sources(_title(module, part), shape)


def _sources(title: str, shape: CompiledShape) -> Iterator[tuple[str, str]]:
    yield title, shape.source
    for lane in shape.lanes:
        if isinstance(lane.each, EachEntry):
            yield from _sources(f"{title}, each {lane.expression}", lane.each.shape)


def _title(module: ObjectModule, part: Part) -> str:
    name = f"{module.name}.{part.name}".rstrip(".")
    origin = ".".join(filter(None, part.origin))
    inner = "".join(f"[].{step}" for step in part.inner)
    where = f" from {origin}{inner}{'[]' if part.repeats else ''}" if origin else ""
    return f"{name}{where}: {part.shape.type}"


def _as_written(path: FhirPath) -> str:
    return path.text


def written(path: FhirPath) -> str:
    """A path with every selector, as it could stand in a rule."""
    return ".".join(map(_step, path.steps))


def _step(step: Step) -> str:
    return step.name if step.selector is None else f"{step.name}[{_selector(step.selector)}]"


def _selector(selector: Selector) -> str:
    if selector.has:
        return "has"
    if selector.position:
        name = ".".join(selector.prefer[0].path) if selector.prefer else ""
        values = "|".join(test.value for test in selector.prefer)
        return f"0 prefer {name}={values}" if name else "0"
    return ",".join(map(_test, selector.tests))


def _test(test: Test) -> str:
    return f"{'.'.join(test.path)}{'?=' if test.soft else '='}{test.value}"


@dataclass(frozen=True)
class _Lines:
    """Writes rules; `path` turns a path into text, `indent` stands before what is nested."""

    path: PathText
    indent: str = ""

    def of_shape(self, shape: Shape) -> Iterator[Line]:
        for rule in shape.rules:
            yield from self._of_rule(rule)
        for kind, constants in (("constant", shape.constants), ("fallback", shape.fallback)):
            for constant in constants:
                yield self._constant(kind, constant)

    def _of_rule(self, rule: Rule) -> Iterator[Line]:
        vendor = self.indent + " + ".join(map(str, rule.members))
        if rule.cases:
            fhir = " + ".join(map(self.path, rule.cases.paths))
            yield Line(rule.place, vendor, "cases", fhir, _variables(rule.cases))
            yield from self._rows(rule.cases)
        for target in rule.targets:
            each = f"each, by {' '.join(rule.key)}" if rule.key else "each" if rule.each else ""
            yield self._target(vendor + ("[]" if rule.each else ""), target, each)
        if rule.each:
            yield from _Lines(self.path, f"{self.indent}  ").of_shape(rule.each)

    def _target(self, vendor: str, target: Target, each: str) -> Line:
        fhir = " + ".join(map(self.path, target.paths))
        if target.constant is not None:
            fhir = f'"{target.constant}"'
        if target.template is not None:
            fhir = f'template "{target.template}"'
        converters = each or " | ".join(map(str, target.calls))
        return Line(target.place, vendor, target.direction.value, fhir, converters)

    def _rows(self, cases: Cases) -> Iterator[Line]:
        for row in cases.rows:
            left, right = (" + ".join(map(_cell, cells)) for cells in (row.vendor, row.fhir))
            yield Line(row.place, f"{self.indent}  {left}", row.direction.value, right)

    def _constant(self, kind: str, constant: Constant) -> Line:
        value = f"@{constant.reference}" if constant.reference else str(constant.value)
        return Line(
            constant.place, f"{self.indent}{kind}", "->", f"{self.path(constant.path)} = {value}"
        )


def _variables(cases: Cases) -> str:
    return ", ".join(
        f"${name} | {' | '.join(map(str, calls))}" for name, calls in cases.variables.items()
    )


def _cell(cell: Cell) -> str:
    if cell.kind == "any":
        return "_"
    if cell.kind == "value":
        return f"${cell.value}"
    if cell.kind == "none":
        return "none"
    return str(cell.value).lower() if isinstance(cell.value, bool) else str(cell.value)
