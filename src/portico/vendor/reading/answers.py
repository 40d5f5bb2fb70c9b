"""What answers are and what failures mean."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import get_args

from portico import Json
from portico.mapping.language.source import Node, Table, Text, plain
from portico.vendor.answer import Absent, Answer, AnswerKind
from portico.vendor.dotted import ITSELF, DottedPath
from portico.vendor.fault import ErrorBody, FaultKind, FaultRule, FaultRules
from portico.vendor.reading.nodes import (
    Desk,
    as_dotted,
    as_flag,
    as_nodes,
    as_number,
    as_text,
    as_word,
    rejection,
)
from portico.vendor.schema import Schema

ANSWER_KEYS = frozenset(
    {"answer", "unwrap", "expect", "success", "absent", "schema", "error", "status"}
)
_WORDS: tuple[AnswerKind, ...] = ("record", "receipt", "text", "none")
_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
_GOOD = range(200, 300)

Expectations = tuple[tuple[DottedPath, Json], ...]
Schemas = Callable[[Node, str], Schema]


@dataclass(frozen=True)
class AnswerDefaults:
    """What every answer of a file is unless an operation says otherwise."""

    unwrap: DottedPath = ITSELF
    expect: Expectations = ()
    faults: FaultRules = field(default_factory=FaultRules)


def read_answer(
    table: Table, what: str, defaults: AnswerDefaults, schemas: Schemas, desk: Desk
) -> Answer:
    """The answer's part of an operation's table; the schema is only its own."""
    told, schema = table.get("unwrap"), table.get("schema")
    expect = table.get("expect")
    answer = Answer(
        success=frozenset(as_number(n, f"{what}: success") for n in as_nodes(table.get("success"))),
        unwrap=as_dotted(told, f"{what}: unwrap") if told else defaults.unwrap,
        expect=read_expectations(expect, what, desk) if expect else defaults.expect,
        absent=_absent(table.get("absent"), what, desk),
        schema=schemas(schema, what) if schema else None,
    )
    return _of_kind(answer, table.get("answer"), what, desk)


def read_faults(table: Table, what: str, defaults: FaultRules, desk: Desk) -> FaultRules:
    """`error` and `status` of a table, laid over the defaults."""
    error, status = table.get("error"), table.get("status")
    return FaultRules(
        _error_body(error, what, desk) if error else defaults.body,
        (*(_rules(status, what, desk) if status else ()), *defaults.rules),
    )


def _of_kind(answer: Answer, node: Node | None, what: str, desk: Desk) -> Answer:
    if isinstance(node, Table):
        desk.table(node, f"{what}: answer", ("key", "location"))
        key = node.get("key")
        if key is not None:
            return replace(answer, kind="key", key=as_dotted(key, f"{what}: key"))
        return replace(answer, kind="location")
    return replace(answer, kind=as_word(node, f"{what}: answer", _WORDS)) if node else answer


def read_expectations(node: Node, what: str, desk: Desk) -> Expectations:
    """Members that a good answer must have, with their values."""
    table = desk.table(node, f"{what}: expect")
    return tuple((as_dotted(key, f"{what}: expect"), plain(value)) for key, value in table)


def _absent(node: Node | None, what: str, desk: Desk) -> Absent:
    if node is None:
        return Absent()
    table = desk.table(node, f"{what}: absent", ("status", "empty"))
    statuses = as_nodes(table.get("status"))
    empty = table.get("empty")
    return Absent(
        frozenset(as_number(n, f"{what}: absent status") for n in statuses),
        as_flag(empty, f"{what}: empty") if empty else False,
    )


def _error_body(node: Node, what: str, desk: Desk) -> ErrorBody:
    table = desk.table(node, f"{what}: error", ("message", "code", "member", "within"))

    def paths(key: str) -> tuple[DottedPath, ...]:
        return tuple(as_dotted(item, f"{what}: {key}") for item in as_nodes(table.get(key)))

    within = table.get("within")
    return ErrorBody(
        paths("message"),
        paths("code"),
        paths("member"),
        as_text(within, f"{what}: within").text if within else "",
    )


def _rules(node: Node, what: str, desk: Desk) -> tuple[FaultRule, ...]:
    rules: list[FaultRule] = []
    for key, value in desk.table(node, f"{what}: status"):
        with desk.section():
            status = as_number(key, f"{what}: a status")
            rules.extend(_rules_of_status(status, key, value, desk))
    return tuple(rules)


def _rules_of_status(status: int, key: Text, node: Node, desk: Desk) -> list[FaultRule]:
    what = f"status {status}"
    if isinstance(node, Text):
        rules = [FaultRule(status, "*", _kind(node, what))]
    else:
        entries = desk.table(node, what)
        rules = [FaultRule(status, pattern.text, _kind(kind, what)) for pattern, kind in entries]
    if status in _GOOD and any(rule.pattern.strip("*") == "" for rule in rules):
        raise rejection("C112", key, f"{what} would always be a failure", "name a code or message")
    return rules


def _kind(node: Node, what: str) -> FaultKind:
    return as_word(node, what, _KINDS)
