"""capabilities: what this connection can do, derived from its modules and its connection file.

https://hl7.org/fhir/R4/http.html#capabilities
"""

from portico import Resource, __version__
from portico.facade.connection import BundleFace, Connection, Face
from portico.facade.given import is_evaluable
from portico.fhir.capability import (
    ResourceFact,
    SearchParameterFact,
    ServerFact,
    capability_statement,
)
from portico.fhir.search import Parameter, parameters
from portico.vendor.search_parameters import PushPath, Refuse, SearchRule

RELEASED = "2026-11-24"
"""The day on which what the statement says changed last: R4 requires a date."""

_ORDER = ("read", "vread", "update", "delete", "create", "search-type")


def capabilities(connection: Connection, base: str) -> Resource:
    """The CapabilityStatement of a connection at its base URL."""
    single = [_resource(faces[0]) for faces in connection.faces.values()]
    bundle_face = connection.bundle_face
    return capability_statement(
        ServerFact(
            base=base,
            title=f"Portico: {connection.vendor.title}",
            software_version=__version__,
            date=RELEASED,
            resources=tuple(single + (_bundled(bundle_face) if bundle_face else [])),
            interactions=("transaction",) if bundle_face else (),
        )
    )


def interactions(face: Face) -> tuple[str, ...]:
    """R4's codes of what can be done with the type of a single object."""
    offered: set[str] = set(face.thing.interactions)
    if "read" in offered:
        offered.add("vread")
    return tuple(code for code in _ORDER if code in offered)


def _resource(face: Face) -> ResourceFact:
    rules = face.thing.search_parameters
    usable = (
        one
        for name, one in parameters(face.resource_type).items()
        if _is_usable(face, one, rules.get(name, ()))
    )
    return ResourceFact(
        type=face.resource_type,
        interactions=interactions(face),
        search_parameters=tuple(_said(one, rules.get(one.name, ())) for one in usable),
        versioning="versioned-update" if face.module.lock else "versioned",
        update_create=face.thing.upsert,
    )


def _bundled(face: BundleFace) -> list[ResourceFact]:
    return [
        ResourceFact(
            type=type_name,
            interactions=("read", "vread", "search-type"),
            search_parameters=tuple(
                _said(one, ())
                for one in parameters(type_name).values()
                if is_evaluable(one, type_name, face.roots(type_name))
            ),
            documentation="written as a part of a transaction",
        )
        for type_name in face.module.resource_types
    ]


def _is_usable(face: Face, parameter: Parameter, rules: tuple[SearchRule, ...]) -> bool:
    if any(isinstance(rule, Refuse) for rule in rules):
        return False
    return bool(rules) or is_evaluable(parameter, face.resource_type, face.roots)


def _said(parameter: Parameter, rules: tuple[SearchRule, ...]) -> SearchParameterFact:
    is_required = any(isinstance(rule, PushPath) and rule.required for rule in rules)
    documentation = "required by the vendor, with one value" if is_required else None
    return SearchParameterFact(parameter.name, parameter.type, documentation)
