"""What create and update share: from a resource to the vendor's requests, and back."""

from portico import Record, Resource
from portico.errors import FhirError, Issue, VendorError
from portico.facade.connection import Face
from portico.facade.performing import Performance, with_issue
from portico.facade.service import Current, Service
from portico.mapping.conversion.context import Context
from portico.mapping.running.change import Change

_LOOKED_UP = frozenset({"code-invalid"})


async def plan_change(
    service: Service, face: Face, resource: Resource, base: Record | None
) -> Change:
    """What the write means for the vendor. FhirError 422 when it cannot be said there.

    A code that a catalogue lacks may have been added since it was loaded, so an old catalogue is
    loaded once more before the write is refused.
    """
    names = face.module.catalogues
    try:
        return _converted(face, resource, base, await service.catalogues.context(names))
    except FhirError as error:
        is_miss = any(issue.code in _LOOKED_UP for issue in error.issues)
        if not (is_miss and service.catalogues.are_old(names)):
            raise
    fresh = await service.catalogues.context(names, max_age=0)
    return _converted(face, resource, base, fresh)


def _converted(face: Face, resource: Resource, base: Record | None, context: Context) -> Change:
    """A record that would not read back is the client's doing: the vendor's own was read before."""
    try:
        return face.module.to_vendor(resource, base, context)
    except VendorError as error:
        raise FhirError(422, *error.issues) from error


async def settled(service: Service, performance: Performance, change: Change) -> Current:
    """What the vendor holds after a write that took effect.

    Its last answer tells, if that has a version; else the record is read, since some vendors
    answer less than they hold and the digest must be that of the next read. The write is done, so
    a failing read does not fail it.
    """
    face, key = performance.face, performance.key
    record = await _held(service, performance, change)
    try:
        context = await service.catalogues.context(face.module.catalogues)
        return service.seen(face, key, record, context)
    except VendorError as error:
        what = "the write took effect at the vendor, but what it holds now cannot be shown"
        raise with_issue(error, Issue("incomplete", what, severity="warning")) from error


async def _held(service: Service, performance: Performance, change: Change) -> Record:
    answered = performance.record
    if answered is not None and _tells_version(answered, performance.face):
        return answered
    if not performance.key.keys() >= set(performance.face.thing.key):
        return answered if answered is not None else change.record
    try:
        return await service.read_record(performance.face, performance.key)
    except VendorError:
        return answered if answered is not None else change.record


def _tells_version(record: Record, face: Face) -> bool:
    lock = face.module.lock
    return lock is not None and record.get(lock.member) is not None
