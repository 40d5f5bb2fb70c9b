"""transaction, where the vendor takes a whole record at once and is atomic for it.

The order is: check everything, give ids, send one request, keep what was sent, answer. What the
vendor did not take is not kept.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from portico import Record, Resource
from portico.errors import FhirError, Issue, PorticoError, VendorError
from portico.facade.connection import BundleFace
from portico.facade.entry_places import places
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.outcome import loss_headers, loss_issues
from portico.facade.payload import read_resource
from portico.facade.performing import explained, told_uncertain
from portico.facade.ports import Snapshot
from portico.facade.preference import Preference, preference
from portico.facade.service import Service
from portico.facade.snapshot import (
    Item,
    assign,
    identified,
    items_of,
    resources_of,
    subject_key,
)
from portico.facade.transaction_request import Entry, as_bundle, checked_entries
from portico.facade.version import stale
from portico.fhir import reference
from portico.fhir.bundle import EntryResponse, response_bundle
from portico.fhir.outcome import operation_outcome
from portico.fhir.version import etag, parse_precondition
from portico.mapping.conversion.context import Context
from portico.mapping.running.change import Change, Loss
from portico.vendor import exchange

_OK, _CREATED = 200, 201


@dataclass(frozen=True)
class _Plan:
    """A transaction that may be sent: what it means, and where each entry stands in it."""

    entries: tuple[Entry, ...]
    change: Change
    items: tuple[Item, ...]
    places: tuple[int, ...]
    key: str
    context: Context


@dataclass
class Transactions:
    """The transactions of one connection. Those of one patient wait for each other."""

    service: Service
    face: BundleFace
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def handle(self, request: FhirRequest) -> FhirResponse:
        """200 with a transaction-response; otherwise nothing took effect."""
        bundle = read_resource(request, "Bundle")
        types = self.face.module.resource_types
        entries = checked_entries(bundle, types, request.base)
        context = await self.service.catalogues.context(self.face.module.catalogues)
        plan = self._planned(entries, context)
        lock = self._locks.setdefault(plan.key, asyncio.Lock())
        async with lock:
            former = await self._former(plan.key, context)
            snapshot = await self._identified(plan, former)
            snapshot = await self._sent(plan, snapshot)
        resources = tuple(identified(plan.items, snapshot.entries, self.service.ports.secret))
        known = {str(one["id"]) for one in former.resources}
        return _answer(request, plan, resources, known)

    def _planned(self, entries: tuple[Entry, ...], context: Context) -> _Plan:
        module = self.face.module
        change = module.to_vendor(as_bundle(entries), None, context)
        items = items_of(module.to_fhir(change.record, context))
        key = subject_key(items)
        if key is None:
            what = "the patient needs an identifier: it tells whose record this is"
            raise FhirError(422, Issue("required", what, expression=("Patient.identifier",)))
        return _Plan(entries, change, items, places(entries, items, module, context), key, context)

    async def _former(self, key: str, context: Context) -> "_Former":
        """What was kept of the patient; nothing if it no longer reads as it was sent."""
        service, module = self.service, self.face.module
        found = await service.ports.store.by_key(service.connection.name, self.face.thing.name, key)
        if found is None:
            return _Former()
        try:
            resources = resources_of(found, module, context, service.ports.secret)
        except PorticoError:
            return _Former()
        return _Former(items_of(module.to_fhir(found.record, context)), resources)

    async def _identified(self, plan: _Plan, former: "_Former") -> Snapshot:
        """The snapshot with all its ids. FhirError 409 and 412 for ids that cannot be had."""
        versions = {str(one["id"]): str(one["meta"]["versionId"]) for one in former.resources}
        wanted: dict[int, str] = {}
        for entry, at in zip(plan.entries, plan.places, strict=True):
            _check_version(entry, versions)
            if entry.logical_id is not None:
                _check_same_subject(entry, entry.logical_id, former)
                await self._check_free(entry, entry.logical_id, versions)
                wanted[at] = entry.logical_id
        entries = assign(plan.items, wanted, former.pairs, self.service.ports.mint)
        name = self.service.connection.name
        return Snapshot(name, self.face.thing.name, plan.key, plan.change.record, entries)

    async def _check_free(self, entry: Entry, logical_id: str, known: Mapping[str, str]) -> None:
        store, name = self.service.ports.store, self.service.connection.name
        if logical_id in known:
            return
        if await store.by_resource_id(name, entry.resource_type, logical_id):
            what = f"{entry.expression}: this id is that of a resource of another patient's record"
            raise FhirError(409, Issue("conflict", what, expression=(entry.expression,)))

    async def _sent(self, plan: _Plan, snapshot: Snapshot) -> Snapshot:
        """Send the record in one request, then keep it with the vendor's own mark for it."""
        service, name = self.service, self.face.thing.name
        body = plan.change.steps[0].body
        vendor, values = service.connection.vendor, service.values({})
        try:
            receipt = await service.run(exchange.create(vendor, name, values, body))
        except VendorError as error:
            raise told_uncertain(explained(error, self.face.module.expressions)) from error
        kept = replace(snapshot, correlation_id=_mark(receipt))
        try:
            await service.ports.store.save(kept)
        except PorticoError as error:
            what = "the vendor took the record, but it could not be kept here; send it again"
            raise PorticoError(error.status, *error.issues, Issue("incomplete", what)) from error
        return kept


@dataclass(frozen=True)
class _Former:
    """The resources of the patient's snapshot before this one."""

    items: tuple[Item, ...] = ()
    resources: tuple[Resource, ...] = ()

    @property
    def pairs(self) -> list[tuple[Item, str]]:
        ids = (str(one["id"]) for one in self.resources)
        return list(zip(self.items, ids, strict=True))


def _check_same_subject(entry: Entry, logical_id: str, former: "_Former") -> None:
    """A patient who is shared again keeps the id; another one would leave links that break."""
    kept = [one["id"] for one in former.resources if one["resourceType"] == "Patient"]
    if entry.resource_type == "Patient" and kept and logical_id not in kept:
        what = f"{entry.expression}: the record of this patient is Patient/{kept[0]}; use that id"
        raise FhirError(409, Issue("conflict", what, expression=(entry.expression,)))


def _check_version(entry: Entry, versions: Mapping[str, str]) -> None:
    header = entry.request.if_match
    if header is None:
        return
    if not parse_precondition(header).names(versions.get(entry.logical_id or "")):
        issues = (replace(one, expression=(entry.expression,)) for one in stale().issues)
        raise FhirError(412, *issues)


def _mark(receipt: Record | None) -> str | None:
    """What a later message of the vendor will name: the receipt's one text."""
    texts = [value for value in (receipt or {}).values() if isinstance(value, str)]
    return texts[0] if len(texts) == 1 else None


def _answer(
    request: FhirRequest, plan: _Plan, resources: tuple[Resource, ...], known: set[str]
) -> FhirResponse:
    """The responses in the order of the request's entries."""
    wish = preference(request)
    said = [
        _entry_response(request.base, resources[at], known, _Body(wish, _of(entry, plan)))
        for entry, at in zip(plan.entries, plan.places, strict=True)
    ]
    headers = loss_headers(plan.change.report)
    return FhirResponse(_OK, headers, response_bundle("transaction-response", said))


@dataclass(frozen=True)
class _Body:
    wish: Preference
    losses: tuple[Loss, ...]

    def resource(self, resource: Resource) -> Resource | None:
        return resource if self.wish.returned == "representation" else None

    def outcome(self) -> Resource | None:
        if self.wish.returned != "OperationOutcome":
            return None
        return operation_outcome(loss_issues(self.losses))


def _entry_response(base: str, resource: Resource, known: set[str], body: _Body) -> EntryResponse:
    type_name, logical_id = resource["resourceType"], resource["id"]
    version_id = resource["meta"]["versionId"]
    return EntryResponse(
        status=_OK if logical_id in known else _CREATED,
        location=reference.local(type_name, logical_id, version_id),
        etag=etag(version_id),
        last_modified=resource["meta"].get("lastUpdated"),
        resource=body.resource(resource),
        outcome=body.outcome(),
        full_url=f"{base}/{type_name}/{logical_id}",
    )


def _of(entry: Entry, plan: _Plan) -> tuple[Loss, ...]:
    """What is lost of one entry."""
    return tuple(_within(entry.expression, plan.change.report))


def _within(path: str, report: tuple[Loss, ...]) -> Iterator[Loss]:
    for loss in report:
        if loss.expression == path or loss.expression.startswith(f"{path}."):
            yield loss
