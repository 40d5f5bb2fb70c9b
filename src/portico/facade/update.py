"""update: https://hl7.org/fhir/R4/http.html#update."""

from portico import Resource
from portico.errors import FhirError, Issue, VendorError
from portico.facade.connection import Face
from portico.facade.create import create_as
from portico.facade.local_references import check_parent, localised
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.outcome import written
from portico.facade.payload import read_resource
from portico.facade.performing import Performance
from portico.facade.service import ABSENT, GONE, Current, Service
from portico.facade.version import check_if_match, stale
from portico.facade.writing import plan_change, settled
from portico.mapping.running.change import Change


async def update(
    service: Service, face: Face, request: FhirRequest, logical_id: str
) -> FhirResponse:
    """200, or 201 where the vendor lets the caller choose keys; 412 before anything is written."""
    resource = read_resource(request, face.resource_type)
    _check_id(face, resource, logical_id)
    resource = localised(resource, request.base, service.connection.resource_types)
    current = await _current(service, face, request, logical_id)
    if current is None:
        key = face.key(logical_id) or {}
        return await create_as(service, face, request, resource, key)
    check_if_match(request, current.version_id)
    check_parent(face, resource, current.resource)
    change = await plan_change(service, face, resource, current.record)
    after = await _performed(service, face, request, current, change) if change.steps else current
    return written(request, 200, after.resource, change.report)


async def _current(
    service: Service, face: Face, request: FhirRequest, logical_id: str
) -> Current | None:
    """What is there; None when nothing is and the vendor takes the client's id."""
    try:
        return await service.current(face, logical_id)
    except VendorError as error:
        if error.status in ABSENT:
            check_if_match(request, None)
        if error.status == GONE or error.status not in ABSENT or not face.thing.upsert:
            raise
        return None


async def _performed(
    service: Service, face: Face, request: FhirRequest, current: Current, change: Change
) -> Current:
    performance = Performance(
        service,
        face,
        dict(current.key),
        current.record,
        request.headers.get("idempotency-key"),
    )
    try:
        await performance.perform(change.steps)
    except VendorError as error:
        if error.kind == "version-conflict" and "if-match" in request.headers:
            raise FhirError(412, *stale().issues, *error.issues) from error
        raise
    return await settled(service, performance, change)


def _check_id(face: Face, resource: Resource, logical_id: str) -> None:
    """R4: without an id, or with another one than the URL's, the answer is 400."""
    if resource.get("id") != logical_id:
        what = "the id in the resource must be the id in the URL"
        raise FhirError(400, Issue("invalid", what, expression=(f"{face.resource_type}.id",)))
