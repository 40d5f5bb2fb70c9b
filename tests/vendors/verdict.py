"""What finds a planted fault: the check, a golden, or a law; and on which line."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.vendors.loading import MAPPINGS, context, terminology
from tests.vendors.mutations import Mutant, mutants

from portico.errors import Place
from portico.laws.goldens import golden_faults, goldens_of
from portico.laws.trial import law_faults, subject_of
from portico.laws.writes import read_faults, write_faults
from portico.mapping.checking.check import check_file
from portico.vendor.agreement import disagreements
from portico.vendor.connection_file import load_vendor

EXAMPLES = 5


@dataclass(frozen=True)
class Verdict:
    """`finder` is a finding's code, or the law or golden that broke; None for a survivor."""

    module: str
    mutant: Mutant
    kind: str
    finder: str = ""
    lines: tuple[int, ...] = ()

    @property
    def on_line(self) -> bool:
        return self.mutant.line in self.lines


@dataclass(frozen=True)
class Bench:
    """A vendor's folder to plant faults in: a copy of the one that ships."""

    folder: Path
    object: str

    @classmethod
    def of(cls, vendor: str, name: str, parent: Path) -> "Bench":
        folder = parent / vendor
        shutil.copytree(MAPPINGS / vendor, folder, dirs_exist_ok=True)
        return cls(folder, name)

    @property
    def mutants(self) -> Iterator[Mutant]:
        file = MAPPINGS / self.folder.name / f"{self.object}.yaml"
        return mutants(file.read_text(encoding="utf-8"))

    def judge(self, mutant: Mutant) -> Verdict:
        """Look for the fault as a person would: check first, then goldens, then the laws."""
        for kind, finder, places in self._found(mutant):
            lines = tuple(place.line for place in places)
            return Verdict(f"{self.folder.name}.{self.object}", mutant, kind, finder, lines)
        return Verdict(f"{self.folder.name}.{self.object}", mutant, "survivor")

    def _found(self, mutant: Mutant) -> Iterator[tuple[str, str, tuple[Place, ...]]]:
        file = self.folder / f"{self.object}.yaml"
        file.write_text(mutant.text, encoding="utf-8")
        module, findings = check_file(file, terminology())
        if module is not None:
            vendor = load_vendor(self.folder)
            findings += tuple(disagreements(vendor, {self.object: module}))
        if findings:
            codes = " ".join(sorted({finding.code for finding in findings}))
            yield "check", codes, tuple(finding.place for finding in findings)
        if module is None:
            return
        there = context(self.folder.name)
        for golden in goldens_of(self.folder):
            if golden.object == self.object:
                for fault in golden_faults(module, golden, there):
                    yield "golden", fault.law, fault.rules
        for fault in read_faults(module, self.folder, there):
            yield "golden", fault.law, fault.rules
        for fault in write_faults(module, self.folder, there):
            yield "golden", fault.law, fault.rules
        for fault in law_faults(subject_of(module, there), EXAMPLES):
            yield "law", fault.law, fault.rules
