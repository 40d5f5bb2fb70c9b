"""Conversations with a vendor: read, search, create, update, delete, its actions, its catalogues.

Each is a generator without I/O: it yields batches of requests, is sent their answers, and returns
what was asked for. `values` holds the connection's settings and the key members of the record
(`id`, `patient.id`), and whatever else the operation's blanks name (`version_values`).
All raise VendorError; a thing that the vendor has no operation for is FhirError 405.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from portico import Json, Record
from portico.errors import FhirError, Issue, VendorError
from portico.mapping.conversion.catalogue import CatalogueEntry
from portico.mapping.conversion.date_form import ISO
from portico.vendor.answer import accept, check_record, take_key, take_record
from portico.vendor.catalogue_entry import entry_of
from portico.vendor.dotted import parse_dotted
from portico.vendor.fault import fault
from portico.vendor.key import keyed
from portico.vendor.listing import Items, fetch, is_there, walk
from portico.vendor.message import Exchange, Request, Response
from portico.vendor.model import Operation, Vendor, VendorObject, VersionMember, version_name
from portico.vendor.query import Filling, Pairs, build
from portico.vendor.search_parameters import PushRange
from portico.vendor.together import together

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, the cursor of the page after them, and how many there are in all if known.

    `broken` tells of records that are there but are not what the contract says.
    """

    records: tuple[Record, ...]
    cursor: str | None = None
    total: int | None = None
    broken: tuple[VendorError, ...] = ()


def read(vendor: Vendor, name: str, values: Values) -> Exchange[Record]:
    """Read one record; 404 when there is none, 410 when its `gone` member is set."""
    thing = vendor.objects[name]
    if thing.read_via_list:
        record = yield from _find(thing, values)
    else:
        operation = _offered(thing.read, name, "read")
        responses = yield (build(operation.name, operation.request, Filling(values)),)
        record = _record_of(thing, operation, responses[0], values)
        if not _has_key(thing, record, values, default=True):
            raise fault(operation.name, "garbage", "a record with another key came")
    if is_gone(thing, record):
        raise fault(f"{name}.read", "gone")
    return record


def search(
    vendor: Vendor,
    name: str,
    values: Values,
    query: Pairs = (),
    cursor: str | None = None,
    size: int | None = None,
) -> Exchange[Page]:
    """One page of at most `size` records (as many as the vendor gives at once when None).

    `query` are the vendor's own parameters, days as ISO dates; `cursor` is what the page before
    told. A broken record does not hide the sound ones beside it.
    """
    thing = vendor.objects[name]
    operation = _offered(thing.search, name, "search-type")
    if operation.over and not values.keys() >= set(operation.request.path.names):
        return (yield from _search_over(vendor, thing, operation.over, values, (cursor, size)))
    items = yield from fetch(operation, values, _written(thing, query), cursor, size)
    if operation.each:
        found = yield from _read_each(thing, operation.each, items, values)
    else:
        listed = partial(_listed, thing, operation, values)
        found = tuple(_unless_broken(partial(listed, item)) for item in items.items)
    return _page(thing, items, found)


def create(
    vendor: Vendor, name: str, values: Values, body: Json, idempotency_key: str | None = None
) -> Exchange[Record | None]:
    """Create a record; None when the vendor's answer does not tell it."""
    thing = vendor.objects[name]
    operation = _offered(thing.create, name, "create")
    filling = Filling(values, body, idempotency_key=idempotency_key)
    return (yield from _write(vendor, thing, operation, filling))


def update(
    vendor: Vendor, name: str, values: Values, body: Json, idempotency_key: str | None = None
) -> Exchange[Record | None]:
    """Change a record; None when the vendor's answer does not tell it."""
    thing = vendor.objects[name]
    operation = _offered(thing.update, name, "update")
    filling = Filling(values, body, idempotency_key=idempotency_key)
    return (yield from _write(vendor, thing, operation, filling))


def delete(vendor: Vendor, name: str, values: Values, body: Json = None) -> Exchange[Record | None]:
    """Delete a record, in the vendor's way."""
    thing = vendor.objects[name]
    operation = _offered(thing.delete, name, "delete")
    return (yield from _write(vendor, thing, operation, Filling(values, body)))


def act(
    vendor: Vendor, name: str, action: str, values: Values, body: Json = None
) -> Exchange[Record | None]:
    """Do one of the object's actions, a step of a write that no PATCH covers."""
    thing = vendor.objects[name]
    operation = _offered(thing.actions.get(action), name, action)
    return (yield from _write(vendor, thing, operation, Filling(values, body)))


def catalogue(vendor: Vendor, name: str, values: Values) -> Exchange[tuple[CatalogueEntry, ...]]:
    """Load a whole catalogue, page by page."""
    source = vendor.catalogues[name]
    entries: list[CatalogueEntry] = []
    for item in (yield from walk(source.operation, values)):
        key = source.key.first(item)
        if not isinstance(key, str | int):
            raise fault(source.operation.name, "garbage", "an entry without a key")
        entries.append(entry_of(source, str(key), item))
    return tuple(entries)


def is_gone(thing: VendorObject, record: Record) -> bool:
    """Whether the vendor holds the record only as deleted."""
    return bool(thing.gone and thing.gone.first(record) not in (None, False, ""))


def key_of(thing: VendorObject, record: Record) -> dict[str, str]:
    """The key members that a record tells."""
    found = {member: parse_dotted(member).first(record) for member in thing.key}
    return {member: str(value) for member, value in found.items() if value is not None}


def version_values(thing: VendorObject, record: Record) -> dict[str, str]:
    """What the operations' blanks may name of the version of a record that was read."""
    if thing.version is None:
        return {}
    name = version_name(thing.version)
    member = isinstance(thing.version, VersionMember)
    value = parse_dotted(name).first(record) if member else record.get(name)
    return {} if value is None else {name: str(value)}


def _written(thing: VendorObject, query: Pairs) -> Pairs:
    """The parameters with days as the vendor writes them."""
    rules = [rule for rules in thing.search_parameters.values() for rule in rules]
    ranges = [rule for rule in rules if isinstance(rule, PushRange) and rule.format != ISO]
    writes = {name: rule.written for rule in ranges for name in (rule.low, rule.high)}
    return tuple((name, writes.get(name, str)(value)) for name, value in query)


def _offered(operation: Operation | None, name: str, what: str) -> Operation:
    if operation is None:
        issue = Issue("not-supported", f"the vendor has no {what} for {name}")
        raise FhirError(405, issue)
    return operation


def _record_of(
    thing: VendorObject, operation: Operation, response: Response, values: Values
) -> Record:
    document = accept(operation.name, operation.answer, operation.faults, response)
    record = take_record(operation.name, operation.answer, document)
    return keyed(thing, _versioned(thing, record, response), values)


def _listed(thing: VendorObject, operation: Operation, values: Values, item: Json) -> Record:
    record = check_record(operation.name, operation.answer, item)
    return _keyed_by_list(thing, operation, record, values)


def _keyed_by_list(
    thing: VendorObject, operation: Operation, record: Record, values: Values
) -> Record:
    """An entry of a list, with what the list's address says of all of them."""
    names = operation.request.path.names
    return keyed(thing, record, {name: values[name] for name in names if name in values})


def _versioned(thing: VendorObject, record: Record, response: Response) -> Record:
    if thing.version is None or isinstance(thing.version, VersionMember):
        return record
    version = response.header(thing.version.name)
    return Record({**record, thing.version.name: version}) if version else record


def _has_key(thing: VendorObject, record: Record, values: Values, *, default: bool) -> bool:
    told = key_of(thing, record)
    return all(
        told[member].casefold() == values[member].casefold() if member in told else default
        for member in thing.key
        if member in values
    )


def _find(thing: VendorObject, values: Values) -> Exchange[Record]:
    operation = _offered(thing.search, thing.name, "read")

    def is_meant(item: Json) -> bool:
        return isinstance(item, dict) and _has_key(
            thing, _keyed_by_list(thing, operation, Record(item), values), values, default=False
        )

    items = yield from walk(operation, values, is_meant)
    meant = next((item for item in items if is_meant(item)), None)
    if meant is None:
        raise fault(f"{thing.name}.read", "not-found")
    return _listed(thing, operation, values, meant)


def _unless_broken(make: Callable[[], Record]) -> Record | VendorError:
    try:
        return make()
    except VendorError as error:
        if error.kind != "garbage":
            raise
        return error


def _page(thing: VendorObject, items: Items, found: tuple[Record | VendorError, ...]) -> Page:
    """A page of what was found; with nothing but broken records the whole answer is broken."""
    broken = tuple(one for one in found if isinstance(one, VendorError))
    if broken and len(broken) == len(found):
        raise broken[0]
    sound = (one for one in found if not isinstance(one, VendorError))
    records = tuple(record for record in sound if not is_gone(thing, record))
    total = items.total if len(records) == len(items.items) else None
    return Page(records, items.cursor, total, broken)


def _search_over(
    vendor: Vendor,
    thing: VendorObject,
    name: str,
    values: Values,
    page: tuple[str | None, int | None],
) -> Exchange[Page]:
    """All lists of the records on one page of another object, one after another."""
    over, operation = vendor.objects[name], _offered(thing.search, thing.name, "search-type")
    holders = yield from search(vendor, name, values, (), *page)
    (blank,) = set(operation.request.path.names) - values.keys()
    lists = [{**values, blank: key_of(over, one)[over.key[0]]} for one in holders.records]
    found = yield from together(walk(operation, each) for each in lists)
    records = tuple(
        _unless_broken(partial(_listed, thing, operation, each, item))
        for each, items in zip(lists, found, strict=True)
        for item in items
    )
    told = _page(thing, Items(records, holders.cursor, None), records)
    return replace(told, total=None, broken=(*told.broken, *holders.broken))


def _read_each(
    thing: VendorObject, member: str, items: Items, values: Values
) -> Exchange[tuple[Record | VendorError, ...]]:
    operation = _offered(thing.read, thing.name, "read")
    if not all(isinstance(item, str | int) for item in items.items):
        raise fault(operation.name, "garbage", "the list does not hold keys")
    keys = tuple({**values, member: str(item)} for item in items.items)
    requests = tuple(_request(operation, asked) for asked in keys)
    responses: Iterable[Response] = (yield requests) if requests else ()
    return tuple(
        _unless_broken(partial(_record_of, thing, operation, response, asked))
        for asked, response in zip(keys, responses, strict=False)
        if is_there(operation, response)
    )


def _request(operation: Operation, values: Values) -> Request:
    return build(operation.name, operation.request, Filling(values))


def _write(
    vendor: Vendor, thing: VendorObject, operation: Operation, filling: Filling
) -> Exchange[Record | None]:
    (response,) = yield (build(operation.name, operation.request, filling),)
    answer = operation.answer
    document = accept(operation.name, answer, operation.faults, response)
    if answer.kind in {"text", "none"}:
        return None
    if answer.kind in {"key", "location"}:
        key = take_key(operation.name, answer, response, document)
        return (yield from read(vendor, thing.name, {**filling.values, thing.key[-1]: key}))
    record = take_record(operation.name, answer, document)
    return keyed(thing, _versioned(thing, record, response), filling.values)
