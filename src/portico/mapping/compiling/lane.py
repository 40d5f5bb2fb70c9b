"""Rules resolved: each target with its slots in the tree and its transform, ready to be emitted."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from portico import Json
from portico.errors import Findings, MappingError, Place
from portico.mapping.compiling.tree import TreeBuilder
from portico.mapping.conversion.converter import Environment, build, gate
from portico.mapping.conversion.template import members_of
from portico.mapping.conversion.transform import Transform
from portico.mapping.language.grammar import fail, parse_path
from portico.mapping.language.rule import (
    Cases,
    Cell,
    Direction,
    FhirPath,
    Member,
    Rule,
    Shape,
    Target,
)
from portico.mapping.language.terminology import VENDOR_CODE


class Each(Protocol):
    """What converts a list, entry by entry: `convert` makes one entry of (item, up, x, refs)."""

    @property
    def convert(self) -> Callable[..., Json]: ...


@dataclass(frozen=True)
class Lane:
    """One target of one rule: `members` of the vendor, `slots` of FHIR, and what lies between.

    `nested` values are lists or objects, which must not be shared between documents.
    """

    place: Place
    paths: tuple[FhirPath, ...]
    direction: Direction
    members: tuple[Member, ...]
    slots: tuple[int, ...]
    transform: Transform | None = None
    cases: Cases | None = None
    variables: Mapping[str, Transform] | None = None
    each: Each | None = None
    key: tuple[str, ...] = ()
    reads_if: str | None = None
    writes_if: str | None = None
    group: int = 0
    fallback: bool = False
    constant: str | None = None
    template: str | None = None
    nested: bool = False
    converters: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """The paths as their author wrote them."""
        return " + ".join(path.text for path in self.paths)

    def declares(self, value: Json) -> bool:
        """Whether the module says in so many words how this FHIR code is written."""
        if self.cases:
            rows = [row for row in self.cases.rows if row.direction is not Direction.TO_FHIR]
            cells = (cell for row in rows for cell in row.fhir)
            return any(cell.kind == "literal" and cell.value == value for cell in cells)
        codes = self.transform.codes if self.transform else frozenset()
        return isinstance(value, str) and value in codes

    @property
    def lossy(self) -> bool:
        return self.transform is not None and self.transform.lossy


def fhirpath(type_name: str, lane: Lane) -> str:
    """The lane's element as a FHIRPath without selectors."""
    return ".".join([type_name, *(lane.paths[0].names if lane.paths else ())])


EachCompiler = Callable[[Shape, str], Each]


@dataclass(frozen=True)
class LaneBuilder:
    """Resolves the rules of one shape into lanes, and their paths into the tree."""

    tree: TreeBuilder
    environment: Environment
    compile_each: EachCompiler

    def lanes(self, rules: tuple[Rule, ...]) -> tuple[Lane, ...]:
        """All lanes; those that build come first, so that the others can share their slots.

        Raises MappingError with the findings of every rule.
        """
        findings = Findings()
        lanes: list[Lane] = []
        for builds in (True, False):
            for rule in rules:
                try:
                    lanes.extend(self._of_rule(rule, builds=builds))
                except MappingError as error:
                    findings.found.extend(error.findings)
        findings.raise_if_any()
        return tuple(lanes)

    def _of_rule(self, rule: Rule, *, builds: bool) -> Iterator[Lane]:
        if rule.cases:
            if builds:
                yield self._cases(rule, rule.cases)
            return
        two_way = any(target.direction is Direction.BOTH for target in rule.targets)
        for target in rule.targets:
            if (target.direction is not Direction.TO_VENDOR) == builds:
                yield self._target(rule, target, fallback=two_way and not builds)

    def _target(self, rule: Rule, target: Target, *, fallback: bool) -> Lane:
        if target.constant is not None or target.template is not None:
            _readable(target)
            return Lane(
                target.place,
                (),
                Direction.TO_VENDOR,
                rule.members,
                (),
                fallback=fallback,
                constant=target.constant,
                template=target.template,
            )
        transform = build(target.calls, len(rule.members), self.environment)
        self._width(rule, target, transform)
        ghost = target.direction is Direction.TO_VENDOR
        slots = [self.tree.slot(path, ghost=ghost, shared=ghost) for path in target.paths]
        companions = transform.companions if transform else ()
        slots.extend(self.tree.slot(_vendor_code(target)) for _ in companions)
        each = None
        if rule.each:
            each = self.compile_each(rule.each, self.tree.type_at(target.paths[0]))
        return Lane(
            target.place,
            target.paths,
            target.direction,
            rule.members,
            tuple(slots),
            transform,
            each=each,
            key=rule.key,
            reads_if=gate(target.calls, "reads-if"),
            writes_if=gate(target.calls, "writes-if"),
            group=rule.group,
            fallback=fallback,
            nested=self.tree.is_nested(target.paths[0]),
            converters=tuple(map(str, target.calls)),
        )

    def _width(self, rule: Rule, target: Target, transform: Transform | None) -> None:
        width = transform.members if transform else 1
        if width != len(rule.members) or len(target.paths) != 1:
            raise fail(
                "E113",
                target.place,
                f"{len(rule.members)} vendor fields and {len(target.paths)} FHIR paths do not meet",
                "join fields with a converter of several (list, spread, packed, lookup), or cases",
            )
        if transform and transform.one_way and target.direction is Direction.BOTH:
            raise fail("E206", target.place, "this converter works one way", "write '->' or '<-'")

    def _cases(self, rule: Rule, cases: Cases) -> Lane:
        slots = tuple(self.tree.slot(path) for path in cases.paths)
        variables = {
            name: made
            for name, calls in cases.variables.items()
            if (made := build(calls, 1, self.environment))
        }
        for row in cases.rows:
            left, right = (_variables(cells) for cells in (row.vendor, row.fhir))
            if left != right:
                raise fail("E113", row.place, "a $value must stand on both sides of its row")
        return Lane(
            rule.place,
            cases.paths,
            Direction.BOTH,
            rule.members,
            slots,
            cases=cases,
            variables=variables,
        )


def _readable(target: Target) -> None:
    if target.direction is not Direction.TO_VENDOR:
        raise fail("E206", target.place, "a fixed text works one way", "write '<-'")
    try:
        members_of(target.template or "")
    except ValueError as error:
        raise fail("E116", target.place, f"not a Jinja2 template: {error}") from error


def _variables(cells: tuple[Cell, ...]) -> frozenset[Json]:
    return frozenset(cell.value for cell in cells if cell.kind == "value")


def _vendor_code(target: Target) -> FhirPath:
    """Where the vendor's own code is kept: an extension on the element's `_name`."""
    path = target.paths[0]
    parent, last = path.steps[:-1], path.steps[-1]
    carried = parse_path(f"_{last.name}.extension[url={VENDOR_CODE}].valueCode", path.place)
    return FhirPath(parent + carried.steps, path.text, path.place)
