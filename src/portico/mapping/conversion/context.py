"""What a conversion may know besides the documents: the connection's settings and catalogues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portico.mapping.conversion.catalogue import Catalogue

_YES = frozenset({"true", "yes", "1", "on"})


@dataclass(frozen=True)
class Context:
    """What besides the documents decides.

    `all_settings` treats every setting that gates a rule as given, as offline tools want it.
    `keeps` tells that the caller stores the complements that `on_loss: keep` makes; without a
    store such a module refuses what would be lost.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    all_settings: bool = False
    keeps: bool = False

    def on(self, setting: str) -> bool:
        return self.all_settings or setting in self._given

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(name for name, said in self.settings.items() if said.lower() in _YES)
