"""What every simulated vendor has in common as an ASGI application: its desk and its door out."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from portico import Json
from portico.sandbox.contract import BrokenAnswerError, Desk, Refusal
from portico.sandbox.schemas import Fault

ErrorShape: TypeAlias = Callable[[Refusal], tuple[int, Json]]
"""Turns a refusal into a vendor's own status and body."""


def vendor_app(desk: Desk, shape: ErrorShape, *routers: APIRouter) -> FastAPI:
    """Build a vendor's application; every failure leaves it in the vendor's own shape."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.desk = desk
    for router in routers:
        app.include_router(router)
    _add_doors_out(app, desk, shape)
    return app


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def _add_doors_out(app: FastAPI, desk: Desk, shape: ErrorShape) -> None:
    def answer(refusal: Refusal) -> Response:
        status, body = shape(refusal)
        return desk.answer("error", body, status)

    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return answer(refusal)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        faults = tuple(_fault(each) for each in error.errors())
        return answer(Refusal(422, "Invalid request", faults=faults))

    @app.exception_handler(HTTPException)
    async def unrouted(_: Request, error: HTTPException) -> Response:
        return answer(Refusal(error.status_code, error.detail, kind="HTTPException"))

    @app.exception_handler(BrokenAnswerError)
    async def broken(_: Request, error: BrokenAnswerError) -> Response:
        return PlainTextResponse(f"the sandbox broke its own contract: {error}", 500)


def _fault(error: Json) -> Fault:
    part, *path = error["loc"]
    return Fault(tuple(path), error["msg"], error["type"], part)
