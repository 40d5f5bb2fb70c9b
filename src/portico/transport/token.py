"""Tokens that a vendor hands out: kept until shortly before they end, asked for once at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from portico.vendor.credential import ExchangeCredential, Token, ask_for_token, take_token
from portico.vendor.message import Request, Response

_MARGIN = 60.0
_MARGIN_SHARE = 0.1


class TokenKeeper:
    """Holds the token of one connection. `clock` tells POSIX seconds."""

    def __init__(
        self,
        credential: ExchangeCredential,
        settings: Mapping[str, str],
        send: Callable[[Request], Awaitable[Response]],
        clock: Callable[[], float],
    ) -> None:
        self._credential = credential
        self._settings = settings
        self._send = send
        self._clock = clock
        self._asking = asyncio.Lock()
        self._token: Token | None = None
        self._fresh_until = 0.0

    async def token(self, refused: Token | None = None) -> Token:
        """A token that is valid as far as known; never the one that the vendor just refused."""
        async with self._asking:
            token = self._token
            if token is None or token is refused or self._clock() >= self._fresh_until:
                token = await self._ask()
            return token

    async def _ask(self) -> Token:
        self._token = None
        response = await self._send(ask_for_token(self._credential, self._settings))
        now = self._clock()
        token = take_token(self._credential, response, now)
        self._fresh_until = token.ends - min(_MARGIN, (token.ends - now) * _MARGIN_SHARE)
        self._token = token
        return token
