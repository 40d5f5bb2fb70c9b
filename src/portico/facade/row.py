"""Writes of resources that are parts of a vendor's row, where they are not writes of the row.

A part that is created in a row which exists already fills it, and a part that is deleted leaves
what the row's other resources show.
"""

from portico import Resource
from portico.errors import FhirError, Issue, VendorError
from portico.facade.connection import Face
from portico.facade.performing import Performance
from portico.facade.service import ABSENT, Current, Service
from portico.facade.writing import plan_change, settled
from portico.mapping.running.change import Change
from portico.mapping.running.row_part import RowPart
from portico.vendor import exchange


def is_filled(face: Face) -> bool:
    """Whether a resource is created by filling a row that exists: the vendor makes no rows here."""
    return face.part is not None and face.thing.create is None


def outlives(face: Face, current: Current) -> RowPart | None:
    """The part of a row that stays when the part is deleted; None where all of it goes."""
    part = face.part
    if part is None or (part.is_alone(current.record) and face.thing.delete is not None):
        return None
    return part


async def fill(
    service: Service, face: Face, resource: Resource, token: str
) -> tuple[Current, Change]:
    """Write a new part into its row. FhirError 409 when the row has one, 422 when there is none."""
    planned = await plan_change(service, face, resource, None)
    key = exchange.key_of(face.thing, planned.record)
    if not key.keys() >= set(face.thing.key):
        raise _no_row(face)
    try:
        record = await service.read_record(face, key)
    except VendorError as error:
        raise (_no_row(face) if error.status in ABSENT else error) from error
    if face.is_in(record):
        what = f"the vendor holds one {face.resource_type} of this kind here; update it instead"
        raise FhirError(409, Issue("duplicate", what, expression=(face.resource_type,)))
    change = await plan_change(service, face, resource, record)
    performance = Performance(service, face, dict(key), record, token)
    await performance.perform(change.steps)
    return await settled(service, performance, change), change


async def empty(service: Service, face: Face, part: RowPart, current: Current) -> None:
    """Take a part out of its row."""
    context = await service.catalogues.context(part.catalogues)
    change = part.fan.without(part.part, current.record, context)
    performance = Performance(service, face, dict(current.key), current.record)
    await performance.perform(change.steps)


def _no_row(face: Face) -> FhirError:
    paths = tuple(path for name in face.thing.key for path in face.module.expressions(name))
    what = f"{', '.join(paths)} names no record of the vendor that could hold this"
    return FhirError(422, Issue("not-found", what, expression=paths))
