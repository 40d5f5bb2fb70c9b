"""One module file → ModuleSpec. Unknown sections, wrong kinds and bad lines raise MappingError."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from portico.errors import Place
from portico.fhir.definitions import is_type
from portico.mapping.language.code_reader import read_codes
from portico.mapping.language.expand import expand_shape
from portico.mapping.language.grammar import fail
from portico.mapping.language.remarks import remarks
from portico.mapping.language.rule import (
    Action,
    FhirPath,
    Lock,
    ModuleSpec,
    Part,
    Shape,
    StructType,
    WriteShape,
)
from portico.mapping.language.rule_reader import (
    read_constants,
    read_rules,
    read_slices,
    table,
    text,
    words,
)
from portico.mapping.language.source import Node, Table, Text, plain, read_yaml
from portico.mapping.language.terminology import Terminology

SECTIONS = (
    "portico", "module", "resource", "profile", "vendor", "systems", "oids", "slices", "codes",
    "types", "constants", "fallback", "neutral", "refuse", "rules", "drop", "absent", "on_loss",
    "bundle",
    "resources",
)  # fmt: skip
PART_KEYS = (
    "resource", "profile", "from", "each", "slices", "constants", "fallback", "neutral", "refuse",
    "rules", "absent", "if", "suffix",
)  # fmt: skip
SHARED = ("constants", "rules", "absent")
TYPE_KEYS = ("is", "rules")
ACTION_KEYS = ("action", "as", "allowed")
VENDOR_KEYS = ("schema", "create", "update", "version", "clear", "write", "starts")
ON_LOSS = ("reject", "warn", "keep")


def read_module(path: Path, name: str, terminology: Terminology) -> ModuleSpec:
    """Read and expand one module; `name` is how its file is called in findings."""
    root = table(read_yaml(path, name), "a module", Place(name))
    _known(root, SECTIONS, "section")
    language = text(root.get("portico"), "'portico: 1'", root.place)
    if language.value != 1:
        raise fail("E107", language.place, "this version reads 'portico: 1'")
    systems = _strings(root.get("systems"))
    own = terminology.with_systems(systems)
    vendor = table(root.get("vendor"), "vendor", root.place)
    _known(vendor, VENDOR_KEYS, "key of 'vendor'")
    parts = _parts(root, _types(root))
    return ModuleSpec(
        vendor=path.parent.name,
        object=path.stem,
        place=text(root.get("module"), "module", root.place).place,
        parts=parts,
        bundle=_optional(root.get("bundle")),
        write=_write(vendor),
        schemas={key: text(vendor.get(key), key, vendor.place).text for key in _schemas(vendor)},
        codes=read_codes(root.get("codes"), own),
        systems=systems,
        oids=_strings(root.get("oids")),
        on_loss=_on_loss(root.get("on_loss")),
        drop=_reasons(root.get("drop")),
        places=dict(_places(root)),
        remarks=tuple(remarks(root, path)),
    )


def _places(root: Table) -> Iterator[tuple[str, Place]]:
    """Where sections stand, and what they list; a resource's: `resources.NAME.rules`."""
    yield from _sections(root, "")
    resources = root.get("resources")
    for name, part in resources if isinstance(resources, Table) else ():
        if isinstance(part, Table):
            yield from _sections(part, f"resources.{name.text}.")


def _sections(node: Table, prefix: str) -> Iterator[tuple[str, Place]]:
    for key, value in node:
        yield f"{prefix}{key.text}", key.place
        if key.text in {"neutral", "refuse"} and isinstance(value, Table):
            yield from ((f"{prefix}{key.text}.{name.text}", name.place) for name, _ in value)
        elif key.text == "drop" and isinstance(value, Table):
            for _, names in value:
                listed = [names] if isinstance(names, Text) else names
                yield from (
                    (f"drop.{one.text}", one.place) for one in listed if isinstance(one, Text)
                )


def _known(node: Table, known: tuple[str, ...], what: str) -> None:
    for key, _ in node:
        if key.text not in known:
            near = difflib.get_close_matches(key.text, known, 1)
            remedy = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
            raise fail("E102", key.place, f"unknown {what} '{key.text}'", remedy)


def _types(root: Table) -> Mapping[str, StructType]:
    node = root.get("types")
    if node is None:
        return {}
    entries = table(node, "types", node.place)
    return {key.text: _type(table(value, "a type", key.place)) for key, value in entries}


def _type(node: Table) -> StructType:
    _known(node, TYPE_KEYS, "key of a type")
    rules = tuple(read_rules(table(node.get("rules"), "rules", node.place)))
    given = node.get("is")
    if given is None:
        return StructType(rules)
    named = text(given, "is", node.place)
    if not is_type(named.text):
        raise fail("E118", named.place, f"R4 has no type '{named.text}'", "name a type of R4")
    return StructType(rules, named.text)


def _parts(root: Table, types: Mapping[str, StructType]) -> tuple[Part, ...]:
    slices = read_slices(root.get("slices"))
    resources = root.get("resources")
    if resources is None:
        return (_part("", root, slices, types),)
    parts = []
    for key, value in table(resources, "resources", root.place):
        own = table(value, "a resource", key.place)
        _known(own, PART_KEYS, "key of a resource")
        node = _with_shared(root, own)
        local = slices | read_slices(node.get("slices"))
        parts.append(_origin(_part(key.text, node, local, types), node))
    return tuple(parts)


def _with_shared(root: Table, own: Table) -> Table:
    """A resource's keys after those that stand above `resources` and hold for all of them."""
    found = {key.text: (key, value) for key, value in own}
    for name in SHARED:
        above = root.get(name)
        if not isinstance(above, Table):
            continue
        key, beside = found.get(name, (Text(above.place, name), Table(above.place, ())))
        entries = beside if isinstance(beside, Table) else ()
        found[name] = key, Table(beside.place, (*above, *entries))
    return Table(own.place, tuple(found.values()))


def _part(
    name: str,
    node: Table,
    slices: Mapping[str, FhirPath],
    types: Mapping[str, StructType],
) -> Part:
    shape = _shape(node, slices, types)
    profiles, absent = words(node.get("profile")), _reasons(node.get("absent"))
    return Part(name, shape, (), profiles=profiles, absent=absent)


def _origin(part: Part, node: Table) -> Part:
    each = node.get("each")
    if each is None:
        line = text(node.get("from"), "from or each", node.place)
        condition, suffix = words(node.get("if")), _optional(node.get("suffix")) or ""
        origin = tuple(line.text.split(".")) if line.text != "." else ()
        return replace(part, origin=origin, condition=condition, suffix=suffix)
    outer, _, inner = text(each, "each", node.place).text.partition("[].")
    origin = tuple(outer.removesuffix("[]").split("."))
    inside = tuple(inner.removesuffix("[]").split(".")) if inner else ()
    return replace(part, origin=origin, repeats=True, inner=inside)


def _shape(node: Table, slices: Mapping[str, FhirPath], types: Mapping[str, StructType]) -> Shape:
    resource = text(node.get("resource"), "resource", node.place)
    rules = table(node.get("rules"), "rules", node.place)
    shape = Shape(
        resource.text,
        tuple(read_rules(rules)),
        resource.place,
        tuple(read_constants(node.get("constants"))),
        tuple(read_constants(node.get("fallback"))),
        _reasons(node.get("neutral")),
        _reasons(node.get("refuse")),
    )
    return expand_shape(shape, slices, types)


def _write(vendor: Table) -> WriteShape:
    renames: dict[str, str] = {}
    actions: dict[str, Action] = {}
    url = set()
    write = vendor.get("write")
    for key, value in table(write, "write", vendor.place) if write else ():
        if isinstance(value, Table):
            actions[key.text] = _action(value)
        elif text(value, "a name", key.place).text == "url":
            url.add(key.text)
        else:
            renames[key.text] = text(value, "a name", key.place).text
    update = vendor.get("update")
    clear = vendor.get("clear")
    return WriteShape(
        replaces=isinstance(update, Text) and update.text == "replace",
        renames=renames,
        actions=actions,
        url=frozenset(url),
        clear=clear.text if isinstance(clear, Text) else None,
        lock=_lock(vendor.get("version")),
        starts=_starts(vendor.get("starts"), vendor.place),
    )


def _starts(node: Node | None, place: Place) -> Mapping[str, object]:
    return {k.text: plain(v) for k, v in table(node, "starts", place)} if node else {}


def _action(node: Table) -> Action:
    _known(node, ACTION_KEYS, "key of an action")
    allowed = table(node.get("allowed"), "allowed", node.place)
    return Action(
        text(node.get("action"), "action", node.place).text,
        text(node.get("as"), "as", node.place).text,
        {state.text: words(targets) for state, targets in allowed},
    )


def _lock(node: Node | None) -> Lock | None:
    if node is None:
        return None
    line = text(node, "version", node.place)
    member, _, sent_as = line.text.partition(" as ")
    return Lock(member.strip(), (sent_as or member).strip())


def _schemas(vendor: Table) -> list[str]:
    named = [key for key in ("schema", "create", "update") if vendor.get(key)]
    return [key for key in named if plain(vendor.get(key)) != "replace"]


def _strings(node: Node | None) -> dict[str, str]:
    return {key.text: str(plain(value)) for key, value in node} if isinstance(node, Table) else {}


def _reasons(node: Node | None) -> Mapping[str, tuple[str, ...]]:
    return {key.text: words(value) for key, value in node} if isinstance(node, Table) else {}


def _optional(node: Node | None) -> str | None:
    return node.text if isinstance(node, Text) else None


def _on_loss(node: Node | None) -> str:
    if node is None:
        return "reject"
    value = text(node, "on_loss", node.place)
    if value.text not in ON_LOSS:
        raise fail("E108", value.place, "unknown value of on_loss", f"one of {', '.join(ON_LOSS)}")
    return value.text
