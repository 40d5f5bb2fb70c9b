"""The section `credential`."""

from portico.mapping.language.source import Node, Table
from portico.vendor.credential import (
    TOKEN,
    BasicCredential,
    Credential,
    CredentialPart,
    ExchangeCredential,
    HeaderCredential,
    QueryCredential,
)
from portico.vendor.reading.nodes import (
    Desk,
    as_dotted,
    as_nodes,
    as_seconds,
    as_text,
    as_word,
    needed,
    rejection,
)
from portico.vendor.reading.requests import REQUEST_KEYS, RequestDefaults, read_request
from portico.vendor.template import parse_template

_KEYS: dict[str, frozenset[str]] = {
    "none": frozenset({"kind"}),
    "bearer": frozenset({"kind", "token"}),
    "header": frozenset({"kind", "name", "value"}),
    "query": frozenset({"kind", "name", "value"}),
    "basic": frozenset({"kind", "user", "password"}),
    "exchange": (REQUEST_KEYS - {"wrap", "add", "parameters", "idempotency", "prefix"})
    | {"kind", "base", "token", "lifetime", "expires", "expires_in", "send"},
}
_WHAT = "credential"
_AN_HOUR = 3600.0


def read_credential(node: Node | None, desk: Desk) -> Credential:
    """What the vendor asks to know us by; one, or several in a list."""
    parts: list[CredentialPart] = []
    for item in as_nodes(node):
        with desk.section():
            parts.extend(_parts(item, desk))
    if node and sum(isinstance(part, ExchangeCredential) for part in parts) > 1:
        desk.findings.add("C112", node.place, "only one credential can be an exchange")
    return tuple(parts)


def _parts(node: Node, desk: Desk) -> tuple[CredentialPart, ...]:
    table = desk.table(node, _WHAT)
    kind = as_word(needed(table, "kind", _WHAT), f"{_WHAT}: kind", tuple(_KEYS))
    desk.table(node, f"{_WHAT} of kind {kind}", _KEYS[kind])
    if kind == "none":
        return ()
    if kind == "exchange":
        return (_exchange(table, desk),)
    if kind == "bearer":
        token = desk.template(needed(table, "token", _WHAT), f"{_WHAT}: token", required=True)
        return (HeaderCredential("Authorization", parse_template(f"Bearer {token.text}")),)
    if kind == "basic":
        user = desk.template(needed(table, "user", _WHAT), f"{_WHAT}: user", required=True)
        password = desk.template(
            needed(table, "password", _WHAT), f"{_WHAT}: password", required=True
        )
        return (BasicCredential(user, password),)
    return (_sent_as(kind, "name", table, desk),)


def _sent_as(
    kind: str, name_key: str, table: Table, desk: Desk
) -> HeaderCredential | QueryCredential:
    name = as_text(needed(table, name_key, _WHAT), f"{_WHAT}: {name_key}").text
    value = desk.template(needed(table, "value", _WHAT), f"{_WHAT}: value", required=True)
    return HeaderCredential(name, value) if kind == "header" else QueryCredential(name, value)


def _exchange(table: Table, desk: Desk) -> ExchangeCredential:
    base, lifetime = table.get("base"), table.get("lifetime")
    expires, expires_in = table.get("expires"), table.get("expires_in")
    token = needed(table, "token", _WHAT)
    return ExchangeCredential(
        read_request(table, _WHAT, RequestDefaults(), desk),
        desk.template(base, f"{_WHAT}: base", required=True) if base else None,
        None if as_text(token, _WHAT).text == "text" else as_dotted(token, f"{_WHAT}: token"),
        _send(table.get("send"), desk.with_names({TOKEN})),
        as_seconds(lifetime, f"{_WHAT}: lifetime") if lifetime else _AN_HOUR,
        as_dotted(expires, f"{_WHAT}: expires") if expires else None,
        as_dotted(expires_in, f"{_WHAT}: expires_in") if expires_in else None,
    )


def _send(node: Node | None, desk: Desk) -> HeaderCredential | QueryCredential:
    what = f"{_WHAT}: send"
    table = desk.table(node, what, ("header", "query", "value"))
    for kind in ("header", "query"):
        if table.get(kind) is not None:
            return _sent_as(kind, kind, table, desk)
    raise rejection("C102", table, f"{what} lacks 'header' or 'query'")
