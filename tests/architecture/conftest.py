"""The sources that the rules are held against, and a way to plant a file that breaks one."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def package() -> Path:
    return ROOT / "src/portico"


@pytest.fixture
def sources(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


@pytest.fixture
def tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


@pytest.fixture
def plant(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file that breaks a rule: `plant(name, text)`."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write
