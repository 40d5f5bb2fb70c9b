"""`portico get`: one FHIR request in process, without a server."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, unquote

import typer

from portico.cli.output import FINDINGS, OK, VENDOR, show

if TYPE_CHECKING:
    from portico.facade.message import FhirRequest, FhirResponse
    from portico.settings import Settings
    from portico.transport.in_process import AsgiApplication

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


def get(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="CONNECTION/TYPE…, with a query if wanted.")
    ],
    *,
    demo: Annotated[
        bool, typer.Option(help="Ask the simulated vendors, in this process, with their data.")
    ] = False,
    config: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
) -> None:
    """Answer one FHIR request and print the resource.

    A refused request ends with exit code 1, a failed vendor with 4; what is printed is the
    OperationOutcome.

    Examples: portico get --demo 'practice/Patient?name=smith'

    portico get practice/metadata
    """
    from portico.settings import load_settings

    response = asyncio.run(_demo(path) if demo else _answer(load_settings(config), path, None))
    if response.resource is not None:
        show(response.resource)
    raise typer.Exit(_code(response.status))


def _code(status: int) -> int:
    if status >= _SERVER_ERROR:
        return VENDOR
    return FINDINGS if status >= _CLIENT_ERROR else OK


async def _demo(path: str) -> "FhirResponse":
    from portico.bootstrap.connections import demonstration
    from portico.mapping.load import find_mappings
    from portico.sandbox.app import create_app
    from portico.settings import environment_settings

    with tempfile.TemporaryDirectory(prefix="portico-get-") as folder:
        store_url = f"sqlite+aiosqlite:///{Path(folder) / 'portico.db'}"
        settings = demonstration(environment_settings(), "http://sandbox", store_url)
        return await _answer(settings, path, create_app(find_mappings()))


async def _answer(
    settings: "Settings", path: str, vendors: "AsgiApplication | None"
) -> "FhirResponse":
    from portico.bootstrap.composition import compose
    from portico.bootstrap.modules import suggestion

    composition = await compose(settings, vendors)
    try:
        connection = path.strip("/").partition("/")[0].partition("?")[0]
        if facade := composition.facades.get(connection):
            return await facade.handle(_request(settings, path))
        what = suggestion(connection, composition.facades)
        raise typer.BadParameter(f"there is no connection '{connection}'; {what}")
    finally:
        await composition.close()


def _request(settings: "Settings", path: str) -> "FhirRequest":
    from portico.facade.message import FhirRequest

    place, _, query = path.strip("/").partition("?")
    connection, *segments = place.split("/")
    url = settings.public_url or f"http://{settings.host}:{settings.port}"
    return FhirRequest(
        method="GET",
        path=tuple(unquote(segment) for segment in segments),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={},
        body=b"",
        base=f"{url}/fhir/{connection}",
    )
