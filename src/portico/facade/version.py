"""Versions of resources, and the headers that tell them."""

from datetime import UTC, datetime
from email.utils import format_datetime

from portico import Json, Resource
from portico.errors import FhirError, Issue
from portico.facade.message import FhirRequest
from portico.fhir.version import digest_version, etag, parse_precondition


def versioned(resource: Resource, secret: bytes, basis: Json = None) -> Resource:
    """The resource with a `meta.versionId`: the vendor's, else a keyed digest of `basis`.

    Without a basis the digest is of the whole resource. It is never of the record: vendors show
    the same record with other members in other answers, and the version must change with the
    mapping too.
    """
    meta = resource.get("meta") or {}
    if meta.get("versionId"):
        return resource
    stamped = {**meta, "versionId": digest_version(secret, resource if basis is None else basis)}
    first = {name: resource[name] for name in ("resourceType", "id") if name in resource}
    return Resource({**first, "meta": stamped, **_without(resource, {*first, "meta"})})


def version_headers(resource: Resource) -> tuple[tuple[str, str], ...]:
    """ETag, and Last-Modified where the vendor tells when that was."""
    meta = resource["meta"]
    tag = ("ETag", etag(meta["versionId"]))
    changed = _http_date(meta.get("lastUpdated"))
    return (tag, ("Last-Modified", changed)) if changed else (tag,)


def check_if_match(request: FhirRequest, version_id: str | None) -> None:
    """FhirError 412 if the request is for another version than this; None: there is none."""
    header = request.headers.get("if-match")
    if header is not None and not parse_precondition(header).names(version_id):
        raise stale()


def stale() -> FhirError:
    what = "If-Match names another version than the current one; read again, then repeat"
    return FhirError(412, Issue("conflict", what))


def is_unchanged(request: FhirRequest, version_id: str) -> bool:
    """Whether the client holds this version already (If-None-Match)."""
    header = request.headers.get("if-none-match")
    return header is not None and parse_precondition(header).names(version_id)


def _http_date(instant: Json) -> str | None:
    """An R4 instant in HTTP's form; None when it is none, or has no zone."""
    try:
        moment = datetime.fromisoformat(instant) if isinstance(instant, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _without(document: Resource, names: set[str]) -> dict[str, Json]:
    return {name: value for name, value in document.items() if name not in names}
