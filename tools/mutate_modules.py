#!/usr/bin/env python3
"""Plant faults in every mapping module, and tell what finds them: check, goldens, laws, nothing.

    python tools/mutate_modules.py [VENDOR…] [--every N] [--json FILE]

Exits with 1 where a fault survives that docs/mutations.md does not explain.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.vendors.loading import objects
from tests.vendors.verdict import Bench, Verdict

EXPLAINED = Path(__file__).parent.parent / "docs" / "mutations.md"


def main() -> int:
    options = _options()
    verdicts = list(_judged(options.vendors, options.every))
    for line in _told(verdicts):
        sys.stdout.write(f"{line}\n")
    if options.json:
        entries = [_entry(verdict) for verdict in verdicts]
        options.json.write_text(json.dumps(entries, indent=1), encoding="utf-8")
    explained = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.is_file() else ""
    return any(unexplained(verdict, explained) for verdict in verdicts)


def unexplained(verdict: Verdict, explained: str) -> bool:
    """Whether a fault survives whose place and edit the page of survivors does not name."""
    return verdict.kind == "survivor" and f"`{verdict.mutant.what}`" not in explained


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vendors", nargs="*")
    parser.add_argument("--every", type=int, default=1, help="only each Nth fault")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _judged(vendors: list[str], every: int) -> Iterator[Verdict]:
    for vendor, name in objects():
        if vendors and vendor not in vendors and f"{vendor}.{name}" not in vendors:
            continue
        with TemporaryDirectory() as folder:
            bench = Bench.of(vendor, name, Path(folder))
            yield from map(bench.judge, list(bench.mutants)[::every])


def _told(verdicts: list[Verdict]) -> Iterator[str]:
    for module in dict.fromkeys(verdict.module for verdict in verdicts):
        mine = [verdict for verdict in verdicts if verdict.module == module]
        kinds = Counter(verdict.kind for verdict in mine)
        lines = sum(verdict.on_line for verdict in mine)
        yield f"{module}: {len(mine)} faults, {dict(kinds)}, {lines} at their line"
    for verdict in verdicts:
        if verdict.kind == "survivor":
            mutant = verdict.mutant
            yield f"survivor {verdict.module}:{mutant.line} {mutant.operator}: {mutant.what}"


def _entry(verdict: Verdict) -> dict[str, object]:
    mutant = verdict.mutant
    return {
        "module": verdict.module,
        "line": mutant.line,
        "operator": mutant.operator,
        "what": mutant.what,
        "found_by": verdict.kind,
        "finder": verdict.finder,
        "at_its_line": verdict.on_line,
    }


if __name__ == "__main__":
    sys.exit(main())
