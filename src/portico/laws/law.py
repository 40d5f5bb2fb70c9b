"""The laws, as functions that raise BrokenLawError where one does not hold.

GetPut, PutGet and stability are those of lenses (Foster et al., TOPLAS 29(3), 2007), with PutGet
weakened to what a vendor can hold: what does not read back is reported, or the write is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from portico import Json, Record, Resource
from portico.document import copy, dump
from portico.errors import FhirError, PorticoError, VendorError
from portico.fhir.structure import structure_issues
from portico.laws.documents import Leaves, decimals, differing, leaves, parts
from portico.laws.fault import BrokenLawError, Fault
from portico.mapping.compiling.lane import Lane
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule
from portico.mapping.running.change import Change, Loss
from portico.mapping.running.module import SingleModule

_INDEX = re.compile(r"\[[0-9]+\]")
_WRONG = frozenset({"value", "structure", "code-invalid"})
_STAYING = ("added", "normalised")
_SERVER_OWNED = re.compile(r"[A-Za-z]+\.(id|implicitRules|meta\.(versionId|lastUpdated|profile))")


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


def get_put(module: ObjectModule, record: Json, context: Context, law: str = "GetPut") -> None:
    """A resource written over its own record changes nothing."""
    case = (("record", record),)
    try:
        resource = module.to_fhir(Record(record), context)
        change = module.to_vendor(resource, Record(record), context)
    except PorticoError as error:
        elements = tuple(path for issue in error.issues for path in issue.expression)
        raise _broken(law, f"refused: {error}", elements, case=case) from error
    members = tuple(name for step in change.steps for name in step.body)
    if members:
        raise _broken(law, f"sends {', '.join(members)} unasked", members=members, case=case)
    if change.report:
        raise _broken(law, f"reports {_told(change.report)}", _paths(change.report), case=case)
    members = differing(record, change.record)
    if dump(change.record) != dump(record):
        raise _broken(law, f"changes {', '.join(members)}", members=members, case=case)


def no_silent_loss(module: ObjectModule, sent: Json, base: Json | None, context: Context) -> None:
    """What would read back differently is in the report, or the write is refused."""
    change = write(module, sent, base, context)
    if change is not None:
        held = _held(module, change, context, "no silent loss")
        _nothing_silent("no silent loss", sent, held, change.report, base)


def complement(module: ObjectModule, sent: Json, base: Json | None, context: Context) -> None:
    """With `on_loss: keep`, what was lost is there again once the complement is laid over."""
    if not isinstance(module, SingleModule):
        return
    keeping = replace(module, spec=replace(module.spec, on_loss="keep"))
    context = replace(context, keeps=True)
    change = write(keeping, sent, base, context)
    if change is not None:
        held = keeping.to_fhir(change.record, context, change.keep)
        report = [loss for loss in change.report if loss.kind != "lost"]
        _nothing_silent("complement", sent, held, report, base)


def stability(module: ObjectModule, sent: Json, base: Json | None, context: Context) -> None:
    """Writing what a written record reads as changes nothing any more."""
    change = write(module, sent, base, context)
    if change is not None:
        get_put(module, change.record, context, "stability")


def transplant(module: ObjectModule, one: Json, other: Json, context: Context) -> None:
    """PutGet: one record's resource, written over another, reads back in all that is writable.

    Where a stored code or state stays because what was sent agrees with it, or says nothing of it,
    the report says so.
    """
    sent = module.to_fhir(Record(one), context)
    change = write(module, sent, other, context)
    if change is None or "lost" in {loss.kind for loss in change.report}:
        return
    held = writable(module, _held(module, change, context, "PutGet"))
    wanted = writable(module, sent)
    stays = _paths(loss for loss in change.report if loss.kind in _STAYING)
    changed = {
        path.partition(" ")[0] for path in held | wanted if held.get(path) != wanted.get(path)
    }
    elements = tuple(sorted(path for path in changed if not _touches(path, stays)))
    if elements:
        case = (("record", one), ("over", other))
        raise _broken("PutGet", f"reads back otherwise: {', '.join(elements)}", elements, case=case)


def aliasing(module: ObjectModule, record: Json, base: Json | None, context: Context) -> None:
    """Conversions leave their inputs as they are, and share no mutable part with them."""
    given, stored = copy(record), copy(base)
    resource = read(module, record, context)
    if resource is None:
        return
    again = module.to_fhir(Record(record), context)
    change = write(module, resource, base, context)
    same = (dump(record), dump(base), dump(resource)) == (dump(given), dump(stored), dump(again))
    outputs = [parts(resource), parts(again)]
    if change is not None:
        bodies = [step.body for step in change.steps]
        outputs += [parts([change.record]), parts(bodies)]
    groups = [parts(record) | parts(base), *outputs]
    if not same or sum(map(len, groups)) != len(set().union(*groups)):
        case = (("record", record), ("over", base))
        raise _broken("aliasing", "documents share a part, or an input changed", case=case)


def digits(module: ObjectModule, record: Json, context: Context) -> None:
    """Decimals come out with the digits that they came in with."""
    resource = module.to_fhir(Record(record), context)
    if not decimals(resource) <= decimals(record):
        elements = tuple(
            path for path, text in leaves(resource, resource["resourceType"]) if b"." in text
        )
        case = (("record", record),)
        raise _broken("decimals", "digits of a decimal changed", elements, case=case)


def validity(module: ObjectModule, record: Json, context: Context) -> None:
    """What a record of the vendor's schema reads as has R4's elements with values of their types.

    What a record does not say is not there, though R4 requires it, and blanks in text stay.
    """
    resource = module.to_fhir(Record(record), context)
    root = resource["resourceType"]
    issues = [issue for issue in structure_issues(root, resource) if issue.code in _WRONG]
    found = [_found_at(resource, root, issue.expression[0]) for issue in issues]
    names = tuple(path for path, value in found if not _is_blank(value))
    if names:
        what = f"{', '.join(names)}: not as R4 has it"
        raise _broken("validity", what, names, case=(("record", record),))


def _found_at(resource: Json, root: str, expression: str) -> tuple[str, Json]:
    """The path as it stands in JSON, and its value: FHIRPath's `value` may be `valueString`."""
    path, value = root, resource
    for step in expression.removeprefix(f"{root}.").split("."):
        name, *indexes = step.replace("]", "").split("[")
        key = name if name in value else next(filter(partial(_is_choice, name), value), name)
        path, value = f"{path}.{key}", value.get(key)
        for index in indexes:
            value = value[int(index)]
        if not isinstance(value, dict):
            break
    return path, value


def _is_choice(name: str, key: str) -> bool:
    return key.startswith(name) and key[len(name) : len(name) + 1].isupper()


def _is_blank(value: Json) -> bool:
    if isinstance(value, str):
        return value != " ".join(value.split()) or not value
    return value in ([], {})


def resource_leaves(resource: Json) -> Leaves:
    """Every value but the server's own; full URLs by the types of what they stand for."""
    names = {one.get("fullUrl"): _kind(one) for one in resource.get("entry", ())}
    found = leaves(resource, resource["resourceType"], names)
    for path, text in tuple(found):
        if _SERVER_OWNED.fullmatch(path) or path.endswith("fullUrl"):
            del found[path, text]
    return found


def _kind(entry: Json) -> str:
    return str(entry.get("resource", {}).get("resourceType"))


def writable(module: ObjectModule, resource: Json) -> dict[str, Json]:
    """What a resource says in the elements that can be written, by their paths."""
    if not isinstance(module, SingleModule):
        found = resource_leaves(resource)
        return {f"{path} {text!r}": count for (path, text), count in found.items()}
    keys = set(module.identity.members if module.identity else ()) | module.spec.write.url
    keys |= {str(lane.members[0]) for lane in module.shape.lanes if lane.template is not None}
    slots = module.shape.read(resource)
    said: dict[str, Json] = {}
    for lane in module.shape.lanes:
        if lane.direction.writes and not keys & set(map(str, lane.members)):
            for path, slot in zip(lane.paths, _said(lane), strict=True):
                name = ".".join([module.shape.type, *path.names])
                said.setdefault(name, []).append(slots[slot])
    return said


def _said(lane: Lane) -> tuple[int, ...]:
    """The slots of a rule without its companions: a carried code stays while it agrees."""
    companions = lane.transform.companions if lane.transform else ()
    return lane.slots[: len(lane.slots) - len(companions)]


def _held(module: ObjectModule, change: Change, context: Context, law: str) -> Resource:
    """What a written record reads as; a record that cannot be read again breaks the law."""
    try:
        return module.to_fhir(change.record, context)
    except VendorError as error:
        case = (("record", change.record),)
        what = f"wrote what it cannot read: {error}"
        raise _broken(law, what, members=error.members, case=case) from error


def _nothing_silent(
    law: str, sent: Json, held: Json, report: Iterable[Loss], base: Json | None
) -> None:
    reported = _paths(report)
    before, after = resource_leaves(sent), resource_leaves(held)
    for verb, gone in (("loses", before - after), ("adds", after - before)):
        silent = sorted({path for path, _ in gone if not _is_named(path, reported)})
        if silent:
            what = f"{verb} {', '.join(silent)} in silence"
            raise _broken(law, what, tuple(silent), case=(("resource", sent), ("over", base)))


def _is_named(path: str, reported: tuple[str, ...]) -> bool:
    """Whether an element is named by a report, or what it is in."""
    return any(f"{path}.".startswith(f"{name}.") for name in reported)


def _touches(path: str, reported: tuple[str, ...]) -> bool:
    """Whether a report names an element, what it is in, or what is in it."""
    return _is_named(path, reported) or any(name.startswith(f"{path}.") for name in reported)


def _paths(report: Iterable[Loss]) -> tuple[str, ...]:
    return tuple(_INDEX.sub("", loss.expression) for loss in report)


def _told(report: Iterable[Loss]) -> str:
    return ", ".join(f"{loss.kind} {loss.expression}" for loss in report)


def _broken(
    law: str,
    what: str,
    elements: tuple[str, ...] = (),
    members: tuple[str, ...] = (),
    case: tuple[tuple[str, Json], ...] = (),
) -> BrokenLawError:
    return BrokenLawError(Fault(law, what, elements, members, case=case))
