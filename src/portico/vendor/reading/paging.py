"""How lists are paged: the entries of `paging:` and what an operation says of its list."""

from portico.mapping.language.source import Node, Table
from portico.vendor.dotted import DottedPath
from portico.vendor.pagination import (
    ByCursor,
    ByLink,
    ByOffset,
    ByPage,
    Paging,
    Whole,
)
from portico.vendor.reading.nodes import (
    Desk,
    as_dotted,
    as_number,
    as_source,
    as_text,
    as_word,
    did_you_mean,
    needed,
    rejection,
)

_COMMON = {"kind", "items", "item", "total", "size", "max", "missing"}
_KEYS = {
    "none": _COMMON,
    "page": _COMMON | {"page", "first", "more"},
    "offset": _COMMON | {"offset", "more"},
    "cursor": _COMMON | {"after", "next", "more"},
    "link": _COMMON | {"next", "more"},
}

Turn = Whole | ByPage | ByOffset | ByCursor | ByLink


def find_paging(node: Node | None, named: Table | None, what: str, desk: Desk) -> Table | None:
    """The table that an operation's `paging` is, or names."""
    if node is None or isinstance(node, Table):
        return node
    name = as_text(node, f"{what}: paging").text
    found = named.get(name) if named else None
    if found is None:
        known = named.keys() if named else ()
        raise rejection("C108", node, f"no paging is called '{name}'", did_you_mean(name, known))
    return desk.table(found, f"paging {name}")


def read_paging(table: Table | None, items: DottedPath, desk: Desk) -> Paging:
    """A paging; `items` is where the list is when the table does not say."""
    if table is None:
        return Paging(Whole(), items)
    kind = as_word(needed(table, "kind", "paging"), "paging: kind", _KEYS)
    desk.table(table, f"paging of kind {kind}", _KEYS[kind])
    own, total, more = table.get("items"), table.get("total"), table.get("more")
    size, limit, missing = table.get("size"), table.get("max"), table.get("missing")
    return Paging(
        _turn(kind, table, desk),
        as_dotted(own, "paging: items") if own else items,
        total=as_source(total, "paging: total") if total else None,
        more=as_source(more, "paging: more") if more else None,
        size=as_text(size, "paging: size").text if size else None,
        limit=as_number(limit, "paging: max") if limit else None,
        missing_is_empty=bool(missing and as_word(missing, "paging: missing", ("empty",))),
    )


def read_item(table: Table | None) -> DottedPath | None:
    """Where the record is within an entry of the list."""
    item = table.get("item") if table else None
    return as_dotted(item, "paging: item") if item else None


def _turn(kind: str, table: Table, desk: Desk) -> Turn:
    def name(key: str) -> str:
        return as_text(needed(table, key, f"paging of kind {kind}"), f"paging: {key}").text

    def source(key: str) -> Node:
        return needed(table, key, f"paging of kind {kind}")

    if kind == "page":
        first = table.get("first")
        return ByPage(name("page"), as_number(first, "paging: first") if first else 1)
    if kind == "offset":
        return ByOffset(name("offset"))
    if kind == "cursor":
        return ByCursor(name("after"), as_source(source("next"), "paging: next"))
    if kind == "link":
        return ByLink(as_source(source("next"), "paging: next"), desk.secret_parameters)
    return Whole()
