"""A vendor's JSON Schemas, and what is wrong with a document by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from jsonschema_rs import Registry, ValidationError, Validator, validator_for

from portico import Json
from portico.document import parse

_ASSERTED = {
    "x-inferred-required": "required",
    "x-inferred-pattern": "pattern",
    "x-inferred-enum": "enum",
    "x-public-pattern": "pattern",
    "x-public-maxLength": "maxLength",
}
"""What the schemas only note about a vendor, the sandbox asserts: a strict judge finds more."""

_FORMATS = {"date": "date", "date-time": "datetime", "uuid": "UUID", "time": "time"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request or an answer; `kind` is named as Pydantic names it.

    `part` is the part of a request that `path` leads into: body, query, path, header.
    """

    path: tuple[str | int, ...]
    message: str
    kind: str
    part: str = "body"

    def __str__(self) -> str:
        return f"{'.'.join(str(part) for part in self.path)}: {self.message}".removeprefix(": ")


class Schemas:
    """The schemas of one folder, named by their file names without `.schema.json`."""

    def __init__(self, folder: Path) -> None:
        self._documents = {
            path.name.removesuffix(".schema.json"): _assert_notes(parse(path.read_bytes()))
            for path in sorted(folder.glob("*.schema.json"))
        }
        registry = Registry([(each["$id"], each) for each in self._documents.values()])
        self._validators = {
            name: _validator(document["$id"], registry)
            for name, document in self._documents.items()
        }

    def faults(self, name: str, value: Json) -> tuple[Fault, ...]:
        """List everything that makes a document break a schema."""
        errors = self._validators[name].iter_errors(value)
        return tuple(fault for error in errors for fault in _faults(error))

    def members(self, name: str) -> tuple[str, ...]:
        """List the members that an object of this schema may have."""
        return tuple(self._documents[name]["properties"])


def _validator(uri: str, registry: Registry) -> Validator:
    return validator_for(
        {"$ref": uri},
        registry=registry,
        validate_formats=True,
        formats={"time": _is_time},
        offline=True,
    )


def _is_time(text: str) -> bool:
    """Say whether a text is a time of day, with or without a zone: RFC 3339's has always one."""
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def _assert_notes(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_assert_notes(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copied = {key: _assert_notes(value) for key, value in schema.items()}
    noted = {_ASSERTED[key]: value for key, value in schema.items() if key in _ASSERTED}
    return copied | noted


def _faults(error: ValidationError) -> Iterator[Fault]:
    path, asked = tuple(error.instance_path), error.kind.as_dict()
    match error.kind.name:
        case "required":
            yield Fault((*path, asked["property"]), "Field required", "missing")
        case "additionalProperties":
            for name in asked["unexpected"]:
                yield Fault((*path, name), "Extra inputs are not permitted", "extra_forbidden")
        case "type":
            yield Fault(path, *_wrong_type(asked["types"]))
        case "enum":
            options = [str(option) for option in asked["options"] if option is not None]
            yield Fault(path, f"Input should be one of {', '.join(options)}", "enum")
        case "format":
            name = _FORMATS.get(asked["format"], asked["format"])
            yield Fault(path, f"Input should be a valid {name}", f"{name.lower()}_parsing")
        case "pattern":
            yield Fault(path, f"String should match {asked['pattern']}", "string_pattern_mismatch")
        case "minimum" | "maximum" | "maxLength" as rule:
            yield Fault(path, f"Input breaks the {rule} {asked['limit']}", rule.lower())
        case other:
            yield Fault(path, f"Input breaks the rule '{other}'", other.lower())


def _wrong_type(types: list[str]) -> tuple[str, str]:
    expected = next((name for name in types if name != "null"), "null")
    return f"Input should be a valid {expected}", f"{expected}_type"
