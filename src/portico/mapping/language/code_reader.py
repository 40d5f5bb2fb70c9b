"""The `codes` section: YAML nodes → code tables.

gender:
  male: male                     both ways
  non_binary: -> other           read as other, never written for it
  active: [active, <- relapse]   relapse is written as active too
  none: <- unknown               absence is written for unknown
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.errors import Place
from portico.mapping.language.grammar import fail
from portico.mapping.language.rule import CodeTable
from portico.mapping.language.rule_reader import table, text
from portico.mapping.language.source import Node, Sequence, Table, Text, plain
from portico.mapping.language.terminology import Terminology

_LONG_FORM = frozenset({"map", "reject", "system", "local", "display"})


@dataclass
class _Pairs:
    name: str
    systems: dict[str, str] = field(default_factory=dict)
    to_fhir: dict[object, str | None] = field(default_factory=dict)
    to_vendor: dict[str | None, object] = field(default_factory=dict)
    rows: dict[object, Place] = field(default_factory=dict)


def read_codes(node: Node | None, terminology: Terminology) -> dict[str, CodeTable]:
    """All code tables of a module."""
    if node is None:
        return {}
    return {
        key.text: _read_table(key, table(value, "a code table", key.place), terminology)
        for key, value in table(node, "codes", node.place)
    }


def _read_table(name: Text, node: Table, terminology: Terminology) -> CodeTable:
    long_form = isinstance(node.get("map"), Table)
    rows = table(node.get("map"), "map", node.place) if long_form else node
    if long_form:
        for key, _ in node:
            if key.text not in _LONG_FORM:
                raise fail("E102", key.place, f"unknown key '{key.text}' of a code table")
    pairs = _Pairs(name.text)
    for key, value in rows:
        _read_row(pairs, key, value, terminology)
    extra = node if long_form else Table(node.place, ())
    return CodeTable(
        name.text,
        name.place,
        pairs.to_fhir,
        pairs.to_vendor,
        reject=_texts(extra.get("reject")),
        system=_uri(extra.get("system"), terminology),
        local=_uri(extra.get("local"), terminology),
        systems=pairs.systems,
        display=_texts(extra.get("display")),
        rows=pairs.rows,
    )


def _read_row(pairs: _Pairs, key: Text, value: Node, terminology: Terminology) -> None:
    vendor = None if key.text == "none" and not key.quoted else key.value
    pairs.rows[vendor] = key.place
    for item in value if isinstance(value, Sequence) else (value,):
        entry = text(item, "a FHIR code", key.place)
        arrow, _, rest = entry.text.partition(" ")
        if arrow not in {"->", "<-", "<->"}:
            arrow, rest = "<->", entry.text
        code = _code(pairs, rest.strip(), terminology)
        if arrow != "<-":
            if vendor in pairs.to_fhir:
                raise fail("E210", entry.place, f"'{key.text}' has two meanings in FHIR")
            pairs.to_fhir[vendor] = code
        if arrow != "->":
            _claim(pairs, entry, code, vendor)


def _claim(pairs: _Pairs, entry: Text, code: str | None, vendor: object) -> None:
    if code in pairs.to_vendor:
        raise fail(
            "E211",
            entry.place,
            f"codes.{pairs.name}: two vendor codes claim FHIR '{code}' on the way back",
            "mark all but the winner with '->'",
        )
    pairs.to_vendor[code] = vendor


def _code(pairs: _Pairs, written: str, terminology: Terminology) -> str | None:
    """A code, or `system#code` for one of another system than the table's."""
    system, mark, code = written.partition("#")
    if mark:
        pairs.systems[code] = terminology.uri(system)
        return code
    return None if written == "none" else written


def _texts(node: Node | None) -> Mapping[str, str]:
    return {key.text: str(plain(value)) for key, value in node} if isinstance(node, Table) else {}


def _uri(node: Node | None, terminology: Terminology) -> str | None:
    return terminology.uri(node.text) if isinstance(node, Text) else None
