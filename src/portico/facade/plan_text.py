"""A plan as plain data, for people who want to see what a request would ask the vendor."""

from collections.abc import Iterator

from portico import Json
from portico.errors import FhirError, Issue
from portico.facade.connection import Face
from portico.facade.cursor import Position
from portico.facade.interaction import Interaction
from portico.facade.message import FhirRequest
from portico.facade.plan import Decision, Listing, Plan, Reads
from portico.facade.search import page_size, plan_of, position_of
from portico.facade.service import Key, Service, key_of_id
from portico.vendor import exchange
from portico.vendor.message import Request


def describe(service: Service, face: Face, asked: Interaction, request: FhirRequest) -> Json:
    """`interaction`, `resource`, what is done with each parameter, and the first vendor calls.

    Later pages, the reads of listed keys, and catalogues are not among the calls.
    """
    shared = {"interaction": asked.code, "resource": face.resource_type, "object": face.thing.name}
    if asked.code == "read":
        key = key_of_id(face, asked.logical_id)
        calls = _read_calls(service, face, (key,)) if key is not None else iter(())
        return {**shared, "calls": [_call(one) for one in calls]}
    if asked.code != "search-type":
        raise FhirError(400, Issue("not-supported", "a plan is shown for reads and searches"))
    plan = plan_of(face, request)
    return {
        **shared,
        "parameters": [_decision(one) for one in plan.decisions],
        "filter": [one.pair[0] for one in plan.residual],
        "left out": [issue.diagnostics for issue in plan.query.ignored],
        "calls": [_call(one) for one in _search_calls(service, face, plan)],
    }


def _search_calls(service: Service, face: Face, plan: Plan) -> Iterator[Request]:
    position = position_of(service, plan.query)
    if isinstance(plan.source, Reads):
        yield from _read_calls(service, face, plan.source.keys[position.offset :])
    else:
        yield from _list_call(service, face, plan, plan.source, position)


def _read_calls(service: Service, face: Face, keys: tuple[Key, ...]) -> Iterator[Request]:
    for key in keys:
        values = service.values(key)
        yield from next(exchange.read(service.connection.vendor, face.thing.name, values))


def _list_call(
    service: Service, face: Face, plan: Plan, source: Listing, position: Position
) -> Iterator[Request]:
    size = None if plan.residual else page_size(plan.query)
    vendor, values = service.connection.vendor, service.values(source.path)
    conversation = exchange.search(
        vendor, face.thing.name, values, source.parameters, position.after, size
    )
    yield from next(conversation)


def _decision(decision: Decision) -> Json:
    return {"parameter": decision.parameter, "how": decision.how, "vendor": list(decision.to)}


def _call(request: Request) -> Json:
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "query": [list(pair) for pair in request.query],
    }
