"""Opaque places in a search result: sealed, so that they cannot be made up or used elsewhere."""

import base64
import binascii
import hmac
from dataclasses import dataclass

from portico import Json
from portico.document import DocumentError, dump, parse
from portico.errors import FhirError, Issue

_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: `offset` entries after the vendor's cursor (or the store's key).

    `list` counts the vendor's lists, where several show as one type.
    """

    after: str | None = None
    offset: int = 0
    list: int = 0


START = Position()


def seal(position: Position, query: Json, secret: bytes) -> str:
    """The position as text for a link, good for this query only."""
    body = dump([position.after, position.offset, position.list])
    return base64.urlsafe_b64encode(_mac(body, query, secret) + body).decode().rstrip("=")


def unseal(text: str, query: Json, secret: bytes) -> Position:
    """The position in a cursor. FhirError 400 if it was changed, or made for another query."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise _foreign() from error
    mac, body = data[:_MAC_BYTES], data[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, query, secret)):
        raise _foreign()
    try:
        after, offset, at = parse(body)
    except DocumentError as error:
        raise _foreign() from error
    return Position(after, offset, at)


def _mac(body: bytes, query: Json, secret: bytes) -> bytes:
    bound = b"cursor\0" + dump(query) + b"\0" + body
    return hmac.digest(secret, bound, "sha256")[:_MAC_BYTES]


def _foreign() -> FhirError:
    what = "_cursor is not one of this search; begin the search again"
    return FhirError(400, Issue("invalid", what))
