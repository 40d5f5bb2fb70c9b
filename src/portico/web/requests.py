"""From an ASGI request to a `FhirRequest`: path, query, headers and a body of bounded size."""

import asyncio
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from starlette.types import Receive, Scope

from portico.errors import FhirError, Issue
from portico.facade.message import FhirRequest

MAX_BODY = 5 * 1024 * 1024
MAX_PARAMETERS = 200
BODY_SECONDS = 30.0
_HOST = re.compile(r"(?:[A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


class ClientGone(Exception):  # noqa: N818  nobody is told of it, so it is not an error
    """The client closed the connection before its request was complete."""


def segments(scope: Scope) -> tuple[str, ...]:
    """The path's segments after `/fhir`, unquoted one by one. Raises FhirError 400."""
    quoted = scope["raw_path"].decode("ascii").split("/")[2:]
    if quoted and not quoted[-1]:
        quoted.pop()
    try:
        return tuple(unquote(segment, errors="strict") for segment in quoted)
    except UnicodeDecodeError as error:
        raise _invalid("the path is not percent-encoded UTF-8") from error


async def fhir_request(
    scope: Scope, receive: Receive, path: tuple[str, ...], base: str
) -> FhirRequest:
    """Read the whole request. Raises FhirError 400, 408, 413, 415 and ClientGone."""
    headers = request_headers(scope)
    query = _query(scope)
    body = await _body(receive, headers)
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return FhirRequest(method=method, path=path, query=query, headers=headers, body=body, base=base)


def request_headers(scope: Scope) -> dict[str, str]:
    """Headers by lower-case name; those that came twice are joined as RFC 9110 5.3 says."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def origin(scope: Scope) -> str:
    """The address that the client used, as it said itself. Raises FhirError 400."""
    host = request_headers(scope).get("host") or _server(scope)
    if not _HOST.fullmatch(host):
        raise _invalid("the Host header is not a host name with an optional port")
    return f"{scope['scheme']}://{host}"


def _server(scope: Scope) -> str:
    host, port = scope["server"]
    return f"{host}:{port}"


def _query(scope: Scope) -> tuple[tuple[str, str], ...]:
    try:
        pairs = parse_qsl(
            scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise _invalid("the query is not percent-encoded UTF-8") from error
    except ValueError as error:
        raise _invalid(f"the query has more than {MAX_PARAMETERS} parameters") from error
    return tuple(pairs)


async def _body(receive: Receive, headers: Mapping[str, str]) -> bytes:
    if headers.get("content-encoding", "identity") != "identity":
        raise FhirError(415, Issue("not-supported", "send the body without Content-Encoding"))
    if int(headers.get("content-length", "0")) > MAX_BODY:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive)
    except TimeoutError as error:
        raise FhirError(
            408, Issue("timeout", f"the body did not arrive within {BODY_SECONDS:.0f} seconds")
        ) from error


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise _too_large()
        if not message.get("more_body"):
            return bytes(body)


def _too_large() -> FhirError:
    return FhirError(413, Issue("too-long", f"the body is longer than {MAX_BODY} bytes"))


def _invalid(diagnostics: str) -> FhirError:
    return FhirError(400, Issue("invalid", diagnostics))
