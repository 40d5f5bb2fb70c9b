"""Facts of FHIR R4 4.0.1 and US Core 6.1.0 about types and their elements.

The facts are HL7's, derived by `tools/derive_definitions.py` into `definitions.json`: resource
types that Portico deals with, every data type they need, and their nested types. A nested
(backbone) type is named by its path: `Patient.contact`.

Elements are what stands in JSON. A choice is given by its members, each with the name of the
choice: `deceasedBoolean` and `deceasedDateTime` with choice `deceased`; `min` is then that of the
choice as a whole. `_gender`, which holds the id and the extensions of `gender`, is an element of
type `Element`; it is a list when `gender` is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import msgspec

RequirementKind = Literal["mandatory", "mustSupport", "uscdi"]
CodesBySystem = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Element:
    """One member of a type, as it stands in JSON.

    `codes` are those of a required binding (of `code`, `Coding` or `CodeableConcept`), None when
    there is none or when its value set cannot be listed, such as MIME types. `binding` is the URL
    of that value set. `targets` are the types that a Reference may have; `Resource` means any.
    """

    name: str
    type: str
    is_list: bool = False
    min: int = 0
    is_modifier: bool = False
    choice: str | None = None
    codes: frozenset[str] | None = None
    targets: tuple[str, ...] = ()
    binding: str | None = None
    is_summary: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a profile demands of an element.

    `path` is the id of an ElementDefinition, such as `Patient.deceased[x]` or
    `Patient.extension:race`. `mustSupport` and `uscdi` (US Core's
    additional USCDI requirements) mean: fill it when known.
    """

    path: str
    kind: RequirementKind


class _ElementFacts(msgspec.Struct):
    type: str
    list: bool = False
    min: int = 0
    modifier: bool = False
    summary: bool = False
    choice: str | None = None
    binding: str | None = None
    targets: tuple[str, ...] = ()


class _ProfileFacts(msgspec.Struct):
    url: str
    type: str
    elements: dict[str, RequirementKind]


class _Names(msgspec.Struct):
    resource: frozenset[str]
    primitive: frozenset[str]


class _Facts(msgspec.Struct):
    names: _Names
    types: dict[str, dict[str, _ElementFacts]]
    value_sets: dict[str, dict[str, frozenset[str]]]
    profiles: dict[str, _ProfileFacts]


def _read() -> _Facts:
    text = files(__package__).joinpath("definitions.json").read_bytes()
    return msgspec.json.decode(text, type=_Facts)


_FACTS = _read()
_NOTHING: Mapping[str, Element] = MappingProxyType({})

SUPPORTED: Mapping[str, str] = MappingProxyType(
    {name: profile.url for name, profile in _FACTS.profiles.items()}
)
"""Canonical URLs of the US Core profiles whose demands are known, by short name."""


def is_type(name: str) -> bool:
    """Whether the elements of this type are known, or it is a primitive."""
    return name in _FACTS.types or is_primitive(name)


def is_resource(name: str) -> bool:
    """Whether R4 has a resource type of this name; its elements are not always known."""
    return name in _FACTS.names.resource


def is_primitive(type_name: str) -> bool:
    return type_name in _FACTS.names.primitive


def primitives() -> frozenset[str]:
    """The names of all primitive types."""
    return _FACTS.names.primitive


def elements(type_name: str) -> Mapping[str, Element]:
    """All elements of a type by name, in R4's order, without the `_name` companions.

    Empty for a type that is not known (see `is_type`).
    """
    return _elements(type_name) if type_name in _FACTS.types else _NOTHING


def element(type_name: str, name: str) -> Element | None:
    """One element of a type; `_name` is known for every primitive element that may have one."""
    known = _companions if name.startswith("_") else _elements
    return known(type_name).get(name) if type_name in _FACTS.types else None


def value_set(url: str) -> CodesBySystem | None:
    """The codes of a required value set by code system, None when they cannot be listed."""
    return _FACTS.value_sets.get(url)


def must_support(profile: str) -> tuple[Requirement, ...]:
    """What a profile, by short name (`us-core-patient`), demands; KeyError when not SUPPORTED."""
    return tuple(Requirement(*pair) for pair in _FACTS.profiles[profile].elements.items())


def profile_type(profile: str) -> str:
    """The resource type that a profile, by short name, is about; KeyError when not SUPPORTED."""
    return _FACTS.profiles[profile].type


# The caches hold what the facts hold and no more: names that clients send never get into them.
@cache
def _elements(type_name: str) -> Mapping[str, Element]:
    facts = _FACTS.types[type_name]
    return MappingProxyType({name: _element(name, one) for name, one in facts.items()})


@cache
def _companions(type_name: str) -> Mapping[str, Element]:
    return MappingProxyType(
        {
            f"_{one.name}": Element(f"_{one.name}", "Element", is_list=one.is_list)
            for one in _elements(type_name).values()
            if is_primitive(one.type) and not _is_attribute(one)
        }
    )


def _element(name: str, facts: _ElementFacts) -> Element:
    return Element(
        name=name,
        type=facts.type,
        is_list=facts.list,
        min=facts.min,
        is_modifier=facts.modifier,
        choice=facts.choice,
        codes=_codes(facts.binding),
        targets=facts.targets,
        binding=facts.binding,
        is_summary=facts.summary,
    )


@cache
def _codes(binding: str | None) -> frozenset[str] | None:
    systems = value_set(binding) if binding else None
    return frozenset().union(*systems.values()) if systems is not None else None


def _is_attribute(primitive: Element) -> bool:
    """`id` of elements and `url` of extensions are XML attributes: they carry no extensions."""
    return primitive.name == "id" or (primitive.name == "url" and primitive.min == 1)
