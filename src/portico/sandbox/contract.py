"""The door of a simulated vendor: what comes in and what goes out is held against its schemas."""

import logging
from dataclasses import dataclass

from fastapi import Request, Response

from portico import Json
from portico.document import DocumentError, dump, parse
from portico.sandbox.mint import Mint
from portico.sandbox.records import Records
from portico.sandbox.schemas import Fault, Schemas

_log = logging.getLogger(__name__)


class Refusal(Exception):  # noqa: N818 - it is what a vendor does, not something gone wrong here
    """A vendor's answer other than success; each vendor has its own shape for it.

    `kind` names the refusal where a vendor's shape has room for a name; `faults` say what is wrong
    with the request.
    """

    def __init__(
        self, status: int, message: str, *, kind: str = "", faults: tuple[Fault, ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.faults = faults


class BrokenAnswerError(Exception):
    """The sandbox was about to answer something that its own schema forbids: our bug."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One vendor behind its door: its name, data, schemas, and where ids and times come from."""

    vendor: str
    records: Records
    schemas: Schemas
    mint: Mint

    async def body(self, request: Request, schema: str) -> Json:
        """Read a request's JSON body; what breaks the schema is refused."""
        try:
            value = parse(await request.body())
        except DocumentError as error:
            raise Refusal(400, "Malformed JSON", kind="MalformedRequestError") from error
        faults = self.schemas.faults(schema, value)
        if faults:
            raise Refusal(422, "Invalid request body", faults=faults)
        return value

    def answer(self, schema: str, value: Json, status: int = 200) -> Response:
        """Make a JSON answer that keeps the schema, or fail loudly.

        Raises:
            BrokenAnswerError: when it does not.

        """
        faults = self.schemas.faults(schema, value)
        if faults:
            places = ", ".join(f"{'.'.join(map(str, fault.path))} {fault.kind}" for fault in faults)
            _log.critical("answer of %s breaks %s: %s", self.vendor, schema, places)
            raise BrokenAnswerError(f"{self.vendor} {schema}: {places}")
        return Response(dump(value), status, media_type="application/json")
