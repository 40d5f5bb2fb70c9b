from dataclasses import dataclass

from portico.vendor.dotted import DottedPath
from portico.vendor.query import RequestTemplate
from portico.vendor.template import Template


@dataclass(frozen=True, slots=True)
class HeaderCredential:
    """Sent as a header with every request (an API key, a bearer token)."""

    header: str
    value: Template


@dataclass(frozen=True, slots=True)
class QueryCredential:
    """Sent as a query parameter with every request."""

    parameter: str
    value: Template


@dataclass(frozen=True, slots=True)
class BasicCredential:
    """HTTP Basic (RFC 7617)."""

    user: Template
    password: Template


@dataclass(frozen=True, slots=True)
class ExchangeCredential:
    """A token is asked for and sent until it expires.

    `token` reaches it in a JSON answer; None means that the answer is its text. It lives for
    `lifetime` seconds, or until the instant at `expires`, or for the seconds at `expires_in`.
    `base` is the address where it is asked for, when that is not the connection's own.
    """

    request: RequestTemplate
    base: Template | None
    token: DottedPath | None
    send: HeaderCredential | QueryCredential
    lifetime: float
    expires: DottedPath | None = None
    expires_in: DottedPath | None = None


Credential = HeaderCredential | QueryCredential | BasicCredential | ExchangeCredential | None
