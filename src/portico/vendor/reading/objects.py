"""The sections `objects` and `catalogues`: what can be asked of a vendor."""

from dataclasses import replace
from typing import Literal

from portico.mapping.language.source import Node, Table, Text
from portico.vendor.dotted import DottedPath
from portico.vendor.model import (
    CatalogueSource,
    Operation,
    VendorObject,
    VersionMember,
    VersionSource,
    version_name,
)
from portico.vendor.pagination import HeaderValue
from portico.vendor.reading.nodes import (
    Desk,
    as_dotted,
    as_flag,
    as_nodes,
    as_seconds,
    as_text,
    as_word,
    needed,
    rejection,
)
from portico.vendor.reading.operations import Defaults, OperationReader
from portico.vendor.reading.search import parameter_places, read_search_parameters
from portico.vendor.search_parameters import Push, PushPath, PushRange

_OBJECT_KEYS = frozenset(
    {"module", "key", "schema", "read", "search", "create", "update", "delete", "actions",
     "search-parameters", "gone", "version", "upsert"}
)  # fmt: skip
_TEN_MINUTES = 600.0


def read_object(name: str, node: Node, defaults: Defaults, desk: Desk) -> VendorObject:
    """One kind of record and its operations."""
    table = desk.table(node, name, _OBJECT_KEYS)
    key = tuple(as_text(item, f"{name}: key").text for item in as_nodes(table.get("key")))
    version = _version(table.get("version"), name, desk)
    desk = _with_blanks(table, key, version, desk)
    schema, module, gone = table.get("schema"), table.get("module"), table.get("gone")
    compiled = defaults.schemas(schema, name) if schema else None
    reader = OperationReader(name, defaults, desk, compiled, key)
    thing = VendorObject(
        name,
        key,
        table.place,
        module=as_text(module, f"{name}: module").text if module else None,
        actions=_actions(table.get("actions"), reader),
        search_parameters=read_search_parameters(table.get("search-parameters"), name, key, desk),
        gone=as_dotted(gone, f"{name}: gone") if gone else None,
        version=version,
        mint=_mint(table.get("create"), key, desk),
        undo=_undo(table.get("create")),
        warns=_warns(table.get("create"), name),
        parameter_places=parameter_places(table.get("search-parameters")),
    )
    return _consistent(_with_operations(thing, table, reader), table, desk)


def read_catalogue(name: str, node: Node, defaults: Defaults, desk: Desk) -> CatalogueSource:
    """A vendor's own list of terms."""
    reader = OperationReader(name, defaults, desk)
    operation = reader.listing("catalogue", node, "key", "text", "codes", "local", "lifetime")
    table = desk.table(node, name)
    text, codes, local = table.get("text"), table.get("codes"), table.get("local")
    lifetime = table.get("lifetime")
    return CatalogueSource(
        name,
        operation,
        as_dotted(needed(table, "key", name), f"{name}: key"),
        as_dotted(text, f"{name}: text") if text else None,
        tuple(
            (as_dotted(member, f"{name}: codes"), as_text(system, f"{name}: codes").text)
            for member, system in (desk.table(codes, f"{name}: codes") if codes else ())
        ),
        as_text(local, f"{name}: local").text if local else None,
        as_seconds(lifetime, f"{name}: lifetime") if lifetime else _TEN_MINUTES,
    )


def _with_operations(thing: VendorObject, table: Table, reader: OperationReader) -> VendorObject:
    via_list = _is_via_list(table.get("read"), reader.desk)
    upsert = table.get("upsert")
    thing = replace(
        thing,
        read=None if via_list else _operation("read", table, reader),
        read_via_list=via_list,
        search=_operation("search", table, reader),
        create=_operation("create", table, reader),
        update=_operation("update", table, reader),
        delete=_operation("delete", table, reader),
        upsert=as_flag(upsert, f"{thing.name}: upsert") if upsert else False,
    )
    if thing.upsert and thing.create and thing.update is None:
        return replace(thing, update=replace(thing.create, name=f"{thing.name}.update"))
    return thing


def _operation(what: str, table: Table, reader: OperationReader) -> Operation | None:
    node = table.get(what)
    if node is None:
        return None
    found = None
    with reader.desk.section():
        if what == "search":
            found = reader.listing(what, node)
        else:
            found = reader.single(
                what, node, *(("mint", "undo", "warns") if what == "create" else ())
            )
    return found


def _actions(node: Node | None, reader: OperationReader) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for name, action in reader.desk.table(node, f"{reader.thing}: actions") if node else ():
        with reader.desk.section():
            found[name.text] = reader.single(name.text, action)
    return found


def _with_blanks(
    table: Table, key: tuple[str, ...], version: VersionSource | None, desk: Desk
) -> Desk:
    taken = [member for member in key if member in desk.names]
    if taken:
        what = f"'{taken[0]}' is a setting and a key member"
        raise rejection("C109", table.get("key"), what, "rename the setting")
    return desk.with_names(key, may_lack=(version_name(version),) if version else ())


def _version(node: Node | None, name: str, desk: Desk) -> VersionSource | None:
    if node is None:
        return None
    if isinstance(node, Text):
        return VersionMember(node.text)
    table = desk.table(node, f"{name}: version", ("header",))
    header = needed(table, "header", f"{name}: version")
    return HeaderValue(as_text(header, f"{name}: version").text.lower())


def _mint(node: Node | None, key: tuple[str, ...], desk: Desk) -> dict[str, Literal["uuid"]]:
    mint = node.get("mint") if isinstance(node, Table) else None
    words: tuple[Literal["uuid"], ...] = ("uuid",)
    return {
        as_word(member, "mint", key): as_word(how, "mint", words)
        for member, how in (desk.table(mint, "mint") if mint else ())
    }


def _undo(node: Node | None) -> bool:
    undo = node.get("undo") if isinstance(node, Table) else None
    return bool(undo and as_word(undo, "undo", ("delete",)))


def _warns(node: Node | None, name: str) -> DottedPath | None:
    warns = node.get("warns") if isinstance(node, Table) else None
    return as_dotted(warns, f"{name}: warns") if warns else None


def _is_via_list(node: Node | None, desk: Desk) -> bool:
    if not isinstance(node, Table) or node.get("via") is None:
        return False
    desk.table(node, "read", ("via",))
    return bool(as_word(node.get("via"), "read: via", ("list",)))


def _consistent(thing: VendorObject, table: Table, desk: Desk) -> VendorObject:
    """Operations that need others have them."""
    writes = [thing.create, thing.update, *thing.actions.values()]
    by_key = any(write and write.answer.kind in {"key", "location"} for write in writes)
    pushed = any(
        isinstance(rule, Push | PushRange | PushPath)
        for rules in thing.search_parameters.values()
        for rule in rules
    )
    open_blanks = _open_blanks(thing)
    needs = (
        (
            bool(open_blanks and thing.search_parameters),
            "search-parameters",
            f"the list needs {', '.join(open_blanks)}: let a parameter fill it, with required: yes",
        ),
        (thing.upsert and not thing.create, "upsert", "an upsert needs 'create'"),
        (thing.read_via_list and not thing.search, "read", "a read via the list needs 'search'"),
        (bool(thing.search and thing.search.each and not thing.read), "search", "ids need 'read'"),
        (thing.undo and not thing.delete, "create", "'undo: delete' needs 'delete'"),
        (by_key and not thing.read, "create", "an answer that tells the key needs 'read'"),
        (pushed and not thing.search, "search-parameters", "pushing down needs 'search'"),
        ("read" in thing.interactions and not thing.key, "read", "a read needs 'key'"),
    )
    for lacking, key, what in needs:
        node = table.get(key)
        if lacking and node is not None:
            desk.findings.add("C111", node.place, f"{thing.name}: {what}")
    return thing


def _open_blanks(thing: VendorObject) -> list[str]:
    """Key members that the list's path needs and no search surely fills."""
    rules = [rule for rules in thing.search_parameters.values() for rule in rules]
    filled = {rule.member for rule in rules if isinstance(rule, PushPath) and rule.required}
    listed = thing.search if thing.search and not thing.search.over else None
    names = listed.request.path.names if listed else ()
    return [name for name in names if name in thing.key and name not in filled]
