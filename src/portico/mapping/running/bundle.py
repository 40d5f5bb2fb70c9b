"""A compiled module whose one vendor object is many resources: a Bundle of type collection.

Nested lists are flattened with an outer join (a group without items still is one resource) and
rebuilt on the way back: resources whose group would read alike form one group, in order of first
appearance. Resources that did not change keep their stored object untouched.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from portico import Json, Record, Resource
from portico.document import copy, dump
from portico.errors import FhirError, Issue
from portico.mapping.compiling.bundle import compile_bundle, within
from portico.mapping.compiling.compile import Changes, CompiledShape, applied
from portico.mapping.compiling.failure import FAILURES, unreadable
from portico.mapping.conversion.context import Context
from portico.mapping.language.rule import Lock, Member, ModuleSpec, Part
from portico.mapping.language.schema import Schema
from portico.mapping.running.bundle_links import Entry, Links, entries_of
from portico.mapping.running.change import Change, Loss
from portico.mapping.running.compare import compare
from portico.mapping.running.module import catalogues_of, enforce, expressions_of, value_of
from portico.mapping.running.write import Writer

_NO_GROUP: Mapping[str, Json] = MappingProxyType({})
_NAMESPACE = uuid.UUID("5f6c7f0e-7a5b-5e0c-9f3b-0d7a3f1c2b4d")


@dataclass(frozen=True)
class _Item:
    """A vendor item and the group around it, with the resource they make."""

    item: Json
    group: Json
    resource: Json


@dataclass(frozen=True)
class BundleModule:
    """A module with `resources`; see SingleModule for the members that both have."""

    spec: ModuleSpec
    shapes: Mapping[str, CompiledShape]
    schemas: Mapping[str, Schema]

    is_bundle = True
    identity = None
    key_members = ()

    @property
    def name(self) -> str:
        return f"{self.spec.vendor}.{self.spec.object}"

    @property
    def resource_types(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(shape.type for shape in self.shapes.values()))

    @property
    def lock(self) -> Lock | None:
        return self.spec.write.lock

    @cached_property
    def catalogues(self) -> frozenset[str]:
        return frozenset().union(*(catalogues_of(one.lanes) for one in self.shapes.values()))

    @cached_property
    def _writer(self) -> Writer:
        create = self.schemas.get("create")
        return Writer(self.spec.write, create, self.schemas.get("update"), self.expressions)

    def expressions(self, member: str) -> tuple[str, ...]:
        """The FHIRPaths that a vendor member feeds; a part's own member stands for its resource."""
        found: list[str] = []
        for part in self.spec.parts:
            origin = ".".join(part.origin)
            shape = self.shapes[part.name]
            if member == origin:
                found.append(shape.type)
            elif member.startswith(f"{origin}."):
                inner = member.removeprefix(f"{origin}.").removeprefix(".".join(part.inner) + ".")
                found += expressions_of(shape, inner) or (shape.type,)
        return tuple(dict.fromkeys(found))

    def to_fhir(self, record: Record, context: Context) -> Resource:
        """A Bundle of type collection whose entries refer to each other by `urn:uuid:`."""
        url_of = full_urls(record)
        try:
            return Resource(self._to_bundle(record, context, url_of))
        except FAILURES as error:
            shapes = self.shapes.values()
            files = {file: lines for shape in shapes for file, lines in shape.files.items()}
            raise unreadable(error, files) from error

    @cached_property
    def _to_bundle(self) -> Callable[..., Json]:
        return compile_bundle(self.spec.parts, self.shapes, self.name)

    def _references(
        self, record: Json, context: Context, url_of: Callable[[str], str]
    ) -> dict[str, str]:
        """What siblings refer to: the single parts that the record has."""
        return {
            part.name: url_of(f"{part.name}/0")
            for part in self.spec.parts
            if not part.repeats and self._has(part, record, context)
        }

    def _has(self, part: Part, record: Json, context: Context) -> bool:
        """Whether a record has a single part; a shape with fallbacks always makes something."""
        if self.shapes[part.name].is_certain:
            return bool(within(record, part.origin))
        return any(True for _ in self._items(part, record, context, {}))

    def _items(
        self, part: Part, record: Json, context: Context, references: Mapping[str, str]
    ) -> Iterator[_Item]:
        shape = self.shapes[part.name]
        for item, up in _pairs(part, record):
            made = shape.to_fhir(item, context, up, references)
            if made is not None:
                yield _Item(item, up, made)

    def to_vendor(self, resource: Resource, base: Record | None, context: Context) -> Change:
        """The record that says what the Bundle says, and what of it is lost.

        Raises FhirError 422 when the Bundle speaks of several patients, when a value must not be
        written, or when a loss must not be.
        """
        links = Links(entries_of(resource), self.spec.parts, self.shapes)
        chosen = links.chosen()
        links.check(chosen)
        record: Json = dict(base or {})
        made: list[tuple[Entry, Part, _Item]] = []
        for part in self.spec.parts:
            before = list(self._items(part, base or {}, context, {}))
            stored = list(before)
            items = [self._item(part, entry, stored, context) for entry in chosen[part.name]]
            made += [
                (entry, part, one) for entry, one in zip(chosen[part.name], items, strict=True)
            ]
            if items != before:
                record = self._placed(part, items, record, context)
        record = copy(record)
        rewrite = links.rewriter(chosen, self._references(record, context, full_urls(record)))
        report = (*self._report(made, record, rewrite, context), *links.without_home(chosen))
        enforce(report, self.spec.on_loss)
        steps = () if record == base else self._writer.creation(record)
        return Change(Record(record), steps, report)

    def _item(self, part: Part, entry: Entry, stored: list[_Item], context: Context) -> _Item:
        """The vendor's item for a resource: a stored one if nothing changed, else a new one."""
        shape = self.shapes[part.name]
        new = shape.read(entry.resource)
        for one in stored:
            if shape.read(one.resource) == new:
                stored.remove(one)
                return one
        single = stored[0] if stored and not part.repeats else None
        old = shape.read(single.resource) if single else None
        before = single.item if single else {}
        changes = _located(shape.put, entry, new, old, before, context)
        own = {member: value for member, value in changes.items() if not member.up}
        around = {replace(m, up=False): value for m, value in changes.items() if m.up}
        return _Item(applied(before, own), applied({}, around), {})

    def _placed(self, part: Part, items: list[_Item], record: Json, context: Context) -> Json:
        if not part.repeats:
            return applied(record, {Member(part.origin): items[0].item if items else None})
        listed = [one.item for one in items]
        if part.inner:
            listed = self._grouped(part, items, context)
        return applied(record, {Member(part.origin): listed or None})

    def _grouped(self, part: Part, items: list[_Item], context: Context) -> list[Json]:
        groups: dict[bytes, Json] = {}
        for one in items:
            image = self.shapes[part.name].to_fhir({}, context, one.group)
            outside = applied(one.group, {Member(part.inner): None})
            group = groups.setdefault(dump(image), outside)
            if one.item:
                listed = [*(value_of(group, Member(part.inner)) or ()), one.item]
                group.update(applied(group, {Member(part.inner): listed}))
        return list(groups.values())

    def _report(
        self,
        made: list[tuple[Entry, Part, _Item]],
        record: Json,
        rewrite: Callable[[Json], Json],
        context: Context,
    ) -> Iterator[Loss]:
        references = self._references(record, context, full_urls(record))
        for entry, part, one in made:
            shape = self.shapes[part.name]
            held: Json = {}
            if part.repeats or one.item:
                held = shape.to_fhir(one.item, context, one.group, references) or {}
            else:
                yield Loss("lost", entry.path, "it says nothing that the record can hold")
            for loss in compare(rewrite(entry.resource), held, shape, part.shape):
                path = loss.expression.replace(shape.type, entry.path, 1)
                yield replace(loss, expression=path)


def full_urls(record: Json) -> Callable[[str], str]:
    """Place in a document → `urn:uuid:`, the same for the same document, and in no other.

    They are UUIDs of version 5; the document is read once for all its places.
    """
    document = hashlib.sha1(_NAMESPACE.bytes + dump(record), usedforsecurity=False)

    def url_of(place: str) -> str:
        named = document.copy()
        named.update(place.encode())
        text = named.hexdigest()
        variant = "89ab"[int(text[16], 16) & 3]
        return (
            f"urn:uuid:{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
        )

    return url_of


def _pairs(part: Part, record: Json) -> list[tuple[Json, Json]]:
    """The items of a part, each with the group around it."""
    found = within(record, part.origin)
    if not found:
        return []
    if not part.repeats:
        return [(found, _NO_GROUP)]
    groups: list[Json] = found
    if not part.inner:
        return [(group, _NO_GROUP) for group in groups]
    return [(item, group) for group in groups for item in within(group, part.inner) or [{}]]


def _located(
    put: Callable[..., Changes], entry: Entry, new: Json, old: Json, before: Json, context: Context
) -> Changes:
    """Put, with the entry's place in the issues of a refusal."""
    try:
        return put(new, old, before, context)
    except FhirError as error:
        issues = (
            Issue(one.code, f"{entry.path}: {one.diagnostics}", one.severity, (entry.path,))
            for one in error.issues
        )
        raise FhirError(error.status, *issues) from error
