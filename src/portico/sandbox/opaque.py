"""Cursors and tokens that mean nothing to who holds them."""

from base64 import b64decode, urlsafe_b64encode

from portico import Json
from portico.document import DocumentError, dump, parse


def seal(value: Json) -> str:
    """Write a JSON value as URL-safe text, padding left off."""
    return unpadded(dump(value))


def unseal(text: str) -> Json:
    """Read what `seal` wrote; null for anything else."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return parse(b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, DocumentError):
        return None


def unpadded(data: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
