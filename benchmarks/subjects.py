"""The documents that are converted, and the code tables that every contender is given."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import hand_written
from portico.document import dump, parse
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_vendor_modules

Json = Any
MAPPINGS = find_mappings()
CONTEXT = Context(settings={"expose_ssn": "true", "send_gender": "true"})


@dataclass(frozen=True)
class Subject:
    """A vendor record and the module that converts it."""

    name: str
    module: ObjectModule
    record: Json

    @property
    def resource(self) -> Json:
        return self.module.to_fhir(self.record, CONTEXT)

    @property
    def text(self) -> bytes:
        return dump(self.record)


@cache
def patient() -> Subject:
    """A rich patient of the practice sandbox."""
    records = parse((MAPPINGS / "practice/sandbox/patient.json").read_bytes())
    return Subject("practice patient", _modules("practice")["patient"], records[0])


@cache
def record() -> Subject:
    """The contract's own example of a Connective record."""
    golden = MAPPINGS / "connective/golden/patient-record/contract-example.vendor.json"
    module = _modules("connective")["patient-record"]
    return Subject("connective record", module, parse(golden.read_bytes()))


def renamed(resource: Json) -> Json:
    """The Patient with another family name: the edit of the change sets."""
    names = [{**resource["name"][0], "family": "Garcia"}, *resource["name"][1:]]
    return {**resource, "name": names}


def tables() -> dict[str, Json]:
    """Vendor codes → FHIR, as JSON, for those that look them up."""
    return {
        "x": hand_written.X,
        "genders": {name: row[0] for name, row in hand_written.GENDERS.items()},
        "pronouns": {name: _concept(row) for name, row in hand_written.PRONOUNS.items()},
        "marital": {name: _concept(row) for name, row in hand_written.MARITAL_STATUS.items()},
        "languages": {
            name: hand_written.language(name)
            for row in hand_written.LANGUAGES.items()
            for name in row
        },
    }


def load_all() -> int:
    """Read and compile every module there is; the number of modules."""
    terminology = load_terminology(MAPPINGS / "terminology")
    vendors = sorted(path.parent for path in MAPPINGS.glob("*/vendor.yaml"))
    return sum(len(load_vendor_modules(folder, terminology)) for folder in vendors)


def _concept(row: tuple[str, str, str]) -> Json:
    system, code, display = row
    return {"coding": [{"system": system, "code": code, "display": display}]}


@cache
def _modules(vendor: str) -> dict[str, ObjectModule]:
    terminology = load_terminology(MAPPINGS / "terminology")
    return load_vendor_modules(Path(MAPPINGS / vendor), terminology)
