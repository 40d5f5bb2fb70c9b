"""read and search-type of resources that are served from snapshots."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from portico import Resource
from portico.errors import FhirError, Issue, PorticoError
from portico.facade.connection import BundleFace
from portico.facade.cursor import START, Position
from portico.facade.given import is_evaluable
from portico.facade.listing import Found, all_match
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.plan import evaluable
from portico.facade.ports import Snapshot
from portico.facade.preference import preference
from portico.facade.search import page, page_size, position_of, query_of
from portico.facade.service import Current, Service
from portico.facade.snapshot import resources_of
from portico.fhir.search import Criterion, Query, ReferenceValue, TokenValue
from portico.mapping.conversion.context import Context

BUDGET = 500
"""Snapshots that one search may look at."""
_BATCH = 50
_ALL = 10**9


@dataclass(frozen=True)
class SnapshotReader:
    """The resources of one type in the snapshots of one connection."""

    service: Service
    face: BundleFace
    resource_type: str

    async def current(self, logical_id: str) -> Current:
        """The resource as it was sent last. FhirError 404 when no snapshot has it."""
        store, name = self.service.ports.store, self.service.connection.name
        found = await store.by_resource_id(name, self.resource_type, logical_id)
        if found is not None:
            for resource in self._resources(found, await self._context()):
                if resource["id"] == logical_id:
                    return Current({}, found.record, resource)
        what = f"there is no {self.resource_type} with this id"
        raise FhirError(404, Issue("not-found", what))

    async def search(self, request: FhirRequest) -> FhirResponse:
        """200 with a searchset."""
        lenient = preference(request).lenient
        query = query_of(self.resource_type, request)
        query = evaluable(query, self.refusal, lenient=lenient)
        position = position_of(self.service, query)
        if query.count == 0:
            found = replace(await self._collect(query, position, _ALL), resources=[])
        else:
            found = await self._collect(query, position, page_size(query))
        return FhirResponse(200, (), page(self.service, request, query, found))

    def refusal(self, criterion: Criterion) -> str | None:
        """Why a criterion cannot be evaluated: what it searches is never in the vendor's record."""
        if is_evaluable(
            criterion.parameter, self.resource_type, self.face.roots(self.resource_type)
        ):
            return None
        return f"{criterion.parameter.name}: the vendor does not hold what this searches"

    async def _collect(self, query: Query, position: Position, wanted: int) -> Found:
        found = Found(wanted)
        context = await self._context()
        after, offset = position.after or "", position.offset
        async for snapshot in self._snapshots(query, after):
            if found.is_full or found.spent >= BUDGET:
                found.next = Position(after)
                break
            found.spent += 1
            hits = self._hits(snapshot, query, context, found)
            end = offset + wanted - len(found.resources)
            found.resources.extend(hits[offset:end])
            if end < len(hits):
                found.next = Position(after, end)
                break
            after, offset = snapshot.key, 0
        if found.next and not found.is_full:
            found.exhaust_budget("snapshots")
        is_whole = position == START and not found.next and not found.problems
        found.total = len(found.resources) if is_whole else None
        return found

    def _hits(
        self, snapshot: Snapshot, query: Query, context: Context, found: Found
    ) -> list[Resource]:
        """The matches in a snapshot; one that cannot be read is told of, and fails no other."""
        try:
            resources = self._resources(snapshot, context)
        except PorticoError as error:
            found.problems.extend(error.issues)
            return []
        return [one for one in resources if all_match(one, query.criteria)]

    async def _snapshots(self, query: Query, after: str) -> AsyncIterator[Snapshot]:
        """The snapshots that can hold a match: those of the ids that are asked for, or all."""
        ids = _named(query)
        if ids is not None:
            for snapshot in await self._of_ids(ids):
                if snapshot.key > after:
                    yield snapshot
            return
        store, name, thing = self.service.ports.store, self.service.connection.name, self.face.thing
        while batch := await store.following(name, thing.name, after, _BATCH):
            for snapshot in batch:
                yield snapshot
            after = batch[-1].key

    async def _of_ids(self, ids: list[tuple[str, str]]) -> list[Snapshot]:
        store, name = self.service.ports.store, self.service.connection.name
        found = [await store.by_resource_id(name, *one) for one in ids]
        by_key = {snapshot.key: snapshot for snapshot in found if snapshot}
        return [by_key[key] for key in sorted(by_key)]

    def _resources(self, snapshot: Snapshot, context: Context) -> list[Resource]:
        secret = self.service.ports.secret
        every = resources_of(snapshot, self.face.module, context, secret)
        return [one for one in every if one["resourceType"] == self.resource_type]

    async def _context(self) -> Context:
        return await self.service.catalogues.context(self.face.module.catalogues)


def _named(query: Query) -> list[tuple[str, str]] | None:
    """Types and ids that a match must have or refer to; None when the query names none."""
    for criterion in query.criteria:
        if criterion.modifier is None and criterion.missing is None:
            named = [_place(query, criterion, value) for value in criterion.values]
            known = [one for one in named if one]
            if known and len(known) == len(named):
                return known
    return None


def _place(query: Query, criterion: Criterion, value: object) -> tuple[str, str] | None:
    match value:
        case TokenValue(_, code) if criterion.parameter.name == "_id" and code:
            return query.type_name, code
        case ReferenceValue(type_name, logical_id) if type_name and logical_id:
            return type_name, logical_id
    return None
