"""Ids and times that the sandbox makes, repeatable when a seed and a clock are given."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import TypeAlias
from uuid import UUID

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present time, with a zone."""


def system_clock() -> datetime:
    return datetime.now(UTC)


class Mint:
    """One stream of ids; without a seed it differs from run to run."""

    def __init__(self, seed: int | None, clock: Clock) -> None:
        self._random = Random(seed)  # noqa: S311 - ids of a simulation, nothing secret
        self.clock = clock

    def uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def object_id(self) -> str:
        """Make 24 hexadecimal digits, as document databases do."""
        return f"{self._random.getrandbits(96):024x}"

    def now(self) -> str:
        """Tell the time as RFC 3339 in UTC, with microseconds."""
        return self.clock().astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
