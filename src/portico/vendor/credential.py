"""How a vendor knows this connection: one of these, or several in a list.

{kind: none}
{kind: bearer, token: "{token}"}
{kind: header, name: apiKey, value: "{api_key}"}
{kind: query, name: key, value: "{api_key}"}
{kind: basic, user: "{user}", password: "{password}"}
kind: exchange                                      a token is asked for, and sent until it ends
  request: POST /oauth/token                        from the base URL, or from `base`
  base: "{login_url}"
  form: {grant_type: client_credentials, client_id: "{client_id}", client_secret: "{secret}"}
  token: access_token                               or `text` for a plain-text answer
  expires_in: expires_in                            or expires: path of an instant; lifetime: 1h
  send: {header: Authorization, value: "Bearer {token}"}        or {query: token, value: "{token}"}
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from portico import Json
from portico.document import DocumentError, parse
from portico.vendor.dotted import DottedPath
from portico.vendor.fault import fault, refuse
from portico.vendor.message import Request, Response
from portico.vendor.query import Filling, RequestTemplate, build
from portico.vendor.template import Template

TOKEN = "token"  # noqa: S105 the name of the blank that a token fills
_OPERATION = "credential.exchange"
_OUR_FAULT = frozenset(range(400, 500)) - {408, 429}


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


CredentialPart = HeaderCredential | QueryCredential | BasicCredential | ExchangeCredential
Credential = tuple[CredentialPart, ...]
"""All that is sent; at most one part is an exchange, and none at all means an open vendor."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment (POSIX seconds) at which it ends."""

    text: str
    ends: float

    def __repr__(self) -> str:
        return f"Token(ends={self.ends})"


def exchange_of(credential: Credential) -> ExchangeCredential | None:
    """The part for which a token must be asked, if there is one."""
    return next((part for part in credential if isinstance(part, ExchangeCredential)), None)


def query_parameters(credential: Credential) -> frozenset[str]:
    """The names of the query parameters that the credential is sent in."""
    sent = (part.send if isinstance(part, ExchangeCredential) else part for part in credential)
    return frozenset(part.parameter for part in sent if isinstance(part, QueryCredential))


def authorize(
    credential: Credential, request: Request, values: Mapping[str, str], token: Token | None = None
) -> Request:
    """The request as the vendor wants it from this connection."""
    with_token = {**values, TOKEN: token.text} if token else values
    for part in credential:
        exchanged = isinstance(part, ExchangeCredential)
        request = _signed(part, request, with_token if exchanged else values)
    return request


def _signed(part: CredentialPart, request: Request, values: Mapping[str, str]) -> Request:
    match part:
        case ExchangeCredential(send=send):
            return _signed(send, request, values)
        case HeaderCredential(header, value):
            return replace(request, headers=(*request.headers, (header, value.fill(values))))
        case QueryCredential(parameter, value):
            return replace(request, query=(*request.query, (parameter, value.fill(values))))
        case BasicCredential(user, password):
            pair = f"{user.fill(values)}:{password.fill(values)}".encode()
            basic = ("Authorization", f"Basic {b64encode(pair).decode()}")
            return replace(request, headers=(*request.headers, basic))


def ask_for_token(credential: ExchangeCredential, values: Mapping[str, str]) -> Request:
    """The request that a token is asked for with."""
    request = build(_OPERATION, credential.request, Filling(values))
    base = credential.base.fill(values) if credential.base else None
    return replace(request, base=base)


def take_token(credential: ExchangeCredential, response: Response, now: float) -> Token:
    """The token in an answer that came at `now` (POSIX seconds). Raises VendorError."""
    if response.status not in range(200, 300):
        is_ours = response.status in _OUR_FAULT
        raise refuse(_OPERATION, response, "credential" if is_ours else None)
    try:
        document = parse(response.body) if credential.token else None
    except DocumentError as error:
        raise fault(_OPERATION, "garbage", "not JSON") from error
    text = credential.token.first(document) if credential.token else _plain(response.body)
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or not text:
        raise fault(_OPERATION, "garbage", "the answer holds no token")
    return Token(text, _end(credential, document, now))


def _plain(body: bytes) -> str:
    return body.decode(errors="replace").strip().strip('"')


def _end(credential: ExchangeCredential, document: Json, now: float) -> float:
    if credential.expires and (instant := credential.expires.first(document)):
        return _instant(instant)
    if credential.expires_in and (seconds := credential.expires_in.first(document)):
        return now + _seconds(seconds)
    return now + credential.lifetime


def _instant(value: Json) -> float:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise fault(_OPERATION, "garbage", "the token's end is not an instant") from error
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _seconds(value: Json) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise fault(_OPERATION, "garbage", "the token's lifetime is not a number") from error
