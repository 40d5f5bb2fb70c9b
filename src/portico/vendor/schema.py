"""A vendor's JSON Schemas as a check of the structure of its answers.

New members, new codes and other formats are drift and pass; a member that is gone or of another
type is refused, because a mapping of it would be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from portico import Json

_KEPT = frozenset({"$schema", "$ref", "$anchor", "type", "required"})
_ONE = frozenset({"items", "additionalItems", "contains"})
_MANY = frozenset({"anyOf", "allOf", "prefixItems"})
_NAMED = frozenset({"properties", "$defs", "definitions"})


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema file, ready to check answers."""

    name: str
    _validator: Any = field(repr=False, compare=False)

    def complaints(self, document: Json) -> tuple[str, ...]:
        """JSON pointers of what does not fit, with the rule that it breaks; never the values."""
        return tuple(
            f"{_pointer(error.instance_path)} {_rule(error)}"
            for error in self._validator.iter_errors(document)
        )


def compile_schema(name: str, schemas: Mapping[str, Json]) -> Schema:
    """Compile the file `name` of a folder of schemas (file name → schema).

    They may refer to one another by file name or by `$id`. Raises ValueError when it is not a
    schema or refers to one that is not there.
    """
    loose = {file: structure_of(schema) for file, schema in schemas.items()}
    resources = [(_uri(file), schema) for file, schema in loose.items()]
    resources += [(schemas[file]["$id"], loose[file]) for file in schemas if "$id" in schemas[file]]
    try:
        registry = jsonschema_rs.Registry(resources)
        validator = jsonschema_rs.validator_for(loose[name], registry=registry, base_uri=_uri(name))
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise ValueError("not a usable JSON Schema") from error
    return Schema(name, validator)


def structure_of(schema: Json) -> Json:
    """The part of a schema that tells of members and types."""
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Json] = {}
    for keyword, value in schema.items():
        if keyword in _KEPT:
            kept[keyword] = value
        elif keyword in _ONE:
            kept[keyword] = structure_of(value)
        elif keyword in _NAMED:
            kept[keyword] = {name: structure_of(item) for name, item in value.items()}
        elif keyword in _MANY:
            kept[keyword] = [structure_of(item) for item in value]
    if "oneOf" in schema:
        choice = {"anyOf": [structure_of(item) for item in schema["oneOf"]]}
        kept["allOf"] = [*kept.get("allOf", []), choice]
    return kept


def _uri(file: str) -> str:
    return f"file:///{file}"


def _pointer(path: list[str | int]) -> str:
    return "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _rule(error: jsonschema_rs.ValidationError) -> str:
    keyword = str(error.schema_path[-1]) if error.schema_path else ""
    missing = getattr(error.kind, "property", None)
    return f"lacks {missing}" if keyword == "required" and missing else "is of another type"
