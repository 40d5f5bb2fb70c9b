"""Elements of R4 that could be mistaken for each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.fhir import definitions

_BRACKETS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Scope:
    """The R4 type that paths start from, and the module's slices by name."""

    type: str = ""
    slices: Mapping[str, str] = field(default_factory=dict)

    def sibling(self, parent: str, name: str) -> str | None:
        """Another element beside `name` with the same type; None where there is none."""
        type_name = self._type_at([step for step in self._plain(parent).split(".") if step])
        facts = definitions.element(type_name, name) if type_name else None
        if facts is None:
            return None
        for other in definitions.elements(type_name).values():
            same = (other.type, other.is_list) == (facts.type, facts.is_list)
            if same and other.name != name and not other.name.startswith("_"):
                return other.name
        return None

    def _plain(self, path: str) -> str:
        """The path without selectors, slices spelled out."""
        path = _BRACKETS.sub("", path)
        first, _, rest = path.partition(".")
        return f"{self._plain(self.slices[first])}.{rest}" if first in self.slices else path

    def _type_at(self, steps: list[str]) -> str:
        name = self.type
        for step in steps:
            facts = definitions.element(name, step) if name else None
            name = facts.type if facts else ""
        return name
