"""The README, run: every command of a console block gives what stands under it."""

import re
import subprocess
from pathlib import Path

import pytest
from tests.acceptance.conftest import Demo, Start, free_port

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands() -> list[tuple[str, tuple[str, ...]]]:
    """(command, lines that its output must have, in order)."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for block in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        for part in block.split("$ ")[1:]:
            command, *shown = part.strip().splitlines()
            found.append((command, tuple(line.strip() for line in shown if line != "…")))
    return found


@pytest.fixture(scope="module")
def demo(start_demo: Start) -> Demo:
    """A demo of its own: the README shows totals, which other tests would change."""
    return start_demo("--port", str(free_port()), "--sandbox-port", str(free_port()))


@pytest.mark.parametrize(("command", "shown"), commands(), ids=lambda value: str(value)[:40])
def test_a_command_gives_what_the_readme_shows(
    demo: Demo, command: str, shown: tuple[str, ...]
) -> None:
    here = command.replace("http://127.0.0.1:8000", demo.url)
    here = here.replace("http://127.0.0.1:8001", demo.sandbox_url)

    shell = ["/bin/sh", "-c", here]
    done = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  the README's own command

    position = 0
    for line in shown:
        position = done.stdout.find(line, position)
        assert position >= 0, f"not in the output, or not in this order: {line}"
