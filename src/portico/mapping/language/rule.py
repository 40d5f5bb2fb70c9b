"""What a module says, as data: rules, paths, tables; read from YAML, checked, then compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from portico.errors import Finding, Place


class Direction(Enum):
    """Which way a target works."""

    BOTH = "<->"
    TO_FHIR = "->"
    TO_VENDOR = "<-"

    @property
    def reads(self) -> bool:
        return self is not Direction.TO_VENDOR

    @property
    def writes(self) -> bool:
        return self is not Direction.TO_FHIR


@dataclass(frozen=True, slots=True)
class Test:
    """`use=home`: the entry's element has this value; soft (`use?=home`): it may also be absent."""

    path: tuple[str, ...]
    value: str
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Selector:
    """Which entry of a FHIR list a step means."""

    tests: tuple[Test, ...] = ()
    position: bool = False
    prefer: tuple[Test, ...] = ()
    has: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path; `place` is where it is written, in the rule or in the slice it is of."""

    name: str
    selector: Selector | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class FhirPath:
    """A place in a resource, relative to its shape; `text` is what the author wrote."""

    steps: tuple[Step, ...]
    text: str = field(compare=False)
    place: Place = field(compare=False)

    def under(self, prefix: "FhirPath") -> "FhirPath":
        return FhirPath(prefix.steps + self.steps, f"{prefix.text}.{self.text}", self.place)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.steps)


@dataclass(frozen=True, slots=True)
class Member:
    """A place in a vendor's object; `up` reaches the enclosing object of a flattened group."""

    steps: tuple[str, ...]
    up: bool = False
    place: Place = field(default=Place(""), compare=False)

    def __str__(self) -> str:
        return "^" * self.up + ".".join(self.steps)

    def under(self, prefix: "Member") -> "Member":
        return Member(prefix.steps + self.steps, prefix.up, self.place)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r'[^\s"|;]+', text) else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Call:
    """A transform by name with its arguments: `list " "`."""

    name: str
    args: tuple[str, ...]
    place: Place = field(compare=False)

    def __str__(self) -> str:
        """As it could stand in a rule."""
        return " ".join((self.name, *map(_quoted, self.args)))


@dataclass(frozen=True, slots=True)
class Target:
    """One right-hand side of a rule."""

    direction: Direction
    paths: tuple[FhirPath, ...]
    calls: tuple[Call, ...]
    place: Place
    constant: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a decision table: a literal, `none`, `_` (any), or `$x` (a value)."""

    kind: str
    value: str | bool | int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    vendor: tuple[Cell, ...]
    direction: Direction
    fhir: tuple[Cell, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Cases:
    """A decision table between several members and several elements.

    `reject` holds FHIR codes that no row writes, each with the reason that the client sees.
    """

    paths: tuple[FhirPath, ...]
    variables: Mapping[str, tuple[Call, ...]]
    rows: tuple[Row, ...]
    reject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StructType:
    """The rules of an entry of `types`, and the R4 type that it says it `is`."""

    rules: "tuple[Rule, ...]"
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A type used at a path, which says that R4's type there is `of`."""

    path: FhirPath
    of: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the table. `group` ties the rules that one use of a type expanded to.

    `claims` are what the types that it came from say of the places that they were used at.
    """

    members: tuple[Member, ...]
    place: Place
    targets: tuple[Target, ...] = ()
    cases: Cases | None = None
    each: "Shape | None" = None
    key: tuple[str, ...] = ()
    group: int = 0
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value at a path; `reference` names a sibling resource of the bundle instead."""

    path: FhirPath
    value: object
    place: Place
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Vendor codes and FHIR codes. `None` as a key or value is absence."""

    name: str
    place: Place
    to_fhir: Mapping[object, str | None]
    to_vendor: Mapping[str | None, object]
    reject: Mapping[str, str]
    system: str | None = None
    local: str | None = None
    systems: Mapping[str, str] = field(default_factory=dict)
    display: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[object, Place] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """The rules between one vendor object and one FHIR object.

    By element name: values that may be lost without harm (`neutral`), and values (or `any`) whose
    loss refuses the write (`refuse`).
    """

    type: str
    rules: tuple[Rule, ...]
    place: Place
    constants: tuple[Constant, ...] = ()
    fallback: tuple[Constant, ...] = ()
    neutral: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refuse: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One resource type of a bundle module.

    `origin` is the path to the vendor's object or list; `inner` the path from a group to its list.
    A part of a row (`from: .`) is there when a member of `condition` is; `suffix` ends its id.
    """

    name: str
    shape: Shape
    origin: tuple[str, ...]
    repeats: bool = False
    inner: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    condition: tuple[str, ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A member that changes by a request of its own; `allowed` holds its transitions."""

    name: str
    sent_as: str
    allowed: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lock:
    """The member that holds a record's version and the member that sends it back."""

    member: str
    sent_as: str


@dataclass(frozen=True, slots=True)
class WriteShape:
    """How writes differ from reads. `starts` are values that a new record has unsaid."""

    replaces: bool
    renames: Mapping[str, str]
    actions: Mapping[str, Action]
    url: frozenset[str]
    clear: str | None
    lock: Lock | None
    starts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModuleSpec:
    """A whole module file.

    `places` tells where each section stands, those of a resource as `resources.NAME.rules`, and
    each dropped member. `remarks` are findings that keep nobody from reading the module.
    """

    vendor: str
    object: str
    place: Place
    parts: tuple[Part, ...]
    bundle: str | None
    write: WriteShape
    schemas: Mapping[str, str]
    codes: Mapping[str, CodeTable]
    systems: Mapping[str, str]
    oids: Mapping[str, str]
    on_loss: str
    drop: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    remarks: tuple[Finding, ...] = ()
