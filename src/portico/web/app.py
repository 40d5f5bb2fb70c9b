"""The web application: FHIR bases, status and the first page, behind one log and one door."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from portico import __version__
from portico.errors import FhirError, Issue
from portico.web.console import ConnectionEntry, console_routes
from portico.web.error_handlers import ErrorDoor
from portico.web.fhir_routes import FhirRoutes, Handler
from portico.web.request_log import RequestLog
from portico.web.status_routes import Check, status_routes

Application: TypeAlias = ASGIApp
Lifespan: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]
"""What must be open while requests are answered."""


def web_app(
    handlers: Mapping[str, Handler],
    connections: Sequence[ConnectionEntry],
    checks: Mapping[str, Check],
    lifespan: Lifespan,
    public_url: str | None,
) -> Application:
    """Put the application together; `handlers` answer the FHIR bases by connection name."""
    app = FastAPI(
        title="Portico",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lambda _app: lifespan(),
        middleware=[Middleware(RequestLog), Middleware(ErrorDoor)],
    )
    fhir = FhirRoutes(handlers, public_url)
    app.router.routes.append(Route("/fhir", fhir))
    app.mount("/fhir", fhir)
    app.include_router(status_routes(checks))
    app.include_router(console_routes(connections, __version__))
    app.router.default = _nothing_here
    return app


async def _nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise FhirError(404, Issue("not-found", "there is nothing at this path"))
