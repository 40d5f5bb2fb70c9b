"""What is said to a vendor and what it answers; an exchange is a generator between the two.

An exchange yields a batch of requests, which may be sent concurrently, and is sent the batch of
their answers in the same order. It returns what the conversation was for. It does no I/O, so a
test can hold the conversation by hand (`next`, `send`).
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from portico import Json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` is quoted and starts with a slash; `query` values are not quoted yet.

    `operation` names the request without patient data (`patient.read`), for logs and metrics.
    `timeout` is the deadline in seconds for the whole answer. `base` is an address that is not
    the connection's own, which only a token's request may have; `form` is sent instead of `body`.
    """

    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Json = None
    form: tuple[tuple[str, str], ...] = ()
    timeout: float | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One answer as it came; header names are lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value; one that came several times is one list (RFC 9110, 5.3)."""
        return ", ".join(value for key, value in self.headers if key == name) or None


Exchange: TypeAlias = Generator[tuple[Request, ...], tuple[Response, ...], T]
