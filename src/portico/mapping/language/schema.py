"""A vendor's JSON Schemas: what a record has, and what a request may hold.

Schemas name each other by file; they are inlined once at load. Public limits that the contract
states outside the schema proper (`x-public-pattern`, `x-public-maxLength`) are enforced on writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jsonschema_rs

from portico import Json
from portico.document import parse
from portico.errors import Place
from portico.mapping.language.grammar import fail

_PUBLIC = {"x-public-pattern": "pattern", "x-public-maxLength": "maxLength"}
_MAX_DEPTH = 12


@dataclass(frozen=True)
class Schema:
    """One schema with everything it refers to inside."""

    document: Mapping[str, Json]

    @property
    def members(self) -> Mapping[str, Json]:
        """The top-level members by name."""
        members: Mapping[str, Json] = self.document.get("properties", {})
        return members

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(dict(self.document), validate_formats=True)

    def violations(self, body: Json) -> Iterator[tuple[str, str]]:
        """(member, what is wrong) of a document that the schema does not accept."""
        for error in self._validator.iter_errors(_plain(body)):
            path = ".".join(str(step) for step in error.instance_path if isinstance(step, str))
            kind = error.kind.name
            what = _WORDS.get(kind, f"breaks '{kind}' of the vendor's schema")
            for name in _named(error.kind):
                yield f"{path}.{name}" if path else name, what
            if not _named(error.kind):
                yield path, what

    def leaves(self) -> Iterator[tuple[str, Json]]:
        """Every member that holds a value, as a dotted path (`[]` after lists), and its schema."""
        yield from _leaves(self.document, "", 0)

    def always(self, path: str) -> Iterator[str]:
        """The members that each object at a dotted path has and that are never null."""
        found: Json = self.document
        for step in path.split(".") if path else ():
            found = _object(found).get("properties", {}).get(step, {})
        yield from _always(_object(found), "")

    def accepts(self, member: str, value: Json) -> bool:
        """Whether a top-level member may have this value."""
        found = self.members.get(member)
        if found is None:
            return False
        valid: bool = jsonschema_rs.is_valid(found, _plain(value), validate_formats=True)
        return valid


_WORDS = {
    "required": "is required by the vendor",
    "pattern": "does not have the form that the vendor takes",
    "enum": "is not one of the codes that the vendor takes",
    "type": "is not of the type that the vendor takes",
    "format": "is not of the format that the vendor takes",
    "maxLength": "is longer than the vendor takes",
    "additionalProperties": "is not a member that the vendor takes",
}


def _named(kind: jsonschema_rs.ValidationErrorKind) -> tuple[str, ...]:
    """The members that a violation is about, where the path ends at their parent."""
    details = kind.as_dict()
    if kind.name == "required":
        return (str(details["property"]),)
    return tuple(details["unexpected"]) if kind.name == "additionalProperties" else ()


def load_schema(folder: Path, name: str, place: Place, *, strict: bool = False) -> Schema:
    """Read one schema and inline its references; `strict` adds the public limits."""
    return Schema(_inline(_read(folder, name, place), (folder, place, strict), 0))


def _read(folder: Path, name: str, place: Place) -> Json:
    path = folder / name
    if not path.is_file():
        raise fail("E300", place, f"no schema file '{name}' in {folder.name}/")
    return parse(path.read_bytes())


def _inline(node: Json, origin: tuple[Path, Place, bool], depth: int) -> Json:
    if isinstance(node, list):
        return [_inline(item, origin, depth) for item in node]
    if not isinstance(node, dict):
        return node
    folder, place, strict = origin
    if "$ref" in node and depth < _MAX_DEPTH:
        return _inline(_read(folder, node["$ref"], place), origin, depth + 1)
    kept = {key: _inline(value, origin, depth) for key, value in node.items() if key[0] != "$"}
    return kept | {_PUBLIC[key]: kept[key] for key in _PUBLIC if strict and key in kept}


def _leaves(schema: Json, path: str, depth: int) -> Iterator[tuple[str, Json]]:
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    schema = next((one for one in choices if one.get("type") == "object"), schema)
    properties = schema.get("properties")
    items = schema.get("items")
    if properties and depth < _MAX_DEPTH:
        for name, child in properties.items():
            yield from _leaves(child, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(items, dict) and items.get("properties"):
        yield from _leaves(items, f"{path}[]", depth + 1)
    else:
        yield path, schema


def _object(schema: Json) -> Json:
    """The schema of an object, or of a list's entries."""
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    schema = next((one for one in choices if one.get("type") in {"object", "array"}), schema)
    return _object(schema["items"]) if isinstance(schema.get("items"), dict) else schema


def _always(schema: Json, prefix: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        child = schema.get("properties", {}).get(name, {})
        if not jsonschema_rs.is_valid(child, None):
            yield f"{prefix}{name}"
            yield from _always(child, f"{prefix}{name}.")


def _plain(value: Json) -> Json:
    """Decimals as floats: the validator knows JSON numbers only."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if type(value).__name__ == "Decimal" else value
