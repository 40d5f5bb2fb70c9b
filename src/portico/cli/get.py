"""`portico get`: one FHIR request in process, without a server."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import parse_qsl, unquote

import typer

from portico.cli.output import FINDINGS, OK, VENDOR, say, show
from portico.errors import FhirError

if TYPE_CHECKING:
    from portico.facade.message import FhirRequest, FhirResponse
    from portico.settings import Settings
    from portico.transport.in_process import AsgiApplication

T = TypeVar("T")

_CLIENT_ERROR, _SERVER_ERROR = 400, 500


def get(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="CONNECTION/TYPE…, with a query if wanted.")
    ],
    *,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Ask the simulated vendors, in this process, with their data."),
    ] = False,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Print what a search would ask of the vendor, and ask nobody."),
    ] = False,
    config: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
) -> None:
    """Answer one FHIR request and print the resource.

    A refused request ends with exit code 1, a failed vendor with 4; what is printed is the
    OperationOutcome.

    For example:

        portico get --demo 'practice/Patient?name=smith'
        portico get --plan 'practice/Patient?name=smith&gender=female'
    """
    with _settings(config, demo=demo) as settings:
        if plan:
            _print_plan(settings, path)
            return
        response = asyncio.run(_answer(settings, path, _sandboxes() if demo else None))
    if response.resource is not None:
        show(response.resource)
    raise typer.Exit(_code(response.status))


@contextmanager
def _settings(config: Path | None, *, demo: bool) -> "Iterator[Settings]":
    from portico.settings import environment_settings, load_settings

    if not demo:
        yield load_settings(config)
        return
    from portico.bootstrap.connections import demonstration

    with tempfile.TemporaryDirectory(prefix="portico-get-") as folder:
        store_url = f"sqlite+aiosqlite:///{Path(folder) / 'portico.db'}"
        yield demonstration(environment_settings(), "http://sandbox", store_url)


def _sandboxes() -> "AsgiApplication":
    from portico.mapping.load import find_mappings
    from portico.sandbox.app import create_app

    return create_app(find_mappings())


def _print_plan(settings: "Settings", path: str) -> None:
    from portico.bootstrap.composition import configured
    from portico.cli.planned import planned

    try:
        show(planned(_chosen(configured(settings), path), _request(settings, path)))
    except FhirError as error:
        for issue in error.issues:
            say(issue.diagnostics)
        raise typer.Exit(FINDINGS) from error


async def _answer(
    settings: "Settings", path: str, vendors: "AsgiApplication | None"
) -> "FhirResponse":
    from portico.bootstrap.composition import compose

    composition = await compose(settings, vendors)
    try:
        return await _chosen(composition.facades, path).handle(_request(settings, path))
    finally:
        await composition.close()


def _chosen(connections: Mapping[str, T], path: str) -> T:
    from portico.bootstrap.modules import suggestion

    name = _split(path)[0]
    if name in connections:
        return connections[name]
    what = suggestion(name, connections)
    raise typer.BadParameter(f"there is no connection '{name}'; {what}")


def _split(path: str) -> tuple[str, list[str], str]:
    place, _, query = path.strip("/").partition("?")
    connection, *segments = place.split("/")
    return connection, segments, query


def _request(settings: "Settings", path: str) -> "FhirRequest":
    from portico.facade.message import FhirRequest

    connection, segments, query = _split(path)
    url = settings.public_url or f"http://{settings.host}:{settings.port}"
    return FhirRequest(
        method="GET",
        path=tuple(unquote(segment) for segment in segments),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={},
        body=b"",
        base=f"{url}/fhir/{connection}",
    )


def _code(status: int) -> int:
    if status >= _SERVER_ERROR:
        return VENDOR
    return FINDINGS if status >= _CLIENT_ERROR else OK
