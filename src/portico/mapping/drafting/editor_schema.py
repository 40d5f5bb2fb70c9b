"""A JSON Schema of module files for editors, made of the registries that the reader itself uses.

It completes and warns while somebody writes; `portico map check` is what decides. Sections that
have no schema of their own here are let through, so that it never refuses what the reader takes.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from portico import Json
from portico.errors import MappingError, Place
from portico.fhir import definitions
from portico.mapping.conversion.converter import CONVERTERS, GATES
from portico.mapping.language.reader import ON_LOSS, PART_KEYS, SECTIONS, VENDOR_KEYS
from portico.mapping.language.rule_reader import LONG_FORM
from portico.mapping.language.schema import load_schema
from portico.mapping.language.source import plain, read_yaml
from portico.mapping.language.terminology import Terminology
from portico.mapping.load import module_files

_DRAFT = "http://json-schema.org/draft-07/schema#"
_PAGE = "mappings/README.md"
_SCALAR: Json = {"type": ["string", "number", "boolean", "null"]}
_TEXT: Json = {"type": "string"}
_TABLE: Json = ["object", "null"]  # nothing after the colon is an empty table
_ANY: Mapping[str, Json] = {}


def editor_schema(terminology: Terminology, fields: Mapping[str, str]) -> Json:
    """The schema of one module file; `fields` are the vendor's members with what they are."""
    return {
        "$schema": _DRAFT,
        "title": "A mapping module of Portico",
        "description": f"One object of a vendor and its FHIR resources; see {_PAGE}.",
        "type": "object",
        "required": ["portico", "module", "vendor"],
        "anyOf": [{"required": ["resource", "rules"]}, {"required": ["resources"]}],
        "properties": _known(SECTIONS, _sections()),
        "additionalProperties": False,
        "definitions": _definitions(terminology, fields),
    }


def fields_of(folder: Path) -> dict[str, str]:
    """The members of a vendor's objects, as rules name them, from the schemas of its modules.

    Modules need not be right: what cannot be read gives no fields.
    """
    found: dict[str, str] = {}
    for path in module_files(folder):
        try:
            found |= _fields(plain(read_yaml(path)), folder / "schemas")
        except MappingError:
            continue
    return found


def _fields(module: Json, schemas: Path) -> dict[str, str]:
    vendor = _at(module, "vendor")
    named = [_at(vendor, role) for role in ("schema", "create", "update")]
    prefixes = tuple(_prefixes(module))
    return {
        name: _what(leaf, file)
        for file in dict.fromkeys(named)
        if isinstance(file, str) and file.endswith(".json")
        for path, leaf in load_schema(schemas, file, Place(file)).leaves()
        for name in _names(path, prefixes)
    }


def _prefixes(module: Json) -> Iterator[str]:
    """What the parts of a bundle are made from: their rules name members below it."""
    parts = _at(module, "resources")
    for part in parts.values() if isinstance(parts, dict) else ():
        yield str(_at(part, "from") or _at(part, "each") or "").removesuffix("[]")


def _at(node: Json, key: str) -> Json:
    """A member of what somebody may still be writing."""
    return node.get(key) if isinstance(node, dict) else None


def _names(path: str, prefixes: tuple[str, ...]) -> Iterator[str]:
    yield path.replace("[]", "")
    for prefix in prefixes:
        rest = path.removeprefix(prefix).removeprefix("[]").removeprefix(".")
        if prefix and path.startswith(prefix):
            yield rest.replace("[]", "")
    if "[]." in path:
        yield path.rpartition("[].")[2]


def _what(leaf: Json, file: str) -> str:
    kinds = leaf.get("type")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds or "any type"
    codes = ", ".join(map(str, leaf.get("enum", ())))
    said = [kind, leaf.get("format", ""), f"one of {codes}" if codes else "", f"({file})"]
    return " ".join(filter(None, said))


def _known(names: Iterable[str], described: Mapping[str, Json]) -> Json:
    return {name: described.get(name, _ANY) for name in names}


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _map_of(schema: Json, description: str = "") -> Json:
    told = {"description": description} if description else {}
    return {"type": _TABLE, "additionalProperties": schema, **told}


def _one_of(names: Iterable[str], description: str = "") -> Json:
    """Names that are offered; others are let through."""
    told = {"description": description} if description else {}
    return {"anyOf": [{"enum": sorted(names)}, _TEXT], **told}


def _sections() -> dict[str, Json]:
    return {
        "portico": {"const": 1, "description": "The version of the language."},
        "module": {"type": "string", "description": "vendor.object", "pattern": r"^\S+\.\S+$"},
        "vendor": _ref("vendor"),
        "systems": _map_of(_TEXT, "Short names for URIs; x:name is an extension of ours."),
        "oids": _map_of(_ref("system"), "OIDs of this deployment, and their systems."),
        "codes": _map_of(_ref("codes"), "Code tables."),
        "types": _map_of(_ref("type"), "Rules of sub-objects, used as converters."),
        "drop": _map_of(_ref("fields"), "Members without a home, by the reason."),
        "on_loss": {"enum": list(ON_LOSS), "description": "What a write does that would lose."},
        "bundle": {"enum": ["collection"]},
        "resources": _map_of(_ref("part"), "The resources of one record, by name."),
        **_part_sections(),
    }


def _part_sections() -> dict[str, Json]:
    types = {definitions.profile_type(profile) for profile in definitions.SUPPORTED}
    profiles = {"enum": sorted(definitions.SUPPORTED)}
    return {
        "resource": _one_of(types, "The R4 resource type."),
        "profile": {"anyOf": [profiles, {"type": "array", "items": profiles}, _TEXT]},
        "slices": _map_of(_TEXT, "Names for the entries of FHIR lists."),
        "constants": _map_of(_ANY, "Fixed values of FHIR elements."),
        "fallback": _map_of(_ANY, "Values of elements that nothing else filled."),
        "neutral": _map_of(_ref("words"), "Values of modifiers that may be lost without harm."),
        "rules": _ref("rules"),
        "absent": _map_of(_ref("words"), "Elements the vendor cannot fill, by the reason."),
        "from": {"type": "string", "description": "The object that one resource is made of."},
        "each": {"type": "string", "description": "The list that resources are made of."},
    }


def _definitions(terminology: Terminology, fields: Mapping[str, str]) -> Json:
    return {
        "words": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
        "fields": _field_list(fields),
        "system": _one_of(terminology.systems, "A short name, or a URI."),
        "rules": _rules(fields),
        "rule": {"anyOf": [_line(), _ref("long")]},
        "long": _object(_known(sorted(LONG_FORM), _long_form())),
        "codes": _code_table(),
        "type": {
            "type": "object",
            "required": ["rules"],
            "properties": {"is": _TEXT, "rules": _ref("rules")},
        },
        "vendor": _object(_known(VENDOR_KEYS, _vendor())),
        "part": _object(_known(PART_KEYS, _part_sections())),
    }


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _field_list(fields: Mapping[str, str]) -> Json:
    one = _one_of(fields) if fields else _TEXT
    return {"anyOf": [{"type": "array", "items": one}, _TEXT]}


def _rules(fields: Mapping[str, str]) -> Json:
    """Members are offered as keys; joined ones, lists and those of a group are let through."""
    offered = {name: {**_ref("rule"), "description": what} for name, what in sorted(fields.items())}
    return {"type": _TABLE, "properties": offered, "additionalProperties": _ref("rule")}


def _line() -> Json:
    """A rule on one line; editors that know snippets offer the converters."""
    return {
        "type": "string",
        "minLength": 1,
        "description": f"[-> | <-] FHIR path [| converter …] [; …]; see {_PAGE}",
        "defaultSnippets": [
            {"label": f"| {name}", "body": f"${{1:element}} | {name}"}
            for name in sorted((*CONVERTERS, *GATES))
        ],
    }


def _long_form() -> dict[str, Json]:
    return {
        "to": {"type": "string", "description": "FHIR paths, joined by ' + '."},
        "with": _map_of(_one_of(CONVERTERS), "The converters of $values."),
        "cases": {"type": "array", "items": {"type": "array", "items": _SCALAR, "minItems": 3}},
        "reject": _map_of(_TEXT, "FHIR codes that no row writes, with the reason."),
        "each": {"type": "string", "description": "The FHIR list."},
        "key": _ref("words"),
        "rules": _ref("rules"),
        "constants": _map_of(_ANY),
    }


def _code_table() -> Json:
    """Vendor code: FHIR code; or a table with `map` and what goes with it."""
    rows = _map_of({"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]})
    texts = _map_of(_TEXT)
    system = _ref("system")
    long = {"map": rows, "reject": texts, "system": system, "local": system, "display": texts}
    return {"anyOf": [{**_object(long), "required": ["map"]}, rows]}


def _vendor() -> dict[str, Json]:
    action = _object({"action": _TEXT, "as": _TEXT, "allowed": _map_of(_ref("words"))})
    return {
        "schema": {"type": "string", "description": "The shape of a read, a file in schemas/."},
        "create": {"type": "string", "description": "The shape of a create."},
        "update": {"type": "string", "description": "The shape of an update, or replace."},
        "version": {"type": "string", "description": "The lock: member [as its name in a write]."},
        "clear": {"enum": ["empty", "null"], "description": "What clears a member."},
        "write": _map_of({"anyOf": [_TEXT, action]}, "Names in a write, url, or an action."),
        "starts": _map_of({}, "What a new record is, though its create does not say so."),
    }
