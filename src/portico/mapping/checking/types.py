"""Whether a member's JSON type can be what its element's R4 type asks for."""

from collections.abc import Iterator, Mapping

from portico import Json
from portico.errors import Findings
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape, EachEntry
from portico.mapping.compiling.lane import Lane
from portico.mapping.language.rule import Shape
from portico.mapping.load import ObjectModule

_WORDS = frozenset({"string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid"})
_DAYS = frozenset({"date", "dateTime"})
_TIMES = frozenset({"dateTime", "instant"})
_TAKES: Mapping[str, frozenset[str]] = {
    "string": _WORDS | _DAYS | _TIMES | {"base64Binary", "time"},
    "date": _DAYS | {"string"},
    "date-time": _TIMES | {"string"},
    "integer": frozenset({"integer", "positiveInt", "unsignedInt", "decimal"}),
    "number": frozenset({"decimal", "integer", "positiveInt", "unsignedInt"}),
    "boolean": frozenset({"boolean"}),
}
_MAKES: Mapping[str, frozenset[str]] = {
    "string": _WORDS,
    "ssn": _WORDS,
    "phone": _WORDS,
    "prefix": _WORDS,
    "lines": _WORDS,
    "ref": _WORDS,
    "id": _WORDS,
    "packed": _WORDS,
    "list": _WORDS,
    "split": _WORDS,
    "spread": _WORDS,
    "code": _WORDS,
    "oid": frozenset({"uri", "url", "canonical", "string"}),
    "date": _DAYS | {"string"},
    "instant": _TIMES | {"string"},
    "decimal": frozenset({"decimal"}),
    "base64": frozenset({"base64Binary"}),
    "concept": frozenset({"CodeableConcept"}),
    "coding": frozenset({"Coding"}),
    "lookup": frozenset({"CodeableConcept"}),
    "drug": frozenset({"CodeableConcept"}),
    "sig": frozenset({"Dosage"}),
}
_LISTS = frozenset({"list", "split", "spread", "sig"})
_GATES = frozenset({"reads-if", "writes-if", "default"})


def check_types(
    origin: tuple[str, ...], shape: CompiledShape, module: ObjectModule, findings: Findings
) -> None:
    """E401 for rules of a member (or of a converter) whose type the element cannot have."""
    schema = module.schemas.get("schema")
    leaves = {path.replace("[]", ""): leaf for path, leaf in schema.leaves()} if schema else {}
    for lane in shape.lanes:
        if lane.cases or lane.each or len(lane.paths) != 1:
            continue
        facts = _element(shape.type, lane.paths[0].names)
        made = _made(lane, [leaves.get(".".join((*origin, *one.steps))) for one in lane.members])
        if facts is None or made is None:
            continue
        what, types = made
        if facts.type not in types:
            kind = f"{lane.expression} is {facts.type}, and {what} makes {_listed(types)}"
            findings.add("E401", lane.place, kind, "name another element, or convert the value")
        elif _is_list(lane) and not facts.is_list:
            kind = f"{lane.expression} is one {facts.type}, and {what} makes a list"
            findings.add("E401", lane.place, kind, "name a list, or drop the converter")


def check_claims(shape: Shape, compiled: CompiledShape, findings: Findings) -> None:
    """E401 for a type used at an element that is not what the type `is`."""
    entries = {lane.place: lane.each for lane in compiled.lanes}
    for claim in dict.fromkeys(claim for rule in shape.rules for claim in rule.claims):
        facts = _element(compiled.type, claim.path.names)
        if facts is not None and facts.type != claim.of:
            what = f"{claim.path.text} is {facts.type}, and the type used for it is {claim.of}"
            findings.add("E401", claim.path.place, what, "name another element, or another type")
    for rule in shape.rules:
        entry = entries.get(rule.targets[0].place) if rule.each else None
        if rule.each and isinstance(entry, EachEntry):
            check_claims(rule.each, entry.shape, findings)


def _element(type_name: str, names: tuple[str, ...]) -> definitions.Element | None:
    facts = None
    for name in names:
        facts = definitions.element(type_name, name)
        if facts is None:
            return None
        type_name = facts.type
    return facts


def _made(lane: Lane, leaves: list[Json | None]) -> tuple[str, frozenset[str]] | None:
    """What a lane makes for FHIR, in words and as R4 types; None where it cannot be told."""
    names = [call.split()[0] for call in lane.converters if call.split()[0] not in _GATES]
    if names:
        return (f"'{names[-1]}'", _MAKES[names[-1]]) if names[-1] in _MAKES else None
    kinds = set(_kinds(leaves[0])) if len(leaves) == 1 and leaves[0] else set()
    if not kinds or not kinds <= _TAKES.keys():
        return None
    types = frozenset.union(*(_TAKES[kind] for kind in kinds))
    return f"a member of type {' or '.join(sorted(kinds))}", types


def _kinds(leaf: Json) -> Iterator[str]:
    """The JSON types of a member, null left out; `object` for what is not a plain value."""
    choices = leaf.get("anyOf") or leaf.get("oneOf")
    for choice in choices or ():
        yield from _kinds(choice)
    given = leaf.get("type", [])
    for kind in [given] if isinstance(given, str) else given:
        if kind == "string" and leaf.get("format") in _TAKES:
            yield leaf["format"]
        elif kind != "null":
            yield kind
    if not choices and not given:
        yield from {_JSON.get(type(value).__name__, "object") for value in leaf.get("enum", ())}


_JSON = {"str": "string", "int": "integer", "bool": "boolean", "NoneType": "string"}


def _is_list(lane: Lane) -> bool:
    return any(call.split()[0] in _LISTS for call in lane.converters)


def _listed(types: frozenset[str]) -> str:
    return " or ".join(sorted(types))
