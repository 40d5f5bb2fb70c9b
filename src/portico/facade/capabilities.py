"""capabilities: what this connection can do, derived from its modules and its connection file.

https://hl7.org/fhir/R4/http.html#capabilities
"""

from portico import Resource, __version__
from portico.facade.connection import BundleFace, Connection, Face, Faces
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
    single = [_resource(faces) for faces in connection.faces.values()]
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
    """R4's codes of what can be done with one kind of resource: a part is written with its row."""
    offered: set[str] = set(face.thing.interactions)
    if "read" in offered:
        offered.add("vread")
    if face.part and "update" in offered:
        offered |= {"create", "delete"}
    return tuple(code for code in _ORDER if code in offered)


def all_interactions(faces: Faces) -> tuple[str, ...]:
    """What can be done with a type: with every kind of it, or only some (lists answer together)."""
    offered = {code for face in faces.every for code in interactions(face)}
    if any("search-type" not in listed.thing.interactions for listed in faces.lists):
        offered.discard("search-type")
    return tuple(code for code in _ORDER if code in offered)


def _resource(faces: Faces) -> ResourceFact:
    usable = (
        one
        for one in parameters(faces.resource_type).values()
        if _is_usable(faces, one, _rules(faces, one))
    )
    return ResourceFact(
        type=faces.resource_type,
        interactions=all_interactions(faces),
        search_parameters=tuple(_said(one, _rules(faces, one)) for one in usable),
        versioning=_versioning(faces),
        update_create=all(face.thing.upsert for face in faces.every),
    )


def _rules(faces: Faces, parameter: Parameter) -> tuple[SearchRule, ...]:
    rules = (listed.thing.search_parameters.get(parameter.name, ()) for listed in faces.lists)
    return tuple(rule for each in rules for rule in each)


def _versioning(faces: Faces) -> str:
    is_locked = all(face.module.lock for face in faces.every)
    return "versioned-update" if is_locked else "versioned"


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


def _is_usable(faces: Faces, parameter: Parameter, rules: tuple[SearchRule, ...]) -> bool:
    if any(isinstance(rule, Refuse) for rule in rules):
        return False
    return bool(rules) or is_evaluable(parameter, faces.resource_type, faces.roots)


def _said(parameter: Parameter, rules: tuple[SearchRule, ...]) -> SearchParameterFact:
    is_required = any(isinstance(rule, PushPath) and rule.required for rule in rules)
    documentation = "required by the vendor, with one value" if is_required else None
    return SearchParameterFact(parameter.name, parameter.type, documentation)
