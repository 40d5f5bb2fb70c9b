"""The one door by which failures leave: an OperationOutcome for the client, a line for the log.

Neither holds a value: texts of foreign exceptions quote what they choke on, so the log names the
exception's type and the line of code that raised it, and the client learns the request's id.
"""

import logging
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portico import Resource
from portico.errors import Issue, PorticoError
from portico.fhir.outcome import operation_outcome
from portico.web.answers import send_outcome
from portico.web.request_log import route

_LOG = logging.getLogger("portico.errors")


class ErrorDoor:
    """Middleware around everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except PorticoError as error:
            outcome = operation_outcome(error.issues)
            await send_outcome(send, error.status, outcome, error.headers)
        except Exception as error:  # noqa: BLE001  the one door
            _log(scope, error)
            if not started:
                await send_outcome(send, 500, _internal(scope))


def _log(scope: Scope, error: Exception) -> None:
    _LOG.error(
        "%s %s failed with %s at %s request=%s",
        scope["method"],
        route(scope),
        type(error).__name__,
        _place(error),
        scope["state"]["request_id"],
    )


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"


def _internal(scope: Scope) -> Resource:
    request_id = scope["state"]["request_id"]
    issue = Issue("exception", f"Portico failed; its log tells more about request {request_id}")
    return operation_outcome((issue,))
