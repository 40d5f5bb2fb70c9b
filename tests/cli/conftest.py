"""The command line as people run it: a process, its two outputs, its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico import Json

RECORDS = Path(__file__).parent / "records"
QUIET = {"NO_COLOR": "1", "COLUMNS": "200", "GITHUB_ACTIONS": ""}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Json:
        return json.loads(self.stdout)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `portico` in an empty folder: `run("version", "--json")`."""

    def portico(*arguments: str | Path, given: str = "", **variables: str) -> Ran:
        done = subprocess.run(  # noqa: S603  the command under test
            [sys.executable, "-m", "portico", *map(str, arguments)],
            cwd=tmp_path,
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, **QUIET, **variables},
            text=True,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return portico


@pytest.fixture
def record() -> Callable[[str], Json]:
    """An example of a vendor's contract: `record("particle.patient")`."""
    return lambda name: json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))
