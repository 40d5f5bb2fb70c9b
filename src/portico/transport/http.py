"""HTTP to a vendor: drives exchanges, adds address and credential, and holds every limit.

Each request has one deadline for everything: the wait for a free slot, the token, the answer. A
redirect is not followed, an answer is not read beyond a limit, and what the network does wrong is
a VendorError 502 or 504 like any other.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import quote, urlencode

import httpx

from portico import __version__
from portico.document import dump
from portico.errors import VendorError
from portico.transport.body import ENCODINGS, BodyError, read_body
from portico.transport.token import TokenKeeper
from portico.vendor.credential import Credential, Token, authorize, exchange_of
from portico.vendor.fault import fault
from portico.vendor.message import Exchange, Request, Response

T = TypeVar("T")

_UNAUTHORIZED = 401
_KEEP_ALIVE = 2.0  # seconds; below the 5 of common servers, which else close while we send


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may cost at most; `deadline` holds where the vendor's file names none.

    `concurrent` requests are under way at a time, `batch` of them for one exchange; `deadline` is
    in seconds, `body` in decoded bytes.
    """

    concurrent: int = 32
    batch: int = 8
    deadline: float = 10.0
    body: int = 16 * 1024 * 1024


DEFAULT_LIMITS = Limits()


def open_client() -> httpx.AsyncClient:
    """A client as `HttpTransport` wants it: no redirects, no cookies, no proxies from outside."""
    client = httpx.AsyncClient(
        timeout=None,  # noqa: S113 the transport holds one deadline over the whole request
        follow_redirects=False,
        trust_env=False,
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEP_ALIVE),
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client


class HttpTransport:
    """One connection's way to its vendor. `clock` tells POSIX seconds.

    It silences the log lines of the client library, which hold addresses with patients' keys.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        settings: Mapping[str, str],
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        for library in ("httpx", "httpcore"):
            logging.getLogger(library).setLevel(logging.WARNING)
        self._base_url = base_url.rstrip("/")
        self._credential = credential
        self._settings = settings
        self._client = client
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.concurrent)
        exchange = exchange_of(credential)
        self._tokens = TokenKeeper(exchange, settings, self._send, clock) if exchange else None

    async def run(self, exchange: Exchange[T]) -> T:
        """Hold a conversation to its end. Raises what the exchange raises, and VendorError."""
        try:
            batch = next(exchange)
            while True:
                batch = exchange.send(await self._answers(batch))
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            exchange.close()

    async def _answers(self, requests: tuple[Request, ...]) -> tuple[Response, ...]:
        answers: list[Response] = []
        for start in range(0, len(requests), self._limits.batch):
            some = requests[start : start + self._limits.batch]
            for outcome in await asyncio.gather(*(self._outcome(request) for request in some)):
                if isinstance(outcome, VendorError):
                    raise outcome
                answers.append(outcome)
        return tuple(answers)

    async def _outcome(self, request: Request) -> Response | VendorError:
        try:
            async with asyncio.timeout(request.timeout or self._limits.deadline):
                return await self._ask(request)
        except TimeoutError:
            return fault(request.operation, "timeout")
        except VendorError as error:
            return error

    async def _ask(self, request: Request) -> Response:
        if self._tokens is None:
            return await self._send(self._authorized(request, None))
        token = await self._tokens.token()
        response = await self._send(self._authorized(request, token))
        if response.status != _UNAUTHORIZED:
            return response
        token = await self._tokens.token(refused=token)
        return await self._send(self._authorized(request, token))

    def _authorized(self, request: Request, token: Token | None) -> Request:
        return authorize(self._credential, request, self._settings, token)

    async def _send(self, request: Request) -> Response:
        async with self._slots:
            try:
                return await self._round_trip(request)
            except httpx.TimeoutException as error:
                raise fault(request.operation, "timeout") from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise fault(request.operation, "failure", "the connection failed") from error
            except BodyError as error:
                raise fault(request.operation, "garbage", str(error)) from error

    async def _round_trip(self, request: Request) -> Response:
        sent = self._client.build_request(
            request.method,
            self._address(request),
            headers=_headers(request),
            content=_body(request),
        )
        response = await self._client.send(sent, stream=True, follow_redirects=False)
        try:
            encoding = response.headers.get("content-encoding")
            body = await read_body(response.aiter_raw(), encoding, self._limits.body)
        finally:
            await response.aclose()
        headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
        return Response(response.status_code, headers, body)

    def _address(self, request: Request) -> str:
        base = request.base.rstrip("/") if request.base else self._base_url
        query = urlencode(request.query, quote_via=quote)
        return f"{base}{request.path}" + (f"?{query}" if query else "")


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    own = {name.lower() for name, _ in request.headers}
    defaults = {
        "accept": "application/json",
        "accept-encoding": ENCODINGS,
        "user-agent": f"portico/{__version__}",
    }
    if request.form:
        defaults["content-type"] = "application/x-www-form-urlencoded"
    elif request.body is not None:
        defaults["content-type"] = "application/json"
    rest = ((name, value) for name, value in defaults.items() if name not in own)
    return [(name.encode(), value.encode()) for name, value in (*request.headers, *rest)]


def _body(request: Request) -> bytes | None:
    if request.form:
        return urlencode(request.form).encode()
    return None if request.body is None else dump(request.body)
