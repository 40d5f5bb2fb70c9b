"""Whether fixed values, and the values that slices test, are codes that R4 has at their place."""

from collections.abc import Iterator

from portico import Json
from portico.errors import Findings, Place
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.tree import Branch, Entries, Node, close
from portico.mapping.language.rule import Shape

_Names = tuple[str, ...]


def check_fixed(shape: Shape, compiled: CompiledShape, findings: Findings) -> None:
    """E214 for constants, fallbacks and slices with a code that no required value set has."""
    places = {one.path.names: one.place for one in (*shape.fallback, *shape.constants)}
    for names, type_name, value in _fixed(compiled.root, ()):
        for element, code in unknown_codes(type_name, {names[-1]: value}):
            _tell(findings, places.get(names, shape.place), element, code)
    for place, type_name, fixed in _tested(compiled.root):
        for element, code in unknown_codes(type_name, fixed):
            _tell(findings, place, element, code)


def _tell(findings: Findings, place: Place, element: definitions.Element, code: str) -> None:
    near = close(code, element.codes or ())
    remedy = f"did you mean '{near}'?" if near else f"its codes are {_few(element)}"
    findings.add("E214", place, f"'{code}' is not in the value set of {element.name}", remedy)


def _few(element: definitions.Element) -> str:
    codes = sorted(element.codes or ())
    return ", ".join(codes[:12]) + (", …" if len(codes) > 12 else "")  # noqa: PLR2004


def unknown_codes(type_name: str, value: Json) -> Iterator[tuple[definitions.Element, str]]:
    """(element, code) of the codes in an object that are not of their required value set."""
    for name, item in value.items():
        facts = definitions.element(type_name, name)
        for one in item if isinstance(item, list) else [item]:
            if facts is None:
                continue
            if facts.codes is not None:
                yield from ((facts, code) for code in _strange(facts, one))
            elif isinstance(one, dict):
                yield from unknown_codes(facts.type, one)


def _strange(facts: definitions.Element, value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from [] if value in (facts.codes or ()) else [value]
    elif isinstance(value, dict):
        systems = definitions.value_set(facts.binding or "") or {}
        for coding in value.get("coding", [value]):
            if "code" in coding and coding["code"] not in systems.get(coding.get("system"), ()):
                yield coding["code"]


def _fixed(node: Node, names: _Names) -> Iterator[tuple[_Names, str, Json]]:
    """The path, the type of its object and the value of each constant and fallback."""
    if isinstance(node, Branch):
        for name, value in (*node.constants.items(), *node.fallbacks.items()):
            yield (*names, name), node.type, value
        for name, child in node.children.items():
            yield from _fixed(child, (*names, name))
    elif isinstance(node, Entries):
        for _, child in node.slices:
            yield from _fixed(child, names)


def _tested(node: Node) -> Iterator[tuple[Place, str, Json]]:
    """What entries are made with, with the place of the slice and their type."""
    if isinstance(node, Branch):
        for child in node.children.values():
            yield from _tested(child)
    elif isinstance(node, Entries):
        for found, child in node.slices:
            yield found.place, node.type, found.fixed
            yield from _tested(child)
