"""The entries of a transaction for a vendor that takes a whole record, checked one by one.

https://hl7.org/fhir/R4/http.html#transaction. A refusal names every entry that is wrong.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from portico import Json, Resource
from portico.errors import FhirError, Issue
from portico.fhir import reference
from portico.fhir.bundle import EntryRequest, entry_requests
from portico.fhir.search import matches, parse_query

_WRITES = frozenset({"POST", "PUT"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its request, and the id that a PUT names."""

    request: EntryRequest
    resource: Resource
    logical_id: str | None = None

    @property
    def resource_type(self) -> str:
        return str(self.resource["resourceType"])

    @property
    def expression(self) -> str:
        return self.request.expression


def checked_entries(bundle: Resource, types: tuple[str, ...], base: str) -> tuple[Entry, ...]:
    """The entries with their references resolved. FhirError 400, 422 or 501 says what is wrong."""
    if bundle.get("type") != "transaction":
        what = "a Bundle of type transaction is needed here"
        raise FhirError(501, Issue("not-supported", what, expression=("Bundle.type",)))
    requests = entry_requests(bundle)
    issues = [issue for request in requests for issue in _issues(request, types, base)]
    issues += _duplicates(requests)
    if issues:
        raise FhirError(422, *issues)
    entries = tuple(_entry(request, base) for request in requests)
    return _resolved(entries, base)


def as_bundle(entries: tuple[Entry, ...]) -> Resource:
    """The entries as the module reads them: a Bundle in which PUT entries have their ids."""
    said = [{"fullUrl": one.request.full_url, "resource": one.resource} for one in entries]
    listed = [{k: v for k, v in one.items() if v is not None} for one in said]
    return Resource({"resourceType": "Bundle", "type": "collection", "entry": listed})


def _issues(request: EntryRequest, types: tuple[str, ...], base: str) -> Iterator[Issue]:
    def issue(code: str, what: str) -> Issue:
        path = request.expression
        return Issue(code, f"{path}: {what}", expression=(path,))

    if request.method not in _WRITES:
        yield issue("not-supported", "a transaction here takes POST and PUT only")
        return
    if any((request.if_none_exist, request.if_none_match)):
        yield issue("not-supported", "conditions other than ifMatch are not supported")
    found = _resource(request).get("resourceType")
    if found not in types:
        yield issue("not-supported", f"the vendor's record holds {', '.join(types)} only")
    elif _target(request, base) is None:
        form = found if request.method == "POST" else f"{found}/[id]"
        yield issue("invalid", f"request.url must be {form} for this resource")


def _target(request: EntryRequest, base: str) -> tuple[str, str | None] | None:
    """Type and id that the URL names, if they are those of the resource."""
    type_name, _, logical_id = request.url.removeprefix(f"{base}/").partition("/")
    resource = _resource(request)
    if type_name != resource.get("resourceType"):
        return None
    if request.method == "POST":
        return None if logical_id else (type_name, None)
    is_right = reference.is_logical_id(logical_id) and resource.get("id") == logical_id
    return (type_name, logical_id) if is_right else None


def _resource(request: EntryRequest) -> Resource:
    return request.resource or Resource({})


def _duplicates(requests: tuple[EntryRequest, ...]) -> Iterator[Issue]:
    """R4: a resource must not be in a transaction twice."""
    urls = [one.full_url for one in requests if one.full_url]
    urls += [one.url for one in requests if one.method == "PUT"]
    if any(count > 1 for count in Counter(urls).values()):
        what = "Bundle.entry: two entries have the same fullUrl or the same request.url"
        yield Issue("duplicate", what, expression=("Bundle.entry",))


def _entry(request: EntryRequest, base: str) -> Entry:
    target = _target(request, base)
    return Entry(request, _resource(request), target[1] if target else None)


def _resolved(entries: tuple[Entry, ...], base: str) -> tuple[Entry, ...]:
    """Conditional references become those of the entry that they mean; `urn:` ones must be here."""
    known = {one.request.full_url for one in entries}
    issues: list[Issue] = []
    names: dict[str, str] = {}
    for entry in entries:
        for path, text in reference.references(entry.resource, f"{entry.expression}.resource"):
            kind = reference.parse(text, base).kind
            if kind == "urn" and text.startswith("urn:uuid:") and text not in known:
                issues.append(_unresolved(path))
            elif kind == "conditional":
                meant = _meant(text, entries, base)
                names |= {text: meant} if meant else {}
                issues += [] if meant else [_unresolved(path)]
    if issues:
        raise FhirError(422, *issues)
    return tuple(replace(one, resource=_renamed(one.resource, names, base)) for one in entries)


def _meant(text: str, entries: tuple[Entry, ...], base: str) -> str | None:
    """The fullUrl of the one entry that a conditional reference (`Type?query`) fits."""
    parsed = reference.parse(text, base)
    query = parse_query(parsed.type_name or "", parse_qsl(parsed.query or ""), base)
    found = [
        one.request.full_url
        for one in entries
        if one.resource_type == parsed.type_name
        and all(matches(one.resource, criterion) for criterion in query.criteria)
    ]
    return found[0] if len(found) == 1 else None


def _renamed(resource: Json, names: Mapping[str, str], base: str) -> Resource:
    def meant(text: str) -> str:
        return names.get(text, text.removeprefix(f"{base}/"))

    renamed: Json = reference.rewrite(resource, meant)
    return Resource(renamed)


def _unresolved(path: str) -> Issue:
    what = f"{path}: no single entry of the Bundle is what it refers to"
    return Issue("not-found", what, expression=(path,))
