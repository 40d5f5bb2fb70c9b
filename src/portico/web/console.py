"""The first page: which connections there are, with links that work; HTML and its JSON twin."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

_PAGES = Environment(
    loader=PackageLoader("portico.web"), autoescape=True, undefined=StrictUndefined
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class ConnectionEntry:
    """What the first page says about a connection; `links` are paths below its FHIR base."""

    name: str
    title: str
    resource_types: tuple[str, ...]
    links: tuple[str, ...]


def console_routes(connections: Sequence[ConnectionEntry], version: str) -> APIRouter:
    """Routes `/` and `/-/connections.json`."""
    router = APIRouter()
    page = _PAGES.get_template("connections.html").render(connections=connections, version=version)
    twin = [{**asdict(entry), "base": f"/fhir/{entry.name}"} for entry in connections]

    @router.api_route("/", methods=["GET", "HEAD"])
    async def connections_page() -> HTMLResponse:
        return HTMLResponse(page, headers=_HEADERS)

    @router.api_route("/-/connections.json", methods=["GET", "HEAD"])
    async def connections_json() -> JSONResponse:
        return JSONResponse({"version": version, "connections": twin})

    return router
