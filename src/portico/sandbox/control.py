"""What only the sandbox has: its call log, its state, and going back to the start."""

from collections.abc import Mapping

from fastapi import FastAPI, Response

from portico import Json
from portico.document import dump
from portico.sandbox.contract import Desk
from portico.sandbox.log import CallLog


def add_control(app: FastAPI, desks: Mapping[str, Desk], log: CallLog) -> None:
    """Add `/sandbox`, `/sandbox/_log`, `/sandbox/_state/{vendor}` and `/sandbox/_reset`."""

    @app.get("/sandbox")
    async def index() -> Response:
        return _json({"vendors": {name: f"/sandbox/{name}" for name in desks}})

    @app.get("/sandbox/_log")
    async def show_log(vendor: str | None = None, since: int = 0) -> Response:
        return _json(log.entries(vendor, since))

    @app.delete("/sandbox/_log", status_code=204)
    async def clear_log() -> None:
        log.clear()

    @app.get("/sandbox/_state/{vendor}")
    async def show_state(vendor: str) -> Response:
        return _json(desks[vendor].records.state()) if vendor in desks else _unknown(vendor, desks)

    @app.post("/sandbox/_reset", status_code=204)
    async def reset(vendor: str | None = None) -> Response:
        if vendor not in {None, *desks}:
            return _unknown(vendor, desks)
        for name, desk in desks.items():
            if vendor in {None, name}:
                desk.records.reset()
        return Response(status_code=204)


def _unknown(vendor: str | None, desks: Mapping[str, Desk]) -> Response:
    return _json({"detail": f"no vendor '{vendor}' here; served: {', '.join(desks)}"}, 404)


def _json(value: Json, status: int = 200) -> Response:
    return Response(dump(value), status, media_type="application/json")
