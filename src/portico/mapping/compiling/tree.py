"""The elements that a shape owns, as a tree of R4's own structure with numbered leaves (slots).

Building a resource, reading it back, and comparing two of them all walk this one tree, so that
they cannot disagree about which entry of a list a rule means.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from portico import Json
from portico.errors import Place
from portico.fhir import definitions
from portico.mapping.language.grammar import fail
from portico.mapping.language.rule import Constant, FhirPath, Step
from portico.mapping.language.selector import Slice, UnknownElementError, element, resolve
from portico.mapping.language.terminology import Terminology


@dataclass
class Leaf:
    """An element that one slot holds. A ghost is read from resources but never built."""

    slot: int
    ghost: bool = False


@dataclass
class Branch:
    """An object; `constants` are its fixed members, `reference` names a sibling resource."""

    type: str
    children: dict[str, "Node"] = field(default_factory=dict)
    constants: dict[str, Json] = field(default_factory=dict)
    siblings: dict[str, str] = field(default_factory=dict)
    fallbacks: dict[str, Json] = field(default_factory=dict)


@dataclass
class Entries:
    """A list: slices in the order of the module, and one slot for the entries of no slice."""

    type: str
    slices: list[tuple[Slice, "Node"]] = field(default_factory=list)
    rest: Leaf | None = None


Node = Leaf | Branch | Entries


def children_of(node: Node | None) -> tuple[Node, ...]:
    """The nodes right below a node."""
    if isinstance(node, Branch):
        return tuple(node.children.values())
    if isinstance(node, Entries):
        return (*(child for _, child in node.slices), *((node.rest,) if node.rest else ()))
    return ()


class TreeBuilder:
    """Grows the tree of one shape; `resource` is its type, `terminology` resolves system names."""

    def __init__(self, type_name: str, terminology: Terminology) -> None:
        self.root = Branch(type_name)
        self.slots = 0
        self._terminology = terminology

    def slot(self, path: FhirPath, *, ghost: bool = False, shared: bool = False) -> int:
        """The slot of a path: a new leaf, or for `shared` the leaf that is already there."""
        parent, last = self._parent(path)
        found = self._found(parent, last)
        if isinstance(found, Leaf):
            if shared or found.ghost:
                found.ghost = found.ghost and ghost
                return found.slot
            raise fail("E202", path.place, f"{path.text} is already produced by another rule")
        leaf = Leaf(self.slots, ghost)
        self._place(parent, last, leaf, path)
        self.slots += 1
        return leaf.slot

    def type_at(self, path: FhirPath) -> str:
        """The R4 type of the element at a path, or of its entries if it is a list."""
        parent, last = self._parent(path)
        return self._element(parent.type, last, path).type

    def is_nested(self, path: FhirPath) -> bool:
        """Whether the element at a path is a list or an object."""
        parent, last = self._parent(path)
        facts = self._element(parent.type, last, path)
        one = last.selector is not None
        return (facts.is_list and not one) or not definitions.is_primitive(facts.type)

    def is_list(self, path: FhirPath) -> bool:
        """Whether R4 has a list at a path."""
        parent, last = self._parent(path)
        return self._element(parent.type, last, path).is_list

    def constant(self, constant: Constant, value: Json) -> None:
        """Fix an element; a list element without a selector gets a list of this one value."""
        parent, last = self._parent(constant.path)
        name = self._slice_to_name(last, constant.path)
        if constant.reference:
            parent.siblings[name] = constant.reference
            return
        facts = self._element(parent.type, last, constant.path)
        wrapped = facts.is_list and not isinstance(value, list)
        parent.constants[name] = [value] if wrapped else value

    def fallback(self, constant: Constant, value: Json) -> None:
        """Give an element a value for when nothing else filled it."""
        parent, last = self._parent(constant.path)
        facts = self._element(parent.type, last, constant.path)
        wrapped = facts.is_list and not isinstance(value, list)
        parent.fallbacks[last.name] = [value] if wrapped else value

    def _slice_to_name(self, step: Step, path: FhirPath) -> str:
        if step.selector is not None:
            raise fail("E126", path.place, "a constant ends at an element, not at a list's entry")
        return step.name

    def _parent(self, path: FhirPath) -> tuple[Branch, Step]:
        node = self.root
        for step in path.steps[:-1]:
            node = self._child(node, step, path)
        return node, path.steps[-1]

    def _child(self, parent: Branch, step: Step, path: FhirPath) -> Branch:
        facts = self._element(parent.type, step, path)
        if not facts.is_list:
            child = parent.children.setdefault(step.name, Branch(facts.type))
        elif step.selector is None:
            raise fail(
                "E122",
                step.place,
                f"'{step.name}' is a list: say which entry (in {path.text})",
                f"{step.name}[0], {step.name}[element=value], …",
            )
        else:
            child = self._entry(parent, step, path, Branch(facts.type))
        if not isinstance(child, Branch):
            raise fail("E202", path.place, f"{path.text} lies inside what another rule produces")
        return child

    def _entry(self, parent: Branch, step: Step, path: FhirPath, new: Node) -> Node:
        entries = self._entries(parent, step.name)
        for found, node in entries.slices:
            if found.selector == step.selector:
                return node
        try:
            made = resolve(step, entries.type, self._terminology)
        except UnknownElementError as error:
            raise unknown_element(error, step.place, path.text) from error
        entries.slices.append((made, new))
        return new

    def _entries(self, parent: Branch, name: str) -> Entries:
        found = parent.children.get(name)
        if isinstance(found, Entries):
            return found
        entries = Entries(element(parent.type, name).type)
        entries.rest = found if isinstance(found, Leaf) else None
        parent.children[name] = entries
        return entries

    def _found(self, parent: Branch, step: Step) -> Node | None:
        node = parent.children.get(step.name)
        if not isinstance(node, Entries):
            return node if step.selector is None else None
        if step.selector is None:
            return node.rest
        return next((n for found, n in node.slices if found.selector == step.selector), None)

    def _place(self, parent: Branch, step: Step, leaf: Leaf, path: FhirPath) -> None:
        facts = self._element(parent.type, step, path)
        if step.selector is not None:
            if not facts.is_list:
                what = f"'{step.name}' is not a list"
                raise fail("E123", step.place, what, "leave out the brackets")
            self._entry(parent, step, path, leaf)
        elif isinstance(found := parent.children.get(step.name), Entries):
            found.rest = leaf
        elif found is not None:
            raise fail("E202", path.place, f"{path.text} is already produced by another rule")
        else:
            parent.children[step.name] = leaf

    def _element(self, type_name: str, step: Step, path: FhirPath) -> definitions.Element:
        try:
            return element(type_name, step.name)
        except UnknownElementError as error:
            raise unknown_element(error, step.place, path.text) from error


def unknown_element(error: UnknownElementError, place: Place, text: str) -> Exception:
    """E121, with the element that was probably meant."""
    near = close(error.name, definitions.elements(error.type_name))
    return fail(
        "E121",
        place,
        f"{error.type_name} has no element '{error.name}' (in {text})",
        f"did you mean '{near}'?" if near else "",
    )


def close(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to a misspelt one."""
    found = difflib.get_close_matches(name, list(known), 1)
    return found[0] if found else None
