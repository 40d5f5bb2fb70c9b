"""A vendor's data, in memory, started from files and put back to them on demand."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from portico import Json, Record
from portico.document import copy, parse


class Records:
    """Records by kind and key, in the order in which they came.

    `keys` names each kind's key member; a kind starts with the records of `<kind>.json`, a list,
    where the folder has that file.
    """

    def __init__(self, folder: Path, keys: Mapping[str, str]) -> None:
        self._start = {kind: _start(folder / f"{kind}.json", key) for kind, key in keys.items()}
        self._kinds: dict[str, dict[str, Record]] = {}
        self.reset()

    def reset(self) -> None:
        self._kinds = copy(self._start)

    def get(self, kind: str, key: str) -> Record | None:
        return self._kinds[kind].get(key)

    def put(self, kind: str, key: str, record: Record) -> None:
        self._kinds[kind][key] = record

    def remove(self, kind: str, key: str) -> None:
        del self._kinds[kind][key]

    def all(self, kind: str) -> Iterable[Record]:
        return self._kinds[kind].values()

    def state(self) -> Json:
        """Show everything, by kind and key."""
        return copy(self._kinds)


def _start(file: Path, key: str) -> dict[str, Record]:
    return {each[key]: Record(each) for each in parse(file.read_bytes())} if file.exists() else {}
