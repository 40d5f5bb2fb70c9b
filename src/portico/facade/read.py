"""read, and vread of the current version: vendors keep no others.

https://hl7.org/fhir/R4/http.html#read
"""

from portico.errors import FhirError, Issue
from portico.facade.connection import Face
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.service import Current, Service
from portico.facade.version import is_unchanged, version_headers


async def read(service: Service, face: Face, request: FhirRequest, logical_id: str) -> FhirResponse:
    """200 with the resource, 304 when the client has it, 404, or 410 when it was deleted."""
    return shown(request, await service.current(face, logical_id))


async def vread(service: Service, face: Face, logical_id: str, version_id: str) -> FhirResponse:
    """200 when the version is the current one, else 404."""
    return shown_version(await service.current(face, logical_id), version_id)


def shown(request: FhirRequest, current: Current) -> FhirResponse:
    headers = version_headers(current.resource)
    if is_unchanged(request, current.version_id):
        return FhirResponse(304, headers)
    return FhirResponse(200, headers, current.resource)


def shown_version(current: Current, version_id: str) -> FhirResponse:
    if current.version_id != version_id:
        what = "only the current version can be read; this is another"
        raise FhirError(404, Issue("not-found", what))
    return FhirResponse(200, version_headers(current.resource), current.resource)
