"""References between resources, and the ids that they end in.

https://hl7.org/fhir/R4/references.html
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from portico import Json
from portico.fhir import definitions

Kind = Literal["local", "external", "urn", "fragment", "conditional", "other"]

_ID = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9\-.]{1,64}"
_LOGICAL_ID = re.compile(_ID)
_LITERAL = re.compile(
    rf"(?P<base>https?://[^?#]+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>{_ID})"
    rf"(?:/_history/(?P<version>{_ID}))?"
)
_CONDITIONAL = re.compile(r"(?P<type>[A-Z][A-Za-z]+)\?(?P<query>.+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference, taken apart.

    local: a resource of this server. external: a URL elsewhere; type and id are known when it has
    the shape of a FHIR URL. urn: `urn:uuid:…`, `urn:oid:…`, an entry of the same Bundle or nothing
    that can be resolved. fragment: a contained resource, `#` or `#id`. conditional: `Type?query`.
    other: none of these.
    """

    kind: Kind
    text: str
    type_name: str | None = None
    logical_id: str | None = None
    version_id: str | None = None
    query: str | None = None


def is_logical_id(text: str) -> bool:
    """Whether the text can be the id of a resource: 1 to 64 of `A-Za-z0-9-.`, not only dots."""
    return _LOGICAL_ID.fullmatch(text) is not None


def parse(text: str, base: str) -> Reference:
    """Take a reference apart; `base` is this server's absolute base URL without trailing slash."""
    if text.startswith("#"):
        return Reference("fragment", text, logical_id=text[1:] or None)
    if text.startswith("urn:"):
        return Reference("urn", text)
    if literal := _LITERAL.fullmatch(text):
        return _literal(literal, base)
    if conditional := _CONDITIONAL.fullmatch(text):
        return Reference("conditional", text, conditional["type"], query=conditional["query"])
    return Reference("external" if text.startswith(("http://", "https://")) else "other", text)


def local(type_name: str, logical_id: str, version_id: str | None = None) -> str:
    """Write a relative reference: `Patient/7`, `Patient/7/_history/2`."""
    versioned = f"/_history/{version_id}" if version_id is not None else ""
    return f"{type_name}/{logical_id}{versioned}"


def references(document: Json, path: str) -> Iterator[tuple[str, str]]:
    """Yield every `Reference.reference` in a resource or element, with its FHIRPath from `path`."""
    if isinstance(document, list):
        for at, item in enumerate(document):
            yield from references(item, f"{path}[{at}]")
    elif isinstance(document, dict):
        for name, value in document.items():
            if name == "reference" and isinstance(value, str):
                yield f"{path}.{name}", value
            else:
                yield from references(value, f"{path}.{name}")


def rewrite(document: Json, change: Callable[[str], str]) -> Json:
    """Copy a resource or element with every `Reference.reference` replaced by `change` of it."""
    if isinstance(document, list):
        return [rewrite(item, change) for item in document]
    if isinstance(document, dict):
        return {
            name: change(value)
            if name == "reference" and isinstance(value, str)
            else rewrite(value, change)
            for name, value in document.items()
        }
    return document


def _literal(found: re.Match[str], base: str) -> Reference:
    here = found["base"] in (None, f"{base}/")
    if not definitions.is_resource(found["type"]):
        return Reference("other" if here else "external", found[0])
    return Reference(
        "local" if here else "external", found[0], found["type"], found["id"], found["version"]
    )
