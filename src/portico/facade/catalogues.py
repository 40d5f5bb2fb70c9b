"""The vendor's own catalogues, loaded when a mapping needs them and kept for their lifetime."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from portico.facade.connection import Connection
from portico.facade.ports import Clock, VendorPort
from portico.mapping.conversion.catalogue import Catalogue
from portico.mapping.conversion.context import Context
from portico.vendor import exchange

RELOAD_AFTER = 30.0
"""Seconds for which a catalogue that lacks a code is trusted to lack it."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    catalogue: Catalogue
    at: float


class Catalogues:
    """The catalogues of one connection; concurrent requests share one load."""

    def __init__(self, connection: Connection, vendor: VendorPort, clock: Clock) -> None:
        self._connection = connection
        self._vendor = vendor
        self._clock = clock
        self._loaded: dict[str, _Loaded] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def context(self, names: Iterable[str], *, max_age: float | None = None) -> Context:
        """What a conversion may know, with these catalogues not older than `max_age` seconds."""
        found = {name: await self._get(name, max_age) for name in sorted(names)}
        return Context(self._connection.settings, found)

    def are_old(self, names: Iterable[str]) -> bool:
        """Whether one of them is old enough that it may lack what the vendor has added since."""
        return any(self._age(name) > RELOAD_AFTER for name in names)

    async def _get(self, name: str, max_age: float | None) -> Catalogue:
        lifetime = self._connection.vendor.catalogues[name].lifetime
        limit = lifetime if max_age is None else min(max_age, lifetime)
        async with self._locks[name]:
            if self._age(name) > limit:
                self._loaded[name] = _Loaded(await self._load(name), self._clock())
            return self._loaded[name].catalogue

    def _age(self, name: str) -> float:
        loaded = self._loaded.get(name)
        return self._clock() - loaded.at if loaded else float("inf")

    async def _load(self, name: str) -> Catalogue:
        vendor, settings = self._connection.vendor, self._connection.settings
        return Catalogue(await self._vendor.run(exchange.catalogue(vendor, name, settings)))
