"""Names of code systems: short name ↔ URI ↔ OID, from `terminology/systems.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portico.mapping.language.source import Table, plain, read_yaml

EXTENSION_BASE = "https://portico.example/fhir/StructureDefinition/"
"""The one base of our own extensions; `x:name` in a module is this base and the name."""

DATA_ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
VENDOR_CODE = EXTENSION_BASE + "vendor-code"
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")


@dataclass(frozen=True, slots=True)
class System:
    """A code system; the first OID is the one that is written."""

    uri: str
    oids: tuple[str, ...]
    aliases: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Terminology:
    """All systems by short name, and where a deployment's own OIDs are looked up first."""

    systems: Mapping[str, System]
    own_oids: Mapping[str, str]

    @cached_property
    def by_oid(self) -> dict[str, str]:
        """The URI of each OID that is known."""
        named = {oid: item.uri for item in self.systems.values() for oid in item.oids}
        return named | dict(self.own_oids)

    @cached_property
    def _by_uri(self) -> dict[str, System]:
        return {uri: item for item in self.systems.values() for uri in (item.uri, *item.aliases)}

    @cached_property
    def _own(self) -> dict[str, str]:
        return {uri: oid for oid, uri in self.own_oids.items()}

    def with_own(self, oids: Mapping[str, str]) -> "Terminology":
        """The same systems with a module's or a deployment's own OID ↔ URI pairs first."""
        named = {
            oid: self.systems[name].uri if name in self.systems else name
            for oid, name in oids.items()
        }
        return Terminology(self.systems, {**self.own_oids, **named})

    def with_systems(self, systems: Mapping[str, str]) -> "Terminology":
        """The same with a module's own short names for URIs."""
        own = {name: System(self.uri(uri), (), (), name) for name, uri in systems.items()}
        return Terminology({**self.systems, **own}, self.own_oids)

    def uri(self, name: str) -> str:
        """The URI of a short name; `x:name` is an extension of ours; anything else is itself."""
        if name.startswith("x:"):
            return EXTENSION_BASE + name[2:]
        return self.systems[name].uri if name in self.systems else name

    def oid_to_uri(self, oid: str) -> str:
        """An OID as a URI; unknown ones become `urn:oid:`."""
        return self.by_oid.get(oid) or f"urn:oid:{oid}"

    def uri_to_oid(self, uri: str) -> str | None:
        """The OID to write for a URI, or None if it has none."""
        if uri in self._own:
            return self._own[uri]
        system = self._by_uri.get(uri)
        if system and system.oids:
            return system.oids[0]
        bare = uri.removeprefix("urn:oid:")
        return bare if bare != uri and _OID.fullmatch(bare) else None

    def title(self, uri: str) -> str | None:
        """What people call the system."""
        system = self._by_uri.get(uri)
        return system.title if system else None


def load_terminology(folder: Path) -> Terminology:
    """Read `systems.yaml` of the terminology folder."""
    root = read_yaml(folder / "systems.yaml", "terminology/systems.yaml")
    rows = plain(root) if isinstance(root, Table) else {}
    systems = {}
    for name, row in rows.items() if isinstance(rows, dict) else ():
        oids, aliases = tuple(row.get("oids", ())), tuple(row.get("aliases", ()))
        systems[name] = System(row["uri"], oids, aliases, row["title"])
    return Terminology(systems, {})
