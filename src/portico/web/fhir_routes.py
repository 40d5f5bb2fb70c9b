"""The FHIR bases: a small dispatcher between ASGI and the façades, one per connection."""

from collections.abc import Mapping
from typing import Protocol

from starlette.types import Receive, Scope, Send

from portico.errors import FhirError, Issue
from portico.facade.message import FhirRequest, FhirResponse
from portico.fhir.definitions import is_resource
from portico.web.answers import send_fhir
from portico.web.requests import ClientGone, fhir_request, origin, segments

_OPERATIONS = {"metadata", "_search", "_history", ".well-known", "smart-configuration"}


class Handler(Protocol):
    """What answers FHIR requests; it never raises for what the client or the vendor did."""

    async def handle(self, request: FhirRequest) -> FhirResponse: ...


class FhirRoutes:
    """An ASGI application for everything below `/fhir`."""

    def __init__(self, handlers: Mapping[str, Handler], public_url: str | None) -> None:
        self._handlers = handlers
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection, *rest = segments(scope) or ("",)
        handler = self._handler(connection)
        scope["state"]["route"] = route_template(connection, rest)
        base = f"{self._public_url or origin(scope)}/fhir/{connection}"
        try:
            request = await fhir_request(scope, receive, tuple(rest), base)
        except ClientGone:
            return
        response = await handler.handle(request)
        pretty = ("_pretty", "true") in request.query
        await send_fhir(send, response, pretty=pretty, head=scope["method"] == "HEAD")

    def _handler(self, connection: str) -> Handler:
        if handler := self._handlers.get(connection):
            return handler
        bases = ", ".join(f"/fhir/{name}" for name in sorted(self._handlers))
        raise FhirError(404, Issue("not-found", f"there is no such FHIR base; there are: {bases}"))


def route_template(connection: str, path: list[str]) -> str:
    """The path with every segment that could name a person replaced, for logs."""
    return "/".join(("/fhir", connection, *map(_template, path)))


def _template(segment: str) -> str:
    known = segment in _OPERATIONS or is_resource(segment)
    return segment if known else "{}"
