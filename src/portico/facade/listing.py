"""Carrying out a plan: vendor pages are fetched and filtered until the answer's page is full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from portico import Record, Resource
from portico.errors import Issue, VendorError
from portico.facade.connection import Face
from portico.facade.cursor import START, Position
from portico.facade.plan import Listing, Plan, Reads
from portico.facade.service import ABSENT, Key, Service
from portico.fhir.search import Criterion, matches
from portico.mapping.conversion.context import Context
from portico.vendor import exchange

BUDGET = 500
"""Vendor requests that one search may cost."""
_CHUNK = 50  # records of a vendor that must be read one by one

_MISSING = 404

_Item: TypeAlias = tuple[Face, Record]


@dataclass
class Found:
    """A page under way. `total` counts the matches of all pages, None when it is not known."""

    wanted: int
    resources: list[Resource] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    next: Position | None = None
    total: int | None = None
    spent: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.resources) >= self.wanted

    def exhaust_budget(self, of: str = "requests to the vendor") -> None:
        """Tell that the page ends early because the search costs too much."""
        what = (
            f"the search ended after {self.spent} {of}; follow the next link, or narrow the "
            "search with a parameter that is not filtered"
        )
        self.problems.append(Issue("too-costly", what, severity="warning"))


@dataclass(frozen=True)
class Collector:
    """One plan with what it takes to carry it out."""

    service: Service
    plan: Plan
    context: Context

    async def collect(self, position: Position, wanted: int) -> Found:
        """The page of at most `wanted` matches that begins at the position."""
        found = Found(wanted)
        await self.fill(position, found)
        if found.next is None and position == Position() and not found.problems:
            found.total = len(found.resources)
        return found

    async def fill(self, position: Position, found: Found) -> None:
        """Add the matches from the position on, until the page is full or the list ends."""
        if isinstance(self.plan.source, Reads):
            await self._read(self.plan.source, position, found)
        else:
            await self._list(self.plan.source, position, found)

    async def _read(self, source: Reads, position: Position, found: Found) -> None:
        """Each key is a page of its own, as its record may show several resources."""
        first = int(position.after or 0)
        for at, key in enumerate(source.keys[first:], first):
            if found.is_full or found.spent >= BUDGET:
                found.next = Position(str(at))
                break
            found.spent += 1
            record = await self._record(key)
            items = self._items((record,)) if record is not None else []
            seen = self._take_page(items, position.offset if at == first else 0, found)
            if seen < len(items):
                found.next = Position(str(at), seen)
                break
        if found.next and not found.is_full:
            found.exhaust_budget()

    async def _record(self, key: Key) -> Record | None:
        try:
            return await self.service.read_record(self.plan.listed.faces[0], key)
        except VendorError as error:
            if error.status in ABSENT:
                return None
            raise

    async def _list(self, source: Listing, position: Position, found: Found) -> None:
        at: Position | None = position
        while at is not None and not found.is_full:
            if found.spent >= BUDGET:
                found.exhaust_budget()
                break
            page = await self._page(source, at, found)
            found.spent += 1 + (len(page.records) if self._reads_each else 0)
            if at.offset == 0:
                found.problems.extend(issue for one in page.broken for issue in one.issues)
            if self.shows_all:
                found.total = page.total
            items = self._items(page.records)
            seen = self._take_page(items, at.offset, found)
            whole = seen == len(items)
            following = Position(page.cursor) if page.cursor else None
            at = following if whole else Position(at.after, seen)
        found.next = at

    async def _page(self, source: Listing, at: Position, found: Found) -> exchange.Page:
        vendor, name = self.service.connection.vendor, self.plan.listed.thing.name
        conversation = exchange.search(
            vendor,
            name,
            self.service.values(source.path),
            source.parameters,
            at.after,
            self._size(found),
        )
        try:
            return await self.service.run(conversation)
        except VendorError as error:
            if error.status == _MISSING and source.path:
                return exchange.Page(())
            raise

    def _size(self, found: Found) -> int | None:
        """How many records to ask for: no more than are needed, where all of them are shown.

        Else the search takes the vendor's own page size, so that a position inside one holds.
        """
        if self.shows_all:
            return found.wanted - len(found.resources)
        return _CHUNK if self._reads_each else None

    @property
    def shows_all(self) -> bool:
        """Whether each record that the vendor lists is one match."""
        return self.plan.listed.is_one_to_one and not self.plan.residual

    @property
    def _reads_each(self) -> bool:
        return bool(self.plan.listed.thing.search and self.plan.listed.thing.search.each)

    def _items(self, records: Iterable[Record]) -> list[_Item]:
        """What records show, in order."""
        faces = self.plan.listed.faces
        return [(face, record) for record in records for face in faces if face.is_in(record)]

    def _take_page(self, items: Sequence[_Item], offset: int, found: Found) -> int:
        """Take items until the page is full; how many of them are seen then."""
        for at, (face, record) in enumerate(items[offset:], offset):
            if found.is_full:
                return at
            self._take(face, record, found)
        return len(items)

    def _take(self, face: Face, record: Record, found: Found) -> None:
        try:
            current = self.service.seen(face, {}, record, self.context)
        except VendorError as error:
            found.problems.extend(_unreadable(face, record, error))
            return
        if all_match(current.resource, self.plan.residual):
            found.resources.append(current.resource)


async def collect_all(collectors: Sequence[Collector], position: Position, wanted: int) -> Found:
    """The page of at most `wanted` matches from the lists, one list after the other."""
    if len(collectors) == 1:
        return await collectors[0].collect(position, wanted)
    found = Found(wanted)
    for at, collector in enumerate(collectors[position.list :], position.list):
        if found.is_full:
            found.next = Position(list=at)
            break
        await collector.fill(position if at == position.list else START, found)
        if found.next:
            found.next = replace(found.next, list=at)
            break
    is_whole = position == START and not found.next and not found.problems
    found.total = len(found.resources) if is_whole else None
    return found


def all_match(resource: Resource, criteria: Iterable[Criterion]) -> bool:
    return all(matches(resource, criterion) for criterion in criteria)


def _unreadable(face: Face, record: Record, error: VendorError) -> Iterable[Issue]:
    """What a search says of a record that it cannot show: it is there, but not in the answer."""
    identity = face.module.identity
    logical_id = identity.logical_id(record) if identity else None
    which = f"{face.resource_type}/{logical_id}" if logical_id else f"a {face.resource_type}"
    for issue in error.issues:
        what = f"{which} cannot be shown: {issue.diagnostics}"
        yield Issue(issue.code, what, expression=issue.expression)
