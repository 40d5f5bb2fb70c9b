"""Request lines and what goes with them: query, headers, body, deadline."""

import re
from dataclasses import dataclass, replace

from portico import Json
from portico.mapping.language.source import Node, Sequence, Table, Text
from portico.vendor.query import RECORD, ParametersIn, RequestTemplate, TemplatePairs
from portico.vendor.reading.nodes import (
    Desk,
    as_seconds,
    as_text,
    as_word,
    needed,
    rejection,
)
from portico.vendor.template import Template, parse_template

REQUEST_KEYS = frozenset(
    {"request", "prefix", "query", "headers", "body", "wrap", "add", "form", "parameters",
     "idempotency", "timeout"}
)  # fmt: skip
_LINE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) +(/\S*)")
NO_PREFIX = parse_template("")


@dataclass(frozen=True)
class RequestDefaults:
    """What every request of a file has unless it says otherwise."""

    prefix: Template = NO_PREFIX
    headers: TemplatePairs = ()
    query: TemplatePairs = ()
    timeout: float | None = None


def read_request(node: Node, what: str, defaults: RequestDefaults, desk: Desk) -> RequestTemplate:
    """A request line, or a table with `request` and more."""
    if isinstance(node, Text):
        return _line(node, what, defaults, desk)
    table = desk.table(node, what)
    line = needed(table, "request", what)
    if (prefix := table.get("prefix")) is not None:
        text = as_text(prefix, f"{what}: prefix")
        defaults = replace(defaults, prefix=desk.template(text, f"{what}: prefix", required=True))
    request = _line(line, what, defaults, desk)
    own_headers = read_pairs(table.get("headers"), f"{what}: headers", desk)
    timeout = table.get("timeout")
    parameters = table.get("parameters")
    return replace(
        request,
        query=(*request.query, *read_pairs(table.get("query"), f"{what}: query", desk)),
        headers=_laid_over(request.headers, own_headers),
        body=_whole_body(table, what, desk),
        add=_added(table.get("add"), what, desk),
        form=read_pairs(table.get("form"), f"{what}: form", desk),
        parameters=_where(parameters, what) if parameters else "query",
        idempotency_header=_idempotency(table.get("idempotency"), what, desk),
        timeout=as_seconds(timeout, f"{what}: timeout") if timeout else request.timeout,
    )


def read_pairs(node: Node | None, what: str, desk: Desk) -> TemplatePairs:
    """Names and texts with placeholders; a list of texts repeats its name."""
    if node is None:
        return ()
    return tuple(
        (name.text, desk.template(text, f"{what}: {name.text}"))
        for name, value in desk.table(node, what)
        for text in (value.items if isinstance(value, Sequence) else (value,))
    )


def _line(node: Node, what: str, defaults: RequestDefaults, desk: Desk) -> RequestTemplate:
    text = as_text(node, f"{what}: request")
    match = _LINE.fullmatch(text.text)
    if not match:
        raise rejection(
            "C106", text, f"{what} is not a request", "write it like GET /patients/{id}"
        )
    path = Text(text.at(match.start(2)), match.group(2))
    own = desk.template(path, what, required=True)
    prefix = defaults.prefix
    whole = parse_template(prefix.text + own.text)
    return RequestTemplate(
        match.group(1), whole, prefix, defaults.query, defaults.headers, timeout=defaults.timeout
    )


def _laid_over(defaults: TemplatePairs, own: TemplatePairs) -> TemplatePairs:
    names = {name.lower() for name, _ in own}
    return (*(pair for pair in defaults if pair[0].lower() not in names), *own)


def _where(node: Node, what: str) -> ParametersIn:
    words: tuple[ParametersIn, ...] = ("query", "body")
    return as_word(node, f"{what}: parameters", words)


def _idempotency(node: Node | None, what: str, desk: Desk) -> str | None:
    if node is None:
        return None
    table = desk.table(node, f"{what}: idempotency", ("header",))
    return as_text(needed(table, "header", f"{what}: idempotency"), f"{what}: header").text


def _whole_body(table: Table, what: str, desk: Desk) -> Json:
    wrap, body = table.get("wrap"), table.get("body")
    if wrap is not None and body is not None:
        raise rejection("C112", wrap, f"{what}: wrap and body both say where the record goes")
    if wrap is not None:
        wrapped: Json = RECORD
        for name in reversed(as_text(wrap, f"{what}: wrap").text.split(".")):
            wrapped = {name: wrapped}
        return wrapped
    return _body(body, what, desk) if body is not None else None


def _added(node: Node | None, what: str, desk: Desk) -> dict[str, Json]:
    if node is None:
        return {}
    table = desk.table(node, f"{what}: add")
    return {name.text: _body(value, what, desk) for name, value in table}


def _body(node: Node, what: str, desk: Desk) -> Json:
    if isinstance(node, Table):
        return {key.text: _body(value, what, desk) for key, value in node}
    if isinstance(node, Sequence):
        return [_body(item, what, desk) for item in node]
    if node.text == "{record}":
        return RECORD
    if not isinstance(node.value, str):
        return node.value
    return desk.template(node, f"{what}: body")
