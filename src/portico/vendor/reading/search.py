"""The section `search-parameters` of an object."""

from collections.abc import Collection, Mapping

from portico.errors import Place
from portico.mapping.conversion.date_form import ISO, DateForm, parse_date_form
from portico.mapping.language.source import Node, Table, Text
from portico.vendor.reading.nodes import (
    Desk,
    as_flag,
    as_nodes,
    as_text,
    as_word,
    needed,
    rejection,
)
from portico.vendor.search_parameters import (
    Filter,
    Push,
    PushPath,
    PushRange,
    ReadByKey,
    Refuse,
    SearchRule,
)

_KEYS: dict[str, frozenset[str]] = {
    "query": frozenset({"query", "superset", "system", "values"}),
    "range": frozenset({"range", "superset", "format"}),
    "path": frozenset({"path", "required"}),
    "read": frozenset({"read", "system", "prefix"}),
    "refuse": frozenset({"refuse"}),
}
_ENDS = 2


def read_search_parameters(
    node: Node | None, what: str, key: Collection[str], desk: Desk
) -> Mapping[str, tuple[SearchRule, ...]]:
    """FHIR search parameter → its rules; names joined with `|` share theirs."""
    parameters: dict[str, tuple[SearchRule, ...]] = {}
    if node is None:
        return parameters
    for names, value in desk.table(node, f"{what}: search-parameters"):
        with desk.section():
            rules = tuple(_rule(item, names.text, key, desk) for item in as_nodes(value))
            for name in names.text.split("|"):
                _refuse_second(name, names, parameters)
                parameters[name.strip()] = rules
    return parameters


def parameter_places(node: Node | None) -> dict[str, Place]:
    """Where each search parameter is named."""
    keys = [key for key, _ in node] if isinstance(node, Table) else []
    return {name.strip(): key.place for key in keys for name in key.text.split("|")}


def _refuse_second(name: str, names: Text, parameters: Collection[str]) -> None:
    if name.strip() in parameters:
        raise rejection("C109", names, f"'{name}' has rules already")


def _rule(node: Node, name: str, key: Collection[str], desk: Desk) -> SearchRule:
    if isinstance(node, Text):
        as_word(node, name, ("filter",))
        return Filter()
    table = desk.table(node, name)
    kind = next((kind for kind in _KEYS if table.get(kind) is not None), None)
    if kind is None:
        raise rejection("C102", table, f"{name} lacks one of: {', '.join(_KEYS)}, or is 'filter'")
    desk.table(table, f"{name} by {kind}", _KEYS[kind])
    if kind == "query":
        return _push(table, name, desk)
    if kind == "range":
        return _range(table, name)
    if kind == "refuse":
        return Refuse(as_text(table.get(kind), name).text)
    return _of_key(kind, table, name, key)


def _push(table: Table, name: str, desk: Desk) -> Push:
    values, system = table.get("values"), table.get("system")
    codes = (
        {code.text: as_text(value, name).text for code, value in desk.table(values, name)}
        if values
        else None
    )
    return Push(
        as_text(table.get("query"), name).text,
        as_flag(needed(table, "superset", name), f"{name}: superset"),
        as_text(system, name).text if system else None,
        codes,
    )


def _range(table: Table, name: str) -> PushRange:
    ends = as_nodes(table.get("range"))
    superset, written = table.get("superset"), table.get("format")
    if len(ends) != _ENDS:
        raise rejection("C100", table, f"{name}: range must be two names", "like [from, to]")
    low, high = (as_text(end, name).text for end in ends)
    return PushRange(
        low,
        high,
        as_flag(superset, f"{name}: superset") if superset else True,
        _day_format(written, name) if written else ISO,
    )


def _day_format(node: Node, name: str) -> DateForm:
    text = as_text(node, f"{name}: format").text
    try:
        return parse_date_form(text)
    except ValueError as error:
        raise rejection("C100", node, f"{name}: no form of a day", str(error)) from error


def _of_key(kind: str, table: Table, name: str, key: Collection[str]) -> PushPath | ReadByKey:
    member = as_word(table.get(kind), f"{name}: {kind}", tuple(key))
    if kind == "path":
        required = table.get("required")
        return PushPath(member, as_flag(required, name) if required else False)
    if len(key) > 1:
        raise rejection("C112", table, f"{name}: one member is not the whole key")
    system, prefix = table.get("system"), table.get("prefix")
    return ReadByKey(
        member,
        as_text(system, name).text if system else None,
        as_text(prefix, name).text if prefix else "",
    )
