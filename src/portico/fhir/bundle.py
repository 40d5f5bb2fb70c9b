"""Bundles: search results, and what goes in and comes out of batches and transactions.

https://hl7.org/fhir/R4/bundle.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from portico import Json, Resource
from portico.errors import FhirError, Issue

ResponseKind = Literal["batch-response", "transaction-response"]
SearchMode = Literal["match", "include", "outcome"]
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One entry of a search result; an outcome has no `full_url`, all others do."""

    resource: Resource
    full_url: str | None = None
    mode: SearchMode = "match"


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """One entry of a batch or transaction. `url` is relative to the base, with its query.

    `expression` is the entry's FHIRPath, for issues that are about it.
    """

    expression: str
    method: str
    url: str
    full_url: str | None = None
    resource: Resource | None = None
    if_match: str | None = None
    if_none_match: str | None = None
    if_none_exist: str | None = None


@dataclass(frozen=True, slots=True)
class EntryResponse:
    """The answer to one entry; `last_modified` is an R4 instant, `location` is relative or not."""

    status: int
    location: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    resource: Resource | None = None
    outcome: Resource | None = None
    full_url: str | None = None


def search_entry(base: str, resource: Resource, mode: SearchMode = "match") -> SearchEntry:
    """An entry for a resource that the server at `base` (no trailing slash) can be asked for."""
    return SearchEntry(resource, f"{base}/{resource['resourceType']}/{resource['id']}", mode)


def searchset(
    entries: Iterable[SearchEntry],
    *,
    self_url: str,
    next_url: str | None = None,
    previous_url: str | None = None,
    total: int | None = None,
) -> Resource:
    """One page of a search result; `total` counts the matches of all pages, None if unknown."""
    urls = {"self": self_url, "previous": previous_url, "next": next_url}
    links = [{"relation": relation, "url": url} for relation, url in urls.items() if url]
    counted = {} if total is None else {"total": total}
    said = [_search_entry(entry) for entry in entries]
    return _bundle("searchset", {**counted, "link": links}, said)


def response_bundle(kind: ResponseKind, entries: Iterable[EntryResponse]) -> Resource:
    """The answers to a batch or transaction, in the order in which the entries were sent."""
    return _bundle(kind, {}, [_response_entry(entry) for entry in entries])


def entry_requests(bundle: Json) -> tuple[EntryRequest, ...]:
    """Read a batch or transaction; FhirError 400 names every entry that is not a request."""
    entries = bundle.get("entry", ())
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise FhirError(400, Issue("structure", "Bundle.entry must be a list"))
    issues = [issue for at, entry in enumerate(entries) for issue in _entry_issues(at, entry)]
    if issues:
        raise FhirError(400, *issues)
    return tuple(_entry_request(at, entry) for at, entry in enumerate(entries))


def _bundle(kind: str, facts: dict[str, Any], entries: list[dict[str, Any]]) -> Resource:
    listed = {"entry": entries} if entries else {}
    return Resource({"resourceType": "Bundle", "type": kind, **facts, **listed})


def _present(members: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}


def _search_entry(entry: SearchEntry) -> dict[str, Json]:
    return _present(
        {"fullUrl": entry.full_url, "resource": entry.resource, "search": {"mode": entry.mode}}
    )


def _response_entry(entry: EntryResponse) -> dict[str, Json]:
    response = _present(
        {
            "status": _status_line(entry.status),
            "location": entry.location,
            "etag": entry.etag,
            "lastModified": entry.last_modified,
            "outcome": entry.outcome,
        }
    )
    return _present({"fullUrl": entry.full_url, "resource": entry.resource, "response": response})


def _status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _entry_issues(at: int, entry: Json) -> Iterable[Issue]:
    """Bundle's invariant bdl-3, in words that help: a request has a method and a URL."""
    path = _entry_path(at)
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict):
        yield Issue("required", f"{path}.request is missing", expression=(path,))
        return
    if request.get("method") not in _METHODS:
        what = f"{path}.request.method must be one of {', '.join(sorted(_METHODS))}"
        yield Issue("value", what, expression=(f"{path}.request.method",))
    if not isinstance(request.get("url"), str):
        what = f"{path}.request.url must be a string"
        yield Issue("required", what, expression=(f"{path}.request.url",))
    if request.get("method") in {"POST", "PUT"} and not isinstance(entry.get("resource"), dict):
        what = f"{path}.resource is missing"
        yield Issue("required", what, expression=(f"{path}.resource",))


def _entry_request(at: int, entry: dict[str, Json]) -> EntryRequest:
    request = entry["request"]
    return EntryRequest(
        expression=_entry_path(at),
        method=request["method"],
        url=request["url"],
        full_url=entry.get("fullUrl"),
        resource=entry.get("resource"),
        if_match=request.get("ifMatch"),
        if_none_match=request.get("ifNoneMatch"),
        if_none_exist=request.get("ifNoneExist"),
    )


def _entry_path(at: int) -> str:
    return f"Bundle.entry[{at}]"
