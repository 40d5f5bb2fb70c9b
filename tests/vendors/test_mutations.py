"""Faults planted in the modules are found; `make soak` plants every one (docs/mutations.md)."""

from pathlib import Path

import pytest
from tests.vendors.loading import objects
from tests.vendors.mutations import mutants
from tests.vendors.verdict import Bench

EVERY = 97
EXPLAINED = Path(__file__).parents[2] / "docs" / "mutations.md"
RULE = """rules:
  last: name[0].family
  born: birthDate | date
"""


@pytest.mark.parametrize(("vendor", "name"), objects())
def test_a_planted_fault_is_found_or_explained(vendor: str, name: str, tmp_path: Path) -> None:
    bench = Bench.of(vendor, name, tmp_path)
    verdicts = [bench.judge(mutant) for mutant in list(bench.mutants)[::EVERY]]
    survivors = [each.mutant.what for each in verdicts if each.kind == "survivor"]
    explained = EXPLAINED.read_text(encoding="utf-8")

    assert verdicts
    assert [what for what in survivors if f"`{what}`" not in explained] == []


def test_a_fault_is_one_edit_at_a_known_line() -> None:
    planted = {(mutant.operator, mutant.line): mutant.text for mutant in mutants(RULE)}

    assert planted["drop", 2] == "rules:\n  born: birthDate | date\n"
    assert planted["drop converter", 3] == RULE.replace(" | date", "")
    assert planted["swap", 2] == "rules:\n  last: birthDate | date\n  born: name[0].family\n"
    assert planted["rename member", 2] == RULE.replace("last", "lastx")
