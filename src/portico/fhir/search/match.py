"""Whether a resource matches a search.

https://hl7.org/fhir/R4/search.html. The codes of tokens are compared without case (R4: "When in
doubt, servers SHOULD treat tokens in a case-insensitive manner"), ids with it.
"""

from collections.abc import Callable, Iterator, Mapping

from portico import Json, Resource
from portico.fhir import definitions, reference
from portico.fhir.definitions import Element
from portico.fhir.search.folding import compose, digits, fold
from portico.fhir.search.interval import holds, interval_of
from portico.fhir.search.query import (
    Criterion,
    DateValue,
    ReferenceValue,
    StringValue,
    TokenValue,
    Value,
)

_PARTS: Mapping[str, tuple[str, ...]] = {
    "HumanName": ("text", "family", "given", "prefix", "suffix"),
    "Address": ("text", "line", "city", "district", "state", "postalCode", "country"),
}
_TELEPHONES = frozenset({"phone", "fax", "pager", "sms"})


def matches(resource: Resource, criterion: Criterion) -> bool:
    """Whether one criterion holds for a resource of the type that it is for."""
    found = tuple(
        (value, path.element)
        for path in criterion.parameter.paths
        for value in path.values(resource)
    )
    if criterion.missing is not None:
        return criterion.missing is not bool(found)
    is_hit = any(
        _fits(criterion, searched, value, element)
        for searched in criterion.values
        for value, element in found
    )
    return is_hit is not (criterion.modifier == "not")


def _fits(criterion: Criterion, searched: Value, value: Json, element: Element) -> bool:
    match searched:
        case StringValue():
            texts = _labels if criterion.modifier == "text" else _texts
            compare = _COMPARISONS[criterion.modifier]
            return any(compare(text, searched.text) for text in texts(value, element))
        case TokenValue():
            if criterion.modifier == "identifier":
                value, element = value.get("identifier"), _IDENTIFIER
            return any(_is_token(searched, *pair) for pair in _tokens(value, element))
        case DateValue():
            interval = interval_of(value)
            return interval is not None and holds(searched.prefix, searched.interval, interval)
        case ReferenceValue():
            return _is_reference(searched, value.get("reference"), criterion.parameter.targets)


def _texts(value: Json, element: Element) -> Iterator[str]:
    """The texts in a value; a name is also searched as it is spoken, given names first."""
    if isinstance(value, str):
        yield value
        return
    for part in _PARTS[element.type]:
        yield from _strings(value.get(part))
    if element.type == "HumanName":
        yield " ".join((*_strings(value.get("given")), *_strings(value.get("family"))))


def _strings(value: Json) -> Iterator[str]:
    yield from (text for text in (value if isinstance(value, list) else (value,)) if text)


def _labels(value: Json, element: Element) -> Iterator[str]:
    """What `:text` searches: the texts beside codes."""
    if not isinstance(value, Mapping):
        return
    concept = value.get("type") or {} if element.type == "Identifier" else value
    yield from _strings(concept.get("text"))
    yield from _strings(value.get("display"))
    for coding in value.get("coding") or ():
        yield from _strings(coding.get("display"))


_Token = tuple[str | None, str | None, Callable[[str], str]]


def _tokens(value: Json, element: Element) -> Iterator[_Token]:
    """The tokens in a value: system, code, and what codes are compared by."""
    match element.type:
        case "CodeableConcept":
            for coding in value.get("coding") or ():
                yield coding.get("system"), coding.get("code"), str.casefold
        case "Coding":
            yield value.get("system"), value.get("code"), str.casefold
        case "Identifier":
            if value is not None:
                yield value.get("system"), value.get("value"), str.casefold
        case "ContactPoint":
            by = digits if value.get("system") in _TELEPHONES else str.casefold
            yield value.get("use"), value.get("value"), by
        case "boolean":
            yield None, "true" if value else "false", str
        case "id":
            yield None, value, str
        case _:
            yield None, value, str.casefold
            yield from ((system, value, str.casefold) for system in _systems(value, element))


def _systems(code: str, element: Element) -> Iterator[str]:
    """The code systems that a required binding implies for a code."""
    value_set = definitions.value_set(element.binding) if element.binding else None
    yield from (system for system, codes in (value_set or {}).items() if code in codes)


def _is_token(
    searched: TokenValue, system: str | None, code: str | None, by: Callable[[str], str]
) -> bool:
    if searched.system is not None and searched.system != (system or ""):
        return False
    if searched.code is None:
        return True
    return code is not None and by(code) == by(searched.code)


def _is_reference(searched: ReferenceValue, text: str | None, targets: tuple[str, ...]) -> bool:
    if text is None:
        return False
    if searched.url == text:
        return True
    found = reference.parse(text, base="")
    if found.kind != "local" or found.logical_id != searched.logical_id:
        return False
    if searched.type_name is None:
        return found.type_name in targets or "Resource" in targets
    return found.type_name == searched.type_name


_IDENTIFIER = Element("identifier", "Identifier")
_COMPARISONS: Mapping[str | None, Callable[[str, str], bool]] = {
    None: lambda text, searched: fold(text).startswith(fold(searched)),
    "text": lambda text, searched: fold(text).startswith(fold(searched)),
    "contains": lambda text, searched: fold(searched) in fold(text),
    "exact": lambda text, searched: compose(text) == compose(searched),
}
