"""What people outside rely on: the command, the version, the typed package."""

import re
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import portico


def test_the_console_script_is_portico() -> None:
    (script,) = entry_points(group="console_scripts", name="portico")
    assert callable(script.load())


def test_the_version_is_one() -> None:
    assert version("portico") == portico.__version__


def test_the_changelog_knows_the_version(root: Path) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert portico.__version__ in versions


def test_the_command_prints_the_version(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "portico", "version"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    assert portico.__version__ in run.stdout


def test_the_package_is_typed(package: Path) -> None:
    assert (package / "py.typed").exists()
