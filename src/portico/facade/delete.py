"""delete: https://hl7.org/fhir/R4/http.html#delete."""

from portico.errors import FhirError, VendorError
from portico.facade.connection import Face
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.performing import explained, told_uncertain
from portico.facade.row import empty, outlives
from portico.facade.service import ABSENT, GONE, Current, Service
from portico.facade.version import check_if_match, stale
from portico.vendor import exchange

_NO_CONTENT = 204


async def delete(
    service: Service, face: Face, request: FhirRequest, logical_id: str
) -> FhirResponse:
    """204, also when it was deleted before; 404 for what never was, 412 for a stale If-Match."""
    try:
        current = await service.current(face, logical_id)
    except VendorError as error:
        if error.status in ABSENT:
            check_if_match(request, None)
        if error.status == GONE:
            return FhirResponse(_NO_CONTENT)
        raise
    check_if_match(request, current.version_id)
    await _deleted(service, face, request, current)
    return FhirResponse(_NO_CONTENT)


async def _deleted(service: Service, face: Face, request: FhirRequest, current: Current) -> None:
    versions = exchange.version_values(face.thing, current.record)
    values = {**service.values(current.key), **versions}
    vendor, part = service.connection.vendor, outlives(face, current)
    try:
        if part:
            await empty(service, face, part, current)
        else:
            await service.run(exchange.delete(vendor, face.thing.name, values))
    except VendorError as error:
        if error.kind == "version-conflict" and "if-match" in request.headers:
            raise FhirError(412, *stale().issues, *error.issues) from error
        raise told_uncertain(explained(error, face.module.expressions)) from error
