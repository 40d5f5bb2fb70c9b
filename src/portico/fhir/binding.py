"""Required bindings: codes that must come from a value set.

https://hl7.org/fhir/R4/terminologies.html#required
"""

from collections.abc import Iterator, Mapping

from portico import Json
from portico.errors import Issue
from portico.fhir import definitions
from portico.fhir.definitions import CodesBySystem, Element

_MAX_LISTED = 16


def binding_issues(element: Element, value: Json, path: str) -> Iterator[Issue]:
    """Yield what a required binding has against a value whose structure is right."""
    systems = definitions.value_set(element.binding) if element.binding else None
    if systems is None:
        return
    if element.type == "code":
        if not any(value in codes for codes in systems.values()):
            yield _refused(path, element, systems)
    elif element.type == "Coding":
        if not _is_bound(value, systems):
            yield _refused(f"{path}.code", element, systems)
    elif element.type == "CodeableConcept":
        yield from _concept_issues(element, value, path, systems)


def _concept_issues(
    element: Element, concept: Mapping[str, Json], path: str, systems: CodesBySystem
) -> Iterator[Issue]:
    """One coding must be from the value set; a concept that only says why it has none may pass."""
    codings = concept.get("coding", ())
    if any(_is_bound(coding, systems) for coding in codings):
        return
    if codings or "extension" not in concept:
        yield _refused(f"{path}.coding", element, systems)


def _is_bound(coding: Mapping[str, Json], systems: CodesBySystem) -> bool:
    return coding.get("code") in systems.get(coding.get("system", ""), frozenset())


def _refused(path: str, element: Element, systems: CodesBySystem) -> Issue:
    what = f"{path}: expected {element.type} from the value set {element.binding}"
    return Issue("code-invalid", f"{what}, {_remedy(element, systems)}", expression=(path,))


def _remedy(element: Element, systems: CodesBySystem) -> str:
    codes = sorted(frozenset().union(*systems.values()))
    listed = ", ".join(codes[:_MAX_LISTED]) + (", …" if len(codes) > _MAX_LISTED else "")
    if element.type == "code":
        return f"one of {listed}"
    return f"one of {listed} with system {' or '.join(sorted(systems))}"
