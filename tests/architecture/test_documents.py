"""What people read leads somewhere, and a decision fits on a page."""

import re
from collections.abc import Callable
from pathlib import Path

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
SECTIONS = ["Context", "Decision", "Consequences"]
MAX_DECISION_LINES = 40

Plant = Callable[[str, str], Path]


def broken_links(page: Path) -> list[str]:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    return [f"{page}: {target}" for target in targets if not (page.parent / target).exists()]


def pages(root: Path) -> list[Path]:
    folders = ("docs", "mappings", "src", "examples", "benchmarks")
    inner = [page for folder in folders for page in sorted((root / folder).rglob("*.md"))]
    ours = [
        page for page in inner if not any(part[0] == "." for part in page.relative_to(root).parts)
    ]
    return [*sorted(root.glob("*.md")), *ours]


def test_every_link_leads_to_a_file(root: Path) -> None:
    assert [finding for page in pages(root) for finding in broken_links(page)] == []


def test_a_decision_is_one_page_with_its_consequences(root: Path) -> None:
    decisions = sorted((root / "docs/decisions").glob("0*.md"))
    assert decisions
    for page in decisions:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= MAX_DECISION_LINES, page
        assert [line[3:] for line in lines if line.startswith("## ")] == SECTIONS, page


def test_decisions_are_numbered_without_gaps_and_listed(root: Path) -> None:
    folder = root / "docs/decisions"
    names = sorted(page.name for page in folder.glob("0*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert listed == names


def test_a_link_that_leads_nowhere_is_found(plant: Plant) -> None:
    page = plant("page.md", "[a](page.md) [b](https://x.example/y) [c](#c) [d](gone.md#e)")
    assert [finding.rpartition(" ")[2] for finding in broken_links(page)] == ["gone.md"]
