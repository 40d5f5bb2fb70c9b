"""Operations: a request line, or a table of what is said besides."""

from dataclasses import dataclass, replace

from portico.mapping.language.source import Node, Table, Text
from portico.vendor.dotted import ITSELF, DottedPath
from portico.vendor.model import Operation
from portico.vendor.reading.answers import (
    ANSWER_KEYS,
    AnswerDefaults,
    Schemas,
    read_answer,
    read_faults,
)
from portico.vendor.reading.nodes import Desk, as_dotted, as_text, as_word, needed
from portico.vendor.reading.paging import find_paging, read_item, read_paging
from portico.vendor.reading.requests import REQUEST_KEYS, RequestDefaults, read_request
from portico.vendor.schema import Schema

OPERATION_KEYS = REQUEST_KEYS | ANSWER_KEYS
LIST_KEYS = OPERATION_KEYS | {"paging", "ids", "read", "over"}


@dataclass(frozen=True)
class Defaults:
    """What the whole file says once for every operation; `paging` holds the named ones."""

    requests: RequestDefaults
    answers: AnswerDefaults
    schemas: Schemas
    paging: Table | None = None


@dataclass(frozen=True)
class OperationReader:
    """Reads the operations of one thing: an object, or a catalogue."""

    thing: str
    defaults: Defaults
    desk: Desk
    schema: Schema | None = None
    key: tuple[str, ...] = ()

    def single(self, what: str, node: Node, *more_keys: str) -> Operation:
        """An operation on one record."""
        name = f"{self.thing}.{what}"
        table = self.desk.table(_as_table(node), name, OPERATION_KEYS | {*more_keys})
        defaults = self.defaults.answers
        answer = read_answer(table, name, defaults, self.defaults.schemas, self.desk)
        if answer.kind == "record" and answer.schema is None:
            answer = replace(answer, schema=self.schema)
        return Operation(
            name,
            read_request(node, name, self.defaults.requests, self.desk),
            answer,
            read_faults(table, name, defaults.faults, self.desk),
            node.place,
        )

    def listing(self, what: str, node: Node, *more_keys: str) -> Operation:
        """An operation that lists records, or their keys."""
        name = f"{self.thing}.{what}"
        table = self.desk.table(_as_table(node), name)
        operation = self.single(what, node, *(LIST_KEYS - OPERATION_KEYS), *more_keys)
        paging = find_paging(table.get("paging"), self.defaults.paging, name, self.desk)
        ids, over = table.get("ids"), table.get("over")
        if ids is not None:
            as_word(needed(table, "read", name), f"{name}: read", ("each",))
        items = as_dotted(ids, f"{name}: ids") if ids else operation.answer.unwrap
        schema = None if ids else operation.answer.schema
        answer = replace(operation.answer, unwrap=_item(paging), schema=schema)
        return replace(
            operation,
            answer=answer,
            paging=read_paging(paging, items, self.desk),
            each=self.key[-1] if ids and self.key else None,
            over=as_text(over, f"{name}: over").text if over else None,
        )


def _item(paging: Table | None) -> DottedPath:
    return read_item(paging) or ITSELF


def _as_table(node: Node) -> Node:
    """A bare request line as the table that it is short for."""
    if isinstance(node, Text):
        return Table(node.place, ((Text(node.place, "request"), node),))
    return node
