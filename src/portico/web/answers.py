"""From a `FhirResponse` to ASGI messages, without any encoder between the document and the wire."""

from starlette.types import Send

from portico import Resource
from portico.document import dump
from portico.facade.message import FhirResponse

MEDIA_TYPE = "application/fhir+json; charset=utf-8"
_ALWAYS = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))


async def send_fhir(send: Send, response: FhirResponse, *, pretty: bool, head: bool) -> None:
    """Send a whole answer; `head` keeps the headers of the body that is not sent."""
    headers = list(response.headers)
    body = b""
    if response.resource is not None:
        body = dump(response.resource, pretty=pretty)
        headers.append(("content-type", MEDIA_TYPE))
    if response.resource is not None or response.status not in (204, 304):
        headers.append(("content-length", str(len(body))))
    await _send(send, response.status, (*headers, *_ALWAYS), b"" if head else body)


async def send_outcome(
    send: Send, status: int, outcome: Resource, headers: tuple[tuple[str, str], ...] = ()
) -> None:
    """Send an OperationOutcome."""
    response = FhirResponse(status=status, headers=headers, resource=outcome)
    await send_fhir(send, response, pretty=False, head=False)


async def _send(send: Send, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    encoded = [
        (name.lower().encode("ascii"), value.encode("latin-1", "replace"))
        for name, value in headers
    ]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
