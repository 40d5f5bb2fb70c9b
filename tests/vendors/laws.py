"""The laws that every module keeps, as functions that raise when one is broken."""

import re
from collections import Counter
from collections.abc import Iterator

from portico import Json, Record, Resource
from portico.document import copy, dump
from portico.errors import FhirError, VendorError
from portico.mapping.change import Change, Loss
from portico.mapping.context import Context
from portico.mapping.lane import Lane
from portico.mapping.load import ObjectModule
from portico.mapping.module import SingleModule

_INDEX = re.compile(r"\[[0-9]+\]")
_SERVER_OWNED = re.compile(r"[A-Za-z]+\.(id|implicitRules|meta\.(versionId|lastUpdated|profile))")

_STAYING = ("added", "normalised")

Leaves = Counter[tuple[str, bytes]]


def read(module: ObjectModule, record: Json, context: Context) -> Resource | None:
    """The resource of a record; None if the record has a value without a meaning."""
    try:
        return module.to_fhir(Record(record), context)
    except VendorError:
        return None


def write(
    module: ObjectModule, resource: Json, base: Json | None, context: Context
) -> Change | None:
    """The change that a write makes; None if the write is refused."""
    try:
        return module.to_vendor(Resource(resource), base, context)
    except FhirError:
        return None


def get_put(module: ObjectModule, record: Json, context: Context) -> None:
    """A resource written over its own record changes nothing."""
    resource = module.to_fhir(Record(record), context)
    change = module.to_vendor(resource, Record(record), context)
    assert change.steps == ()
    assert change.report == ()
    assert dump(change.record) == dump(record)


def no_silent_loss(module: ObjectModule, sent: Json, base: Json | None, context: Context) -> None:
    """What would read back differently is in the report, or the write is refused."""
    change = write(module, sent, base, context)
    if change is None:
        return
    held = module.to_fhir(change.record, context)
    reported = [_without_indexes(loss) for loss in change.report]
    before, after = leaves(sent), leaves(held)
    unnamed = [path for path, _ in before - after if not _is_named(path, reported)]
    assert unnamed == [], f"lost in silence: {unnamed}; report: {reported}"
    unnamed = [path for path, _ in after - before if not _is_named(path, reported)]
    assert unnamed == [], f"added in silence: {unnamed}; report: {reported}"


def stability(module: ObjectModule, sent: Json, base: Json | None, context: Context) -> None:
    """Writing what a written record reads as changes nothing any more."""
    change = write(module, sent, base, context)
    if change is not None:
        get_put(module, change.record, context)


def transplant(module: ObjectModule, one: Json, other: Json, context: Context) -> None:
    """What one record reads as, written over another, reads back.

    Where a stored code or state stays because what was sent agrees with it, or says nothing of it,
    the report says so.
    """
    sent = module.to_fhir(Record(one), context)
    change = write(module, sent, other, context)
    if change is None or "lost" in {loss.kind for loss in change.report}:
        return
    held, wanted = writable(module, module.to_fhir(change.record, context)), writable(module, sent)
    stays = [_without_indexes(loss) for loss in change.report if loss.kind in _STAYING]
    differing = [path for path in held | wanted if held.get(path) != wanted.get(path)]
    assert [path for path in differing if not _touches(path, stays)] == []


def aliasing(module: ObjectModule, record: Json, base: Json | None, context: Context) -> None:
    """Conversions leave their inputs as they are, and share no mutable part with them."""
    given, stored = copy(record), copy(base)
    resource = read(module, record, context)
    if resource is None:
        return
    again = module.to_fhir(Record(record), context)
    assert not parts(resource) & parts(record)
    assert not parts(resource) & parts(again)
    change = write(module, resource, base, context)
    assert (dump(record), dump(base), dump(resource)) == (dump(given), dump(stored), dump(again))
    if change is not None:
        inputs = parts(resource) | parts(base)
        bodies = [step.body for step in change.steps]
        assert not parts([change.record]) & inputs
        assert not parts(bodies) & inputs
        assert not parts(bodies) & parts(change.record)


def digits(module: ObjectModule, record: Json, context: Context) -> None:
    """Decimals come out with the digits that they came in with."""
    resource = module.to_fhir(Record(record), context)
    assert decimals(resource) <= decimals(record)


def decimals(value: Json) -> set[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return set().union(*map(decimals, inner))
    return {str(value)} if type(value).__name__ == "Decimal" else set()


def parts(value: Json) -> set[int]:
    """The identities of all mutable parts of a document."""
    if not isinstance(value, dict | list):
        return set()
    inner = value.values() if isinstance(value, dict) else value
    return {id(value)}.union(*map(parts, inner))


def leaves(resource: Json) -> Leaves:
    """Every value by its path without indexes; full URLs by the types of what they stand for."""
    entries = resource.get("entry", ())
    names = {one.get("fullUrl"): _kind(one) for one in entries}
    found = _leaves(resource, resource["resourceType"], names)
    return Counter(
        (path, text)
        for path, text in found
        if not _SERVER_OWNED.fullmatch(path) and not path.endswith("fullUrl")
    )


def _kind(entry: Json) -> str:
    return str(entry.get("resource", {}).get("resourceType"))


def _leaves(value: Json, path: str, names: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}", names)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path, names)
    else:
        yield path, dump(names.get(value, value) if isinstance(value, str) else value)


def writable(module: ObjectModule, resource: Json) -> dict[str, Json]:
    """What a resource says in the elements that can be written, by their paths."""
    if not isinstance(module, SingleModule):
        return {f"{path} {text!r}": count for (path, text), count in leaves(resource).items()}
    keys = set(module.identity.members if module.identity else ()) | module.spec.write.url
    keys |= {str(lane.members[0]) for lane in module.shape.lanes if lane.template is not None}
    slots = module.shape.read(resource)
    found: dict[str, Json] = {}
    for lane in module.shape.lanes:
        if lane.direction.writes and not keys & set(map(str, lane.members)):
            for path, slot in zip(lane.paths, _said(lane), strict=True):
                name = ".".join([module.shape.type, *path.names])
                found.setdefault(name, []).append(slots[slot])
    return found


def _said(lane: Lane) -> tuple[int, ...]:
    """The slots of a rule without its companions: a carried code stays while it agrees."""
    companions = lane.transform.companions if lane.transform else ()
    return lane.slots[: len(lane.slots) - len(companions)]


def _without_indexes(loss: Loss) -> str:
    return _INDEX.sub("", loss.expression)


def _is_named(path: str, reported: list[str]) -> bool:
    """Whether an element is named by a report, or what it is in."""
    return any(f"{path}.".startswith(f"{name}.") for name in reported)


def _touches(path: str, reported: list[str]) -> bool:
    """Whether a report names an element, what it is in, or what is in it."""
    bare = path.split(" ", maxsplit=1)[0]
    return _is_named(bare, reported) or any(name.startswith(f"{bare}.") for name in reported)
