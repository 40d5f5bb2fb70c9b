"""create: https://hl7.org/fhir/R4/http.html#create."""

from dataclasses import replace

from portico import Resource
from portico.errors import FhirError, Issue, VendorError
from portico.facade.capabilities import interactions
from portico.facade.connection import Face, Faces
from portico.facade.local_references import localised
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.outcome import written
from portico.facade.payload import read_resource
from portico.facade.performing import Performance, as_created, nested, taken_back
from portico.facade.row import fill, is_filled
from portico.facade.service import ABSENT, Key, Service
from portico.facade.writing import plan_change, settled
from portico.mapping.running.change import Change, Step
from portico.mapping.running.fan import no_place
from portico.vendor import exchange


async def create(service: Service, faces: Faces, request: FhirRequest) -> FhirResponse:
    """201 with the Location of what the vendor made; an id in the body does not count."""
    _refuse_conditional(request)
    resource = read_resource(request, faces.resource_type)
    face = _taking(faces, resource)
    resource = localised(resource, request.base, service.connection.resource_types)
    if is_filled(face):
        current, change = await fill(service, face, resource, _token(service, request))
        return written(request, 201, current.resource, change.report)
    return await create_as(service, face, request, resource, {})


def _taking(faces: Faces, resource: Resource) -> Face:
    """The face that takes a new resource. FhirError 422 when the vendor has no place for it."""
    face = faces.taking(resource)
    if face is None:
        raise no_place(faces.resource_type, (one.module.shape for one in faces.every))
    if "create" not in interactions(face):
        what = f"the vendor does not offer create for a {faces.resource_type} of this kind"
        raise FhirError(422, Issue("not-supported", what, expression=(faces.resource_type,)))
    return face


async def create_as(
    service: Service, face: Face, request: FhirRequest, resource: Resource, wanted: Key
) -> FhirResponse:
    """Create with the key members that the client chose, as far as the vendor takes them."""
    change = await plan_change(service, face, resource, None)
    change, key = _keyed(service, face, change, wanted)
    if _is_keyed_by_caller(face) and not wanted:
        await _refuse_existing(service, face, key)
    performance = Performance(service, face, dict(key), idempotency_key=_token(service, request))
    try:
        await performance.perform(change.steps)
    except VendorError as error:
        raise await _left(performance, error) from error
    current = await settled(service, performance, change)
    return written(request, 201, current.resource, change.report, performance.warnings)


async def _left(performance: Performance, error: VendorError) -> VendorError:
    """The error of a create, with what it leaves at the vendor: nothing if that can be undone."""
    face = performance.face
    if performance.record is None:
        return error
    return (
        await taken_back(performance, error)
        if face.thing.undo
        else as_created(error, face, performance.key)
    )


def _keyed(
    service: Service, face: Face, change: Change, wanted: Key
) -> tuple[Change, dict[str, str]]:
    """The change with every key member that the caller must make, and the whole key."""
    told = exchange.key_of(face.thing, change.record)
    if any(told.get(member, value) != value for member, value in wanted.items()):
        what = "the identifier that is the vendor's key names another record than the URL"
        path = f"{face.resource_type}.identifier"
        raise FhirError(422, Issue("conflict", what, expression=(path,)))
    key = {**told, **wanted}
    minted = {member: service.ports.mint() for member in face.thing.mint if member not in key}
    key |= minted
    if minted or wanted:
        first = change.steps[0]
        body = {**first.body, **nested({m: v for m, v in key.items() if m in face.thing.mint})}
        change = replace(change, steps=(Step(first.operation, body), *change.steps[1:]))
    return change, key


def _is_keyed_by_caller(face: Face) -> bool:
    """Whether a create with a key that exists would overwrite what has it."""
    return bool(face.thing.mint) or face.thing.upsert


async def _refuse_existing(service: Service, face: Face, key: Key) -> None:
    try:
        await service.read_record(face, key)
    except VendorError as error:
        if error.status in ABSENT:
            return
        raise
    what = f"a {face.resource_type} with this identifier exists at the vendor; update it instead"
    path = f"{face.resource_type}.identifier"
    raise FhirError(409, Issue("duplicate", what, expression=(path,)))


def _token(service: Service, request: FhirRequest) -> str:
    """The client's Idempotency-Key, or one of our own for a vendor that wants one."""
    return request.headers.get("idempotency-key") or service.ports.mint()


def _refuse_conditional(request: FhirRequest) -> None:
    """A condition that is not looked at would make duplicates, so it is an error."""
    if "if-none-exist" in request.headers:
        what = "conditional create (If-None-Exist) is not supported"
        raise FhirError(501, Issue("not-supported", what))
