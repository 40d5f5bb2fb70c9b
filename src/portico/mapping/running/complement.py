"""What a vendor cannot hold, kept beside the record and laid over later reads.

A complement is JSON of ours: members by name, the lost value under `@value`, and for lists the
parts of entries under an anchor that finds the entry again, and whole entries under `@extra`. An
anchor is the number of the slice that owns the entry, or the digest of the entry as the vendor
holds it: when the vendor has since removed or changed the entry, the part hangs on nothing and is
set aside.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.document import copy, dump
from portico.fhir import definitions
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.tree import Branch, Entries, Node
from portico.mapping.language.selector import current, is_dated, pick
from portico.mapping.running.change import Loss
from portico.mapping.running.pairing import CODE, is_made_up, paired

_VALUE, _EXTRA = "@value", "@extra"


def complement(sent: Json, held: Json, shape: CompiledShape, report: Sequence[Loss]) -> Json:
    """The lost parts of a resource, anchored; {} when nothing was lost."""
    lost = frozenset(loss.expression for loss in report if loss.kind == "lost")
    return _Keeper(lost).objects(sent, held, _Place(shape.type, shape.type, shape.root)) or {}


def overlay(resource: Json, kept: Json, shape: CompiledShape) -> Json:
    """The resource with a complement laid over it; what the vendor has now always wins."""
    return _laid(resource, kept, shape.root)


@dataclass(frozen=True)
class _Place:
    """Where the walk is; entries meet here as they do for the report."""

    path: str
    type: str
    node: Node | None
    is_modifier: bool = False

    def inner(self, name: str) -> "_Place":
        facts = definitions.element(self.type, name)
        path, kind = f"{self.path}.{name}", facts.type if facts else ""
        is_modifier = bool(facts and facts.is_modifier) or (self.is_modifier and name in CODE)
        return _Place(path, kind, _child(self.node, name), is_modifier)


@dataclass(frozen=True)
class _Keeper:
    lost: frozenset[str]

    def objects(self, sent: Json, held: Json, at: _Place) -> Json:
        kept = {}
        for name, value in sent.items():
            place = at.inner(name)
            if place.path in self.lost:
                kept[name] = {_VALUE: copy(value)}
            elif inner := self._inside(value, held.get(name), place):
                kept[name] = inner
        return kept

    def _inside(self, sent: Json, held: Json, at: _Place) -> Json:
        if isinstance(sent, dict) and isinstance(held, dict):
            return self.objects(sent, held, at)
        if isinstance(sent, list) and all(isinstance(item, dict) for item in sent):
            return self._entries(sent, held or [], at)
        return None

    def _entries(self, sent: Sequence[Json], held: Sequence[Json], at: _Place) -> Json:
        kept: dict[str, Json] = {}
        pairs = paired(sent, held, at.node, at.type, by_place=at.is_modifier)
        for index, (node, partner) in sorted(pairs.items()):
            path = f"{at.path}[{index}]"
            if path in self.lost:
                kept.setdefault(_EXTRA, []).append(copy(sent[index]))
            elif partner is not None:
                place = _Place(path, at.type, node, at.is_modifier)
                if inner := self.objects(sent[index], partner, place):
                    kept[_anchor(at.node, node, partner)] = inner
        return kept


def _anchor(entries: Node | None, node: Node | None, held: Json) -> str:
    if isinstance(entries, Entries):
        for number, (_, child) in enumerate(entries.slices):
            if child is node:
                return f"@{number}"
    return f"@{hashlib.sha256(dump(held)).hexdigest()[:16]}"


def _laid(resource: Json, kept: Mapping[str, Json], node: Node | None) -> Json:
    result = dict(resource)
    for name, part in kept.items():
        child = _child(node, name)
        if _VALUE in part:
            if name not in result or is_made_up(name, result, node):
                result[name] = copy(part[_VALUE])
        elif isinstance(result.get(name), dict):
            result[name] = _laid(result[name], part, child)
        else:
            entries = list(_laid_entries(result.get(name) or [], part, child))
            result |= {name: entries} if entries else {}
    return result


def _laid_entries(entries: Sequence[Json], kept: Json, node: Node | None) -> Iterator[Json]:
    owners = dict(_owners(entries, node))
    for entry in entries:
        number, child = owners.get(id(entry), (None, None))
        anchor = f"@{number}" if number is not None else _anchor(None, None, entry)
        yield _laid(entry, kept[anchor], child) if anchor in kept else entry
    yield from (copy(entry) for entry in kept.get(_EXTRA, ()) if entry not in entries)


def _owners(entries: Sequence[Json], node: Node | None) -> Iterator[tuple[int, tuple[int, Node]]]:
    if isinstance(node, Entries):
        listed = current(entries) if is_dated(node.type) else entries
        for number, (found, child) in enumerate(node.slices):
            entry = pick(listed, found.ranked)
            if entry is not None:
                yield id(entry), (number, child)


def _child(node: Node | None, name: str) -> Node | None:
    return node.children.get(name) if isinstance(node, Branch) else None
