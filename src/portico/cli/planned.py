"""What a search would ask of a vendor, without asking it."""

from collections.abc import Mapping

from portico import Json
from portico.errors import FhirError, Issue
from portico.facade.connection import Connection
from portico.facade.message import FhirRequest
from portico.facade.plan import Plan, Reads
from portico.facade.search import plans_of


def planned(connection: Connection, request: FhirRequest) -> list[Json]:
    """The plan for every vendor object behind the resource type. Raises FhirError."""
    type_name = request.path[0] if len(request.path) == 1 else ""
    if faces := connection.faces.get(type_name):
        return [_plan(plan) for plan in plans_of(faces, request)]
    if connection.bundle_face and type_name in connection.bundle_face.module.resource_types:
        thing = connection.bundle_face.thing
        return [{"object": thing.name, "source": "the store: this vendor cannot be read"}]
    raise FhirError(
        400,
        Issue(
            "not-supported",
            f"only searches have a plan: {connection.name}/TYPE?…, where TYPE is one of "
            f"{', '.join(connection.resource_types)}",
        ),
    )


def _plan(plan: Plan) -> Json:
    return {
        "object": plan.listed.thing.name,
        "source": _source(plan),
        "decisions": [
            {"parameter": each.parameter, "how": each.how, "to": list(each.to)}
            for each in plan.decisions
        ],
        "filtered here": ["=".join(criterion.pair) for criterion in plan.residual],
    }


def _source(plan: Plan) -> Mapping[str, Json]:
    if isinstance(plan.source, Reads):
        return {"read": [dict(key) for key in plan.source.keys]}
    search = plan.listed.thing.search
    request = search.request if search else None
    asked = f"{request.method} {request.path.text}" if request else None
    return {
        "list": asked,
        "path": dict(plan.source.path),
        "query": [list(pair) for pair in plan.source.parameters],
    }
