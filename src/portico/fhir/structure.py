"""The structure of R4 documents, held against HL7's definitions.

Unknown, missing and misplaced elements, lists and single values, primitive values, required
bindings, targets of references, and the invariants of `invariant`. A document is walked once; each
issue names its place by FHIRPath and never a value.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from portico import Json
from portico.errors import Issue
from portico.fhir import definitions, primitive, reference
from portico.fhir.binding import binding_issues
from portico.fhir.definitions import Element
from portico.fhir.invariant import invariant_issues

_NEAR = 0.75
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)


def structure_issues(resource_type: str, document: Json) -> Iterator[Issue]:
    """Yield all that R4's definitions have against a document that should be of this type."""
    yield from _resource(document, resource_type, resource_type)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the walk is: a FHIRPath, and the ids of the resources contained around it."""

    path: str
    contained: frozenset[str]

    def down(self, element: Element, at: int | None = None) -> "_Spot":
        name = element.choice or element.name.removeprefix("_")
        index = "" if at is None else f"[{at}]"
        return _Spot(f"{self.path}.{name}{index}", self.contained)

    def issue(self, code: str, what: str) -> Issue:
        return Issue(code, f"{self.path}: {what}", expression=(self.path,))


def _resource(value: Json, path: str, expected: str | None) -> Iterator[Issue]:
    """A resource of its own, with the resources that it contains."""
    spot = _Spot(path, _contained_ids(value))
    name = value.get("resourceType") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping):
        yield spot.issue("structure", "expected a resource as a JSON object")
    elif name is None:
        yield Issue("required", f"{path}: resourceType is missing", expression=(path,))
    elif not isinstance(name, str) or not definitions.is_resource(name):
        yield spot.issue("structure", "resourceType names no resource type of R4")
    elif expected is not None and name != expected:
        yield spot.issue("structure", f"expected resourceType {expected}")
    elif definitions.is_type(name):
        yield from _object(name, value, spot)


def _contained_ids(value: Json) -> frozenset[str]:
    contained = value.get("contained") if isinstance(value, Mapping) else None
    if not isinstance(contained, list):
        return frozenset()
    ids = (one.get("id") for one in contained if isinstance(one, Mapping))
    return frozenset(one for one in ids if isinstance(one, str))


def _inner_resource(value: Json, spot: _Spot) -> Iterator[Issue]:
    """A contained resource sees its siblings; an entry of a Bundle stands for itself."""
    name = value.get("resourceType") if isinstance(value, Mapping) else None
    if ".contained[" not in spot.path or not isinstance(name, str):
        yield from _resource(value, spot.path, None)
    elif not definitions.is_resource(name):
        yield spot.issue("structure", "resourceType names no resource type of R4")
    elif "contained" in value:
        yield spot.issue("invariant", "dom-2: a contained resource contains no others")
    elif definitions.is_type(name):
        yield from _object(name, value, spot)


def _object(type_name: str, value: Json, spot: _Spot) -> Iterator[Issue]:
    if not isinstance(value, Mapping):
        yield spot.issue("structure", f"expected {type_name} as a JSON object")
    elif not value:
        yield spot.issue("structure", "an object is never empty; leave it out")
    else:
        issues = [*_members(type_name, value, spot), *_demands(type_name, value, spot)]
        yield from issues or invariant_issues(type_name, value, spot.path)


def _members(type_name: str, value: Mapping[str, Json], spot: _Spot) -> Iterator[Issue]:
    for name, member in value.items():
        element = definitions.element(type_name, name)
        if element is not None:
            yield from _member(element, member, value, spot)
        elif name != "resourceType" or not definitions.is_resource(type_name):
            yield _unknown(type_name, name, spot)


def _unknown(type_name: str, name: str, spot: _Spot) -> Issue:
    """A name that cannot be R4's may be anything, so it is not repeated."""
    if not _NAME.fullmatch(name):
        return spot.issue("structure", f"{type_name} has no element of a name used here")
    known = [*definitions.elements(type_name)]
    near = [one for one in known if one.startswith(name)] or get_close_matches(
        name, known, 1, _NEAR
    )
    hint = f"; is {' or '.join(near[:3])} meant?" if near else ""
    what = f"{spot.path}.{name}: {type_name} has no such element{hint}"
    return Issue("structure", what, expression=(f"{spot.path}.{name}",))


def _demands(type_name: str, value: Mapping[str, Json], spot: _Spot) -> Iterator[Issue]:
    """What must be there, and choices of which only one may be."""
    groups: dict[str, list[Element]] = defaultdict(list)
    for element in definitions.elements(type_name).values():
        groups[element.choice or element.name].append(element)
    for name, group in groups.items():
        present = [one for one in group if one.name in value or f"_{one.name}" in value]
        if len(present) > 1:
            names = " and ".join(one.name for one in present)
            yield spot.down(group[0]).issue("structure", f"{names} exclude each other; keep one")
        elif group[0].min and not present:
            what = f"{type_name} needs {_forms(name, group)}"
            yield spot.down(group[0]).issue("required", what)


def _forms(name: str, group: list[Element]) -> str:
    if group[0].choice is None:
        return f"{name} of type {group[0].type}"
    return f"one of {', '.join(one.name for one in group)}"


def _member(
    element: Element, member: Json, holder: Mapping[str, Json], spot: _Spot
) -> Iterator[Issue]:
    if not element.is_list:
        if isinstance(member, list):
            yield spot.down(element).issue("structure", f"expected one {element.type}, not a list")
        else:
            yield from _single(element, member, spot.down(element))
    elif not isinstance(member, list):
        yield spot.down(element).issue("structure", f"expected a list of {element.type}")
    elif not member:
        yield spot.down(element).issue("structure", "a list is never empty; leave it out")
    else:
        companion = holder.get(_companion(element.name))
        for at, item in enumerate(member):
            if item is not None or not _stands_for(companion, at):
                yield from _single(element, item, spot.down(element, at))


def _companion(name: str) -> str:
    return name[1:] if name.startswith("_") else f"_{name}"


def _stands_for(companion: Json, at: int) -> bool:
    """Whether a null at this place of a list has its extensions, or its value, beside it."""
    if not isinstance(companion, list) or at >= len(companion):
        return False
    return companion[at] is not None


def _single(element: Element, value: Json, spot: _Spot) -> Iterator[Issue]:
    if value is None:
        yield spot.issue("structure", "null is no value; leave it out")
    elif definitions.is_primitive(element.type):
        yield from _primitive(element, value, spot)
    elif element.type == "Resource":
        yield from _inner_resource(value, spot)
    else:
        issues = [*_object(element.type, value, spot)]
        yield from issues or _meaning(element, value, spot)


def _primitive(element: Element, value: Json, spot: _Spot) -> Iterator[Issue]:
    fault = primitive.fault(element.type, value)
    if fault is not None:
        yield spot.issue(*fault)
    else:
        yield from binding_issues(element, value, spot.path)


def _meaning(element: Element, value: Mapping[str, Json], spot: _Spot) -> Iterator[Issue]:
    """What is right in structure may still name a wrong code or target."""
    yield from binding_issues(element, value, spot.path)
    text = value.get("reference")
    if element.type != "Reference" or text is None:
        return
    found = reference.parse(text, base="")
    if found.kind == "fragment" and found.logical_id not in (None, *spot.contained):
        yield spot.issue("value", "no contained resource has the id of this reference")
    is_known = found.kind in ("local", "conditional") and element.targets
    if is_known and not {found.type_name, "Resource"} & {*element.targets}:
        yield spot.issue("value", f"expected a reference to {' or '.join(element.targets)}")
