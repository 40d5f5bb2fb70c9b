"""References in what a client writes, held against this server.

A resource must not land on whoever happens to have the same id here.
https://hl7.org/fhir/R4/references.html#literal
"""

from collections.abc import Collection, Iterator

from portico import Json, Resource
from portico.errors import FhirError, Issue
from portico.facade.connection import Face
from portico.fhir import reference

_REFERENCE = ".reference"


def localised(resource: Resource, base: str, held: Collection[str]) -> Resource:
    """The resource with absolute URLs of this server as relative references.

    FhirError 422 names references to another server's resource of a type that is held here: the
    vendor could only take its id for one of its own.
    """
    type_name = str(resource["resourceType"])
    foreign = [
        path
        for path, text in reference.references(resource, type_name)
        if (found := reference.parse(text, base)).kind == "external" and found.type_name in held
    ]
    if foreign:
        what = "refers to a resource of another server, which the vendor cannot know"
        raise FhirError(
            422, *(Issue("not-supported", f"{path} {what}", expression=(path,)) for path in foreign)
        )
    local: Json = reference.rewrite(resource, lambda text: text.removeprefix(f"{base}/"))
    return Resource(local)


def check_parent(face: Face, sent: Resource, current: Resource) -> None:
    """FhirError 422 if the resource would move to another parent, which is part of its key."""
    paths = {
        path
        for member in face.thing.key
        for path in face.module.expressions(member)
        if path.endswith(_REFERENCE)
    }
    for path in sorted(paths):
        names = path.split(".")[1:]
        if set(_targets(sent, names)) != set(_targets(current, names)):
            what = f"{path} cannot change; delete the resource and create another"
            raise FhirError(422, Issue("business-rule", what, expression=(path,)))


def _targets(node: Json, names: list[str]) -> Iterator[str]:
    """The references at a path, without versions."""
    if isinstance(node, list):
        for item in node:
            yield from _targets(item, names)
    elif names and isinstance(node, dict):
        yield from _targets(node.get(names[0]), names[1:])
    elif isinstance(node, str):
        yield node.partition("/_history/")[0]
