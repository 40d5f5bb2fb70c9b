"""Whether a parameter can be evaluated: whether the map can ever give what it searches.

A filter on an element that is never there would answer "none" as if that were known, so it is
refused; except for US Core's own parameters, which its clients send to every server alike
(https://hl7.org/fhir/us/core/STU6.1/CapabilityStatement-us-core-server.html).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from portico.fhir.search import Parameter
from portico.mapping.compiling.tree import Branch, Entries, Node
from portico.mapping.language.selector import Slice

_Step: TypeAlias = tuple[str, tuple[str, str] | None]


_US_CORE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Patient": frozenset(
            {"_id", "identifier", "name", "family", "given", "birthdate", "gender"}
        ),
        "Practitioner": frozenset({"_id", "identifier", "name"}),
        "Condition": frozenset(
            {"patient", "category", "clinical-status", "code", "onset-date", "abatement-date"}
            | {"asserted-date", "recorded-date", "_lastUpdated"}
        ),
        "AllergyIntolerance": frozenset({"patient", "clinical-status"}),
        "Observation": frozenset({"patient", "status", "category", "code", "date"}),
        "RelatedPerson": frozenset({"_id", "patient", "name"}),
        "MedicationRequest": frozenset({"patient", "intent", "status", "authoredon"}),
        "DocumentReference": frozenset(
            {"_id", "patient", "category", "type", "date", "period", "status"}
        ),
    }
)


def is_evaluable(parameter: Parameter, type_name: str, roots: Iterable[Branch]) -> bool:
    """Whether a shape can fill an element that the parameter searches, or US Core asks for it."""
    return parameter.name in _US_CORE.get(type_name, ()) or any(
        path.text == "id" or _reaches(root, path.steps)
        for root in roots
        for path in parameter.paths
    )


def _reaches(node: Node, steps: tuple[_Step, ...]) -> bool:
    """Whether the way goes on from this node; a leaf holds an element with all that is in it."""
    if not steps or not isinstance(node, Branch):
        return True
    name, test = steps[0]
    fixed = (node.constants, node.siblings, node.fallbacks)
    if any(name in members for members in fixed):
        return True
    child = node.children.get(name)
    if isinstance(child, Entries):
        return child.rest is not None or any(
            _fits(part, test) and _in_entry(part, inner, steps[1:]) for part, inner in child.slices
        )
    return child is not None and _reaches(child, steps[1:])


def _in_entry(part: Slice, inner: Node, steps: tuple[_Step, ...]) -> bool:
    """An entry also has what its slice fixes: `use=home`."""
    return bool(steps and steps[0][0] in part.fixed) or _reaches(inner, steps)


def _fits(part: Slice, test: tuple[str, str] | None) -> bool:
    """Whether an entry of the slice can have the value that the path asks for."""
    return test is None or part.fixed.get(test[0], test[1]) == test[1]
