"""Converters by name: the calls after `|` in a rule become one transform."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portico import Json
from portico.mapping.conversion import concept_map, identity, list_transform, transform
from portico.mapping.conversion.date_form import parse_date_form
from portico.mapping.conversion.drug import drug
from portico.mapping.conversion.lookup import lookup
from portico.mapping.conversion.sig import sig
from portico.mapping.conversion.transform import RefusalError, Transform, UnholdableError
from portico.mapping.language.grammar import fail
from portico.mapping.language.rule import Call, CodeTable
from portico.mapping.language.terminology import Terminology

GATES = ("reads-if", "writes-if")


@dataclass(frozen=True)
class Environment:
    """What converters of one module may refer to."""

    terminology: Terminology
    codes: Mapping[str, CodeTable]


@dataclass(frozen=True)
class _Use:
    """One call, the number of vendor members it stands for, and where to look things up."""

    call: Call
    members: int
    environment: Environment

    def argument(self, index: int, what: str) -> str:
        if index >= len(self.call.args):
            raise fail("E112", self.call.place, f"'{self.call.name}' needs {what}")
        return self.call.args[index]

    def separator(self) -> str:
        """A text that is not empty; a backslash and n are a line feed, and t a tab."""
        written = self.argument(0, "a separator")
        if not written:
            raise fail("E112", self.call.place, f"'{self.call.name}' needs a separator")
        return written.replace("\\n", "\n").replace("\\t", "\t")

    def table(self) -> CodeTable:
        name = self.argument(0, "the name of a code table")
        table = self.environment.codes.get(name)
        if table is None:
            near = difflib.get_close_matches(name, self.environment.codes, 1)
            remedy = f"did you mean '{near[0]}'?" if near else "add it under 'codes'"
            raise fail("E114", self.call.place, f"no code table '{name}'", remedy)
        return table


def _date(use: _Use) -> Transform:
    if not use.call.args:
        return transform.date()
    try:
        return transform.date_written(parse_date_form(use.call.args[0]))
    except ValueError as error:
        raise fail("E112", use.call.place, "'date' takes the form of a day", str(error)) from error


def _phone(use: _Use) -> Transform:
    form = use.argument(0, "'dashed' or 'digits'")
    if form not in {"dashed", "digits"}:
        raise fail("E112", use.call.place, "'phone' writes 'dashed' or 'digits'")
    return transform.phone(form)


def _code(use: _Use) -> Transform:
    return concept_map.code(use.table(), carry="carry" in use.call.args)


def _oid(use: _Use) -> Transform:
    names = use.environment.terminology
    known = names.by_oid

    def get(oid: Json) -> Json:
        return known.get(oid) or names.oid_to_uri(oid)

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        found = names.uri_to_oid(value)
        if found is None:
            raise RefusalError("the code system has no OID; give it one under 'oids'", "not-found")
        return found

    return Transform(
        get,
        put,
        inline="{known}.get({0}) or 'urn:oid:' + {0}",
        uses={"known": known},
        lossy=True,
    )


def _system_name(use: _Use) -> Transform:
    title = use.environment.terminology.title
    return Transform(lambda _name: None, lambda value, _old: title(value), one_way=True)


def _ref(use: _Use) -> Transform:
    kind, *more = (use.argument(0, "a resource type"), *use.call.args[1:])
    if more not in ([], ["known"]):
        raise fail("E112", use.call.place, "'ref' takes a resource type and 'known'")
    return identity.reference(kind, only=not more)


def _lookup(use: _Use) -> Transform:
    local = use.environment.terminology.uri(use.argument(1, "the system of the vendor's own codes"))
    return lookup(use.argument(0, "the name of a catalogue"), local)


def _drug(use: _Use) -> Transform:
    uri = use.environment.terminology.uri
    local = uri(use.argument(1, "the system of the vendor's own codes"))
    standard = uri(use.argument(2, "the system of the standard code"))
    return drug(use.argument(0, "the name of a catalogue"), local, standard)


def _sig(use: _Use) -> Transform:
    uri = use.environment.terminology.uri
    dose = uri(use.argument(0, "the extension for a dose in words"))
    return sig(dose, uri(use.argument(1, "the extension for an end before its start")))


CONVERTERS: Mapping[str, Callable[[_Use], Transform]] = {
    "string": lambda _: transform.string(),
    "decimal": lambda _: transform.decimal(),
    "date": _date,
    "instant": lambda _: transform.instant(),
    "ssn": lambda _: transform.ssn(),
    "phone": _phone,
    "list": lambda use: list_transform.listed(use.argument(0, "a separator"), use.members),
    "split": lambda use: list_transform.split(use.separator()),
    "spread": lambda use: list_transform.spread(use.members),
    "lines": lambda _: list_transform.lines(),
    "base64": lambda _: transform.base64_text(),
    "default": lambda use: transform.default(use.argument(0, "a value")),
    "prefix": lambda use: transform.prefixed(use.argument(0, "a prefix")),
    "id": lambda _: identity.identified(),
    "packed": lambda use: identity.packed(use.members),
    "ref": _ref,
    "code": _code,
    "concept": lambda use: concept_map.concept(use.table()),
    "coding": lambda use: concept_map.coding(use.table()),
    "oid": _oid,
    "system-name": _system_name,
    "lookup": _lookup,
    "drug": _drug,
    "sig": _sig,
}
"""The closed set; `mappings/README.md` shows each by example."""


def build(calls: tuple[Call, ...], members: int, environment: Environment) -> Transform | None:
    """One transform for all calls of a target; None leaves the value as it is."""
    made: Transform | None = None
    for call in calls:
        if call.name in GATES:
            continue
        factory = CONVERTERS.get(call.name)
        if factory is None:
            near = difflib.get_close_matches(call.name, (*CONVERTERS, *GATES), 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(CONVERTERS)}"
            raise fail("E110", call.place, f"unknown converter '{call.name}'", remedy)
        found = factory(_Use(call, members if made is None else 1, environment))
        if made and any(one.contextual or one.companions for one in (made, found)):
            raise fail("E115", call.place, "a look-up or a carried code stands alone after '|'")
        made = transform.chain(made, found) if made else found
    return made


def gate(calls: tuple[Call, ...], name: str) -> str | None:
    """The setting that `reads-if` or `writes-if` asks for."""
    for call in calls:
        if call.name == name:
            if len(call.args) != 1:
                raise fail("E112", call.place, f"'{name}' needs the name of one setting")
            return call.args[0]
    return None


def hold(put: Callable[..., Json], *values: Json) -> Json:
    """Write a value, or absence where the vendor has no place for it."""
    try:
        return put(*values)
    except UnholdableError:
        return None
