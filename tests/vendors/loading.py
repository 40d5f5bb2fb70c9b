"""Every vendor folder that is there, with its modules, its catalogues and its goldens."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portico import Json
from portico.cli.conversion import read_catalogues
from portico.document import parse
from portico.mapping.context import Context
from portico.mapping.load import ObjectModule, find_mappings, load_vendor_modules
from portico.mapping.terminology import Terminology, load_terminology

MAPPINGS = find_mappings()


@dataclass(frozen=True)
class Golden:
    """A vendor document, the FHIR document it becomes, and what a create of it is refused for."""

    vendor: str
    object: str
    case: str

    @property
    def name(self) -> str:
        return f"{self.vendor}-{self.object}-{self.case}"

    @property
    def module(self) -> ObjectModule:
        return modules(self.vendor)[self.object]

    @property
    def record(self) -> Json:
        return self._file("vendor")

    @property
    def resource(self) -> Json:
        return self._file("fhir")

    @property
    def refused(self) -> Json:
        """The issues of a create, as (code, expressions); None where it is not refused."""
        return self._file("refused") if self._path("refused").is_file() else None

    def _file(self, kind: str) -> Json:
        return parse(self._path(kind).read_bytes())

    def _path(self, kind: str) -> Path:
        return MAPPINGS / self.vendor / "golden" / self.object / f"{self.case}.{kind}.json"


@cache
def terminology() -> Terminology:
    return load_terminology(MAPPINGS / "terminology")


@cache
def modules(vendor: str) -> dict[str, ObjectModule]:
    return load_vendor_modules(MAPPINGS / vendor, terminology())


@cache
def context(vendor: str) -> Context:
    """Every gated rule on, and the vendor's catalogues from its goldens."""
    files = (MAPPINGS / vendor / "golden").glob("*.catalogue.json")
    given = [f"{file.name.split('.')[0]}={file}" for file in files]
    return Context(all_settings=True, catalogues=read_catalogues(given, MAPPINGS / vendor))


def vendors() -> list[str]:
    return sorted(path.parent.name for path in MAPPINGS.glob("*/vendor.yaml"))


def objects() -> list[tuple[str, str]]:
    """Every (vendor, object) that has a module."""
    return [(vendor, name) for vendor in vendors() for name in modules(vendor)]


def goldens() -> Iterator[Golden]:
    for path in sorted(MAPPINGS.glob("*/golden/*/*.vendor.json")):
        vendor, _, name, file = path.relative_to(MAPPINGS).parts
        yield Golden(vendor, name, file.removesuffix(".vendor.json"))
