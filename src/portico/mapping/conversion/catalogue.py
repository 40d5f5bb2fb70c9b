"""A vendor's own catalogue (its problem list terms, its drugs) as a two-way look-up table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One entry: the vendor's key, its text, and (system, code, display) of standard codes."""

    key: str
    text: str | None
    codings: tuple[tuple[str, str, str | None], ...] = ()


class Catalogue:
    """Entries by key, by code and by text."""

    def __init__(self, entries: Iterable[CatalogueEntry]) -> None:
        self._by_key = {entry.key: entry for entry in entries}
        self._by_code: dict[tuple[str, str], set[str]] = {}
        self._by_text: dict[str, set[str]] = {}
        for entry in self._by_key.values():
            for system, code, _ in entry.codings:
                self._by_code.setdefault((system, code), set()).add(entry.key)
            if entry.text:
                self._by_text.setdefault(entry.text.casefold(), set()).add(entry.key)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._by_key)

    def entry(self, key: str) -> CatalogueEntry | None:
        return self._by_key.get(key)

    def keys_of_code(self, system: str, code: str) -> frozenset[str]:
        return frozenset(self._by_code.get((system, code), ()))

    def keys_of_text(self, text: str) -> frozenset[str]:
        return frozenset(self._by_text.get(text.casefold(), ()))
