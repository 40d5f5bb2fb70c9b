"""search-type: https://hl7.org/fhir/R4/http.html#search."""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlencode

from portico import Json, Resource
from portico.errors import FhirError, Issue
from portico.facade.connection import Faces
from portico.facade.cursor import START, Position, seal, unseal
from portico.facade.listing import Collector, Found, collect_all
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.plan import Plan, make_plans
from portico.facade.preference import preference
from portico.facade.service import Service
from portico.fhir.bundle import SearchEntry, search_entry, searchset
from portico.fhir.outcome import operation_outcome
from portico.fhir.search import Query, parse_query

DEFAULT_COUNT = 50
Pairs = tuple[tuple[str, str], ...]

_FORM = "application/x-www-form-urlencoded"
_MAX_PARAMETERS = 200


async def search(service: Service, faces: Faces, request: FhirRequest) -> FhirResponse:
    """200 with a searchset; 400 for a search that cannot be evaluated as it stands."""
    plans = plans_of(faces, request)
    query = plans[0].query
    position = position_of(service, query)
    collectors = [
        Collector(service, plan, await service.catalogues.context(plan.listed.catalogues))
        for plan in plans
    ]
    if query.count == 0:
        found = await _counted(collectors)
    else:
        found = await collect_all(collectors, position, page_size(query))
    return FhirResponse(200, (), page(service, request, query, found))


def plans_of(faces: Faces, request: FhirRequest) -> tuple[Plan, ...]:
    """Read a request and plan its search, without asking the vendor anything."""
    lenient = preference(request).lenient
    return make_plans(faces, query_of(faces.resource_type, request), lenient=lenient)


def query_of(resource_type: str, request: FhirRequest) -> Query:
    lenient = preference(request).lenient
    return parse_query(resource_type, pairs_of(request), request.base, lenient=lenient)


def pairs_of(request: FhirRequest) -> Pairs:
    """The parameters in the URL, and those in the body of a POST. FhirError 400 and 415."""
    if request.method != "POST":
        return request.query
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM and request.body:
        raise FhirError(415, Issue("not-supported", f"_search takes a body of type {_FORM}"))
    try:
        text = request.body.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except ValueError as error:
        raise FhirError(400, Issue("invalid", "the body is not a form")) from error
    return (*request.query, *pairs)


def page_size(query: Query) -> int:
    return DEFAULT_COUNT if query.count is None else query.count


def position_of(service: Service, query: Query) -> Position:
    if query.cursor is None:
        return START
    return unseal(query.cursor, _bound(service, query), service.ports.secret)


def page(service: Service, request: FhirRequest, query: Query, found: Found) -> Resource:
    """The searchset of a page: its matches, what went wrong, and links that say what was done."""
    base = request.base
    entries = [search_entry(base, resource) for resource in found.resources]
    issues = (*query.ignored, *found.problems)
    if issues:
        entries.append(SearchEntry(operation_outcome(issues), mode="outcome"))
    following = None
    if found.next:
        sealed = seal(found.next, _bound(service, query), service.ports.secret)
        following = _url(request, query, sealed)
    own = _url(request, query, query.cursor)
    return searchset(entries, self_url=own, next_url=following, total=_total(query, found))


async def _counted(collectors: Sequence[Collector]) -> Found:
    """`_count=0` asks for the total only, which is known where the vendor counts all matches."""
    if not all(collector.shows_all for collector in collectors):
        return Found(0)
    totals = [(await collector.collect(START, 1)).total for collector in collectors]
    known = [total for total in totals if total is not None]
    return Found(0, total=sum(known) if len(known) == len(totals) else None)


def _total(query: Query, found: Found) -> int | None:
    return None if query.total == "none" else found.total


def _bound(service: Service, query: Query) -> Json:
    """What a cursor is good for: this connection, type, criteria and page size."""
    pairs = [list(criterion.pair) for criterion in query.criteria]
    return [service.connection.name, query.type_name, pairs, query.count]


def _url(request: FhirRequest, query: Query, cursor: str | None) -> str:
    text = urlencode(list(_said(query, cursor)))
    url = f"{request.base}/{query.type_name}"
    return f"{url}?{text}" if text else url


def _said(query: Query, cursor: str | None) -> Iterable[tuple[str, str]]:
    yield from (criterion.pair for criterion in query.criteria)
    results = {"_count": query.count, "_total": query.total, "_cursor": cursor}
    yield from ((name, str(value)) for name, value in results.items() if value is not None)
