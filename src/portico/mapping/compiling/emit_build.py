"""Python source that builds a resource from values, as literals where its parts are certain.

A part that may be missing is built where it is put, under the one condition that decides it; what
has several parts that may be missing gets a local of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.fhir import definitions
from portico.mapping.compiling.emit import Source, Value
from portico.mapping.compiling.tree import Branch, Entries, Leaf, Node

ALWAYS = "True"


Items = dict[str, Value]


@dataclass(frozen=True)
class Builder:
    """Emits what makes a node; `values` are those of the slots that records can fill."""

    source: Source
    values: Mapping[int, Value]

    def resource(self, root: Branch) -> Value:
        """Emit the whole resource, its type first; there is none without any other element."""
        items = self._items(root, inside=False)
        kind = {"resourceType": root.type} if definitions.is_resource(root.type) else {}
        name = self._object({**kind, **root.constants}, items)
        self._fall_back(root, name, {**root.constants, **items})
        certain = [item for item in items.values() if item.there == ALWAYS]
        if certain or root.constants or root.fallbacks:
            return Value(name, ALWAYS)
        return Value(name, f"len({name}) > 1" if kind else name)

    def _node(self, node: Node, *, inside: bool, fixed: Mapping[str, Json]) -> Value | None:
        """The value of a node; None if no record can fill it."""
        if isinstance(node, Leaf):
            return None if node.ghost else self.values.get(node.slot)
        if isinstance(node, Entries):
            return self._entries(node)
        return self._branch(node, {**fixed, **node.constants}, inside=inside)

    def _entries(self, node: Entries) -> Value | None:
        rest = self.values.get(node.rest.slot) if node.rest and not node.rest.ghost else None
        if len(node.slices) == 1 and rest is None:
            found, child = node.slices[0]
            made = self._node(child, inside=True, fixed=found.fixed)
            return Value(f"[{made.text}]", made.there) if made else None
        name = self.source.fresh("l")
        self.source.line(f"{name} = []")
        for found, child in node.slices:
            made = self._node(child, inside=True, fixed=found.fixed)
            if made:
                self._when(made, f"{name}.append({made.text})")
        if rest:
            self._when(rest, f"{name}.extend({rest.text})")
        return Value(name, name)

    def _branch(self, node: Branch, constants: Mapping[str, Json], *, inside: bool) -> Value | None:
        items = self._items(node, inside=inside)
        if node.fallbacks:
            return self._with_fallbacks(node, constants, items, inside=inside)
        if not items:
            return Value(repr(dict(constants)), ALWAYS) if constants and not inside else None
        certain = [item.there for item in items.values() if item.there == ALWAYS]
        if certain or (constants and not inside):
            return Value(self._object(constants, items), ALWAYS)
        if len(items) == 1:
            ((key, item),) = items.items()
            return Value(_literal(constants, {key: item.text}), item.there)
        if not constants:
            name = self._object({}, items)
            return Value(name, name)
        return self._company(constants, items)

    def _items(self, node: Branch, *, inside: bool) -> Items:
        """The children and the references to siblings, in R4's own order of elements."""
        names = list(definitions.elements(node.type))
        made = {
            key: self._node(child, inside=inside, fixed={})
            for key, child in sorted(node.children.items(), key=lambda one: _place(names, one[0]))
        }
        items = {key: item for key, item in made.items() if item}
        for key, sibling in node.siblings.items():
            name = self.source.fresh("r")
            self.source.line(f"{name} = refs.get({sibling!r})")
            items[key] = Value(name, name)
        return items

    def _company(self, constants: Mapping[str, Json], items: Items) -> Value:
        """Constants that stand only beside a value."""
        name = self.source.fresh("n")
        self.source.line(f"{name} = None")
        with self.source.block(f"if {' or '.join(item.there for item in items.values())}:"):
            self.source.line(f"{name} = {dict(constants)!r}")
            self._set(name, items)
        return Value(name, name)

    def _object(self, constants: Mapping[str, Json], items: Items) -> str:
        """A local with the constants and all items that are there."""
        certain = {}
        for key, item in items.items():
            if item.there != ALWAYS:
                break
            certain[key] = item.text
        name = self.source.fresh("n")
        self.source.line(f"{name} = {_literal(constants, certain)}")
        self._set(name, {key: item for key, item in items.items() if key not in certain})
        return name

    def _with_fallbacks(
        self, node: Branch, constants: Mapping[str, Json], items: Items, *, inside: bool
    ) -> Value | None:
        """An object with fallbacks where nothing else stands; an entry of a list if it has more."""
        told = {**constants, **items}
        if not inside:
            name = self._object(constants, items)
            self._fall_back(node, name, told)
            return Value(name, ALWAYS)
        if not items:
            return None
        made = self._company(constants, items) if constants else None
        name = made.text if made else self._object({}, items)
        with self.source.block(f"if {name}:"):
            self._fall_back(node, name, told)
        return Value(name, name)

    def _fall_back(self, node: Branch, name: str, told: Mapping[str, Json | Value]) -> None:
        """Set what nothing else has told."""
        for key, value in node.fallbacks.items():
            other = told.get(key)
            there = f"not ({other.there})" if isinstance(other, Value) else ALWAYS
            if key not in told or there != ALWAYS:
                self._when(Value(repr(value), there), f"{name}[{key!r}] = {value!r}")

    def _set(self, name: str, items: Items) -> None:
        for key, item in items.items():
            self._when(item, f"{name}[{key!r}] = {item.text}")

    def _when(self, item: Value, statement: str) -> None:
        self.source.line(statement if item.there == ALWAYS else f"if {item.there}: {statement}")


def _literal(constants: Mapping[str, Json], items: Mapping[str, str]) -> str:
    parts = [f"{key!r}: {value!r}" for key, value in constants.items()]
    parts += [f"{key!r}: {text}" for key, text in items.items()]
    return "{" + ", ".join(parts) + "}"


def _place(names: Sequence[str], name: str) -> int:
    """Where R4 has an element; `_name` follows its element."""
    bare = name.removeprefix("_")
    return names.index(bare) if bare in names else -1
