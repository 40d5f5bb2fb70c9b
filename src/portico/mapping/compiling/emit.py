"""Python source from lanes and their tree: three functions per shape.

    to_fhir(v, u, x, refs)   record → resource   (u: the enclosing object of a flattened group;
                                                  refs: references to sibling resources)
    read(f)                  resource → slots
    put(n, o, v, u, x)       new and old slots, old record → {member: value}

Every line remembers the lane it came from, so that a failure inside can name its rule without any
bookkeeping on the way. Fixed values, transforms and predicates are passed as globals.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node, children_of
from portico.mapping.language.rule import Member
from portico.mapping.language.selector import is_dated


@dataclass
class Source:
    """Source text under construction, the globals it needs, and whose lane each line is."""

    text: list[str] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=dict)
    lanes: dict[int, Lane] = field(default_factory=dict)
    lane: Lane | None = None
    depth: int = 0
    _counter: int = 0

    def line(self, text: str) -> None:
        self.text.append("    " * self.depth + text)
        if self.lane:
            self.lanes[len(self.text)] = self.lane

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        self.line(header)
        self.depth += 1
        yield
        self.depth -= 1

    def fresh(self, prefix: str) -> str:
        self._counter += 1
        return f"{prefix}{self._counter}"

    def use(self, prefix: str, value: object) -> str:
        """A global that holds the value."""
        name = self.fresh(prefix)
        self.names[name] = value
        return name


@dataclass(frozen=True, slots=True)
class Value:
    """An expression, and the condition under which it has a value."""

    text: str
    there: str


class Members:
    """Loads vendor members into locals, each once per function."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._loaded: dict[tuple[bool, tuple[str, ...]], str] = {}
        self._plain: set[str] = set()

    def local(self, member: Member) -> str:
        """The local that holds a member; "", [] and {} count as nothing."""
        name = self._name(member)
        if name not in self._plain:
            self._source.line(f"if not {name} and {name} in NOTHING: {name} = None")
            self._plain.add(name)
        return name

    def value(self, member: Member) -> Value:
        """The local and when it holds something, for a use that asks."""
        name = self._name(member)
        is_there = "is not None" if name in self._plain else f"or {name} not in NOTHING"
        return Value(name, f"{name} {is_there}")

    def all(self, members: tuple[Member, ...]) -> str:
        return ", ".join(self.local(member) for member in members)

    def _name(self, member: Member) -> str:
        key = (member.up, member.steps)
        if key not in self._loaded:
            self._loaded[key] = self._load(member)
        return self._loaded[key]

    def _load(self, member: Member) -> str:
        source, base = self._source, "u" if member.up else "v"
        for depth in range(1, len(member.steps)):
            base = self._parent(member, depth, base)
        name = source.fresh("a")
        source.line(f"{name} = {base}.get({member.steps[-1]!r})" if member.steps else f"{name} = v")
        return name

    def _parent(self, member: Member, depth: int, base: str) -> str:
        key = (member.up, (*member.steps[:depth], "…"))
        if key not in self._loaded:
            name = self._source.fresh("p")
            self._source.line(f"{name} = {base}.get({member.steps[depth - 1]!r}) or EMPTY")
            self._loaded[key] = name
        return self._loaded[key]


def slots(count: int, prefix: str) -> str:
    return "(" + "".join(f"{prefix}{index}, " for index in range(count)) + ")"


def emit_read(source: Source, root: Branch, count: int, kept: frozenset[int]) -> None:
    """`read(f)`; a fallback reads as nothing, except in the slots of `kept`."""
    with source.block("def read(f):"):
        if count:
            source.line("".join(f"s{index} = " for index in range(count)) + "None")
        _read_branch(source, root, "f", kept)
        source.line(f"return {slots(count, 's')}")


def _read(source: Source, node: Node, value: str, kept: frozenset[int]) -> None:
    if isinstance(node, Leaf):
        source.line(f"s{node.slot} = {value}")
    elif children_of(node):
        with source.block(f"if {value}:"):
            if isinstance(node, Entries):
                _read_entries(source, node, value, kept)
            else:
                _read_branch(source, node, value, kept)


def _read_branch(source: Source, node: Branch, name: str, kept: frozenset[int]) -> None:
    for key, child in node.children.items():
        value = source.fresh("g")
        source.line(f"{value} = {name}.get({key!r})")
        if key in node.fallbacks and not (isinstance(child, Leaf) and child.slot in kept):
            source.line(f"if {value} == {node.fallbacks[key]!r}: {value} = None")
        _read(source, child, value, kept)


def _read_entries(source: Source, node: Entries, value: str, kept: frozenset[int]) -> None:
    entries = source.fresh("l")
    listed = f"current({value})" if is_dated(node.type) else value
    fields = {found.known_by[0] if found.known_by else None for found, _ in node.slices}
    if len(fields) == 1 and None not in fields and node.rest is None:
        _read_indexed(source, node, (listed, fields.pop()), kept)
        return
    source.line(f"{entries} = {listed}")
    picked = []
    for found, child in node.slices:
        name = source.fresh("e")
        source.line(f"{name} = pick({entries}, {source.use('ranked', found.ranked)})")
        picked.append(name)
        _read(source, child, name, kept)
    if node.rest:
        others = " and ".join(f"e is not {name}" for name in picked) or "True"
        source.line(f"s{node.rest.slot} = [e for e in {entries} if {others}] or None")


def _read_indexed(
    source: Source, node: Entries, entries: tuple[str, str | None], kept: frozenset[int]
) -> None:
    """Entries that one element tells apart are found by it: one pass, however many slices."""
    index = source.fresh("d")
    listed, field_name = entries
    source.line(f"{index} = {{}}")
    source.line(f"for e in {listed}: {index}.setdefault(e.get({field_name!r}), e)")
    for found, child in node.slices:
        name = source.fresh("e")
        wanted = found.known_by[1] if found.known_by else None
        source.line(f"{name} = {index}.get({wanted!r})")
        _read(source, child, name, kept)
