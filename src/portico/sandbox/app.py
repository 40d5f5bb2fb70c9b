"""The sandbox as one ASGI application: `/sandbox/{vendor}/…` and its own control paths."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from fastapi import FastAPI

from portico.sandbox.connective import connective_app
from portico.sandbox.control import add_control
from portico.sandbox.heidi import heidi_app
from portico.sandbox.log import CallLog, Recorder
from portico.sandbox.mint import Clock, Mint, system_clock
from portico.sandbox.particle import particle_app
from portico.sandbox.practice.app import practice_app

VendorApp: TypeAlias = Callable[[Path, Mint], FastAPI]

VENDORS: Mapping[str, VendorApp] = MappingProxyType(
    {
        "practice": practice_app,
        "particle": particle_app,
        "connective": connective_app,
        "heidi": heidi_app,
    }
)


def create_app(
    mappings: Path,
    *,
    vendors: Collection[str] = tuple(VENDORS),
    seed: int | None = None,
    latency: float = 0,
    clock: Clock = system_clock,
) -> FastAPI:
    """Build the sandbox over the folder that holds `<vendor>/schemas` and `<vendor>/sandbox`.

    `vendors` limits which are served; `latency` delays each answer of a vendor, in milliseconds;
    `seed` and `clock` make ids and times repeatable.
    """
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    log, mint = CallLog(), Mint(seed, clock)
    served = {name: VENDORS[name](mappings, mint) for name in vendors}
    add_control(app, {name: each.state.desk for name, each in served.items()}, log)
    for name, each in served.items():
        app.mount(f"/sandbox/{name}", each)
    app.add_middleware(Recorder, log=log, vendors=served, latency=latency / 1000)
    return app
