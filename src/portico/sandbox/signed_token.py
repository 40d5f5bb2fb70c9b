"""Bearer tokens as vendors issue them: JSON Web Tokens (RFC 7519), signed with HS256.

They carry their own end, so that they outlive a reset of the sandbox's data.
"""

import hmac
from datetime import UTC, datetime, timedelta

from portico.sandbox.mint import Clock
from portico.sandbox.opaque import seal, unpadded, unseal

_HEADER = {"alg": "HS256", "typ": "JWT"}


class TokenIssuer:
    """Issues one vendor's tokens and knows them again."""

    def __init__(self, vendor: str, clock: Clock, lifetime: timedelta) -> None:
        self._key = f"portico-sandbox-{vendor}".encode()
        self._clock = clock
        self._lifetime = lifetime

    def issue(self, subject: str) -> tuple[str, datetime]:
        """Make a token and say when it ends."""
        ends = self._clock().astimezone(UTC) + self._lifetime
        signed = f"{seal(_HEADER)}.{seal({'sub': subject, 'exp': int(ends.timestamp())})}"
        return f"{signed}.{self._signature(signed)}", ends

    def is_valid(self, token: str) -> bool:
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return False
        claims = unseal(signed.partition(".")[2])
        return isinstance(claims, dict) and self._clock().timestamp() < claims.get("exp", 0)

    def _signature(self, signed: str) -> str:
        return unpadded(hmac.digest(self._key, signed.encode(), "sha256"))
