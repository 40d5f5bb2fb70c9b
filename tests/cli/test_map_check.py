"""`portico map check`: the same findings for people, programs and pull requests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import QUIET, Run

from portico.cli.map_findings import Found
from portico.cli.map_watch import difference
from portico.errors import Finding, Place
from portico.mapping.load import find_mappings


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A vendor whose patients have a last name that no rule uses."""
    folder = tmp_path / "vendors" / "acme"
    shutil.copytree(find_mappings() / "practice", folder)
    for module in folder.glob("*.yaml"):
        text = module.read_text(encoding="utf-8").replace("module: practice.", "module: acme.")
        if module.name == "patient.yaml":
            text = text.replace("  last_name:  ", "  lastname:   ")
        module.write_text(text, encoding="utf-8")
    return folder


def test_check_looks_deeper_than_loading(run: Run, acme: Path) -> None:
    checked = run("map", "check", "acme", PORTICO_MAPPINGS=str(acme))

    assert checked.code == 1
    assert "E302 the vendor schema has no field 'lastname'; did you mean 'last_name'?" in (
        checked.stdout
    )


def test_github_annotations_stand_at_files_that_exist(run: Run, acme: Path, tmp_path: Path) -> None:
    checked = run("map", "check", "acme", "--format", "github", PORTICO_MAPPINGS=str(acme))

    first = checked.stdout.splitlines()[0]
    properties = dict(each.split("=") for each in first.split("::")[1].split(" ")[1].split(","))
    assert (tmp_path / properties["file"]).samefile(acme / "patient.yaml")
    assert properties["file"] == "vendors/acme/patient.yaml"
    assert properties["title"] == "E301"
    assert int(properties["line"]) > 1
    assert first.startswith("::error file=")
    assert "vendor field 'last_name' is neither mapped nor dropped" in first


def test_inside_github_actions_annotations_are_what_is_printed(run: Run, acme: Path) -> None:
    variables = {"PORTICO_MAPPINGS": str(acme), "GITHUB_ACTIONS": "true"}

    assert run("map", "check", "acme", **variables).stdout.startswith("::error file=")
    assert not run("map", "check", "acme", "--format", "text", **variables).stdout.startswith("::")
    assert run("map", "check", "acme", "--json", **variables).document[0]["code"] == "E301"


def test_an_annotation_escapes_what_would_end_it(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a,b%"
    folder.mkdir()
    (folder / "vendor.yaml").write_text("portico: 1\nvendr: acme\n", encoding="utf-8")

    checked = run("map", "check", "--format", "github", "a,b%", PORTICO_MAPPINGS=str(folder))

    assert "::error file=a%2Cb%25/vendor.yaml,line=2,col=1,title=C101::" in checked.stdout


def found(line: int, what: str) -> Found:
    return Found(Finding("E301", Place("acme/patient.yaml", line), what), Path("acme"))


def test_a_finding_that_only_moved_is_no_difference() -> None:
    before = [found(3, "one"), found(4, "two"), found(5, "two")]
    after = [found(8, "two"), found(9, "three")]

    assert [line[:2] + line.split()[-1] for line in difference(before, after)] == [
        "- one",
        "- two",
        "+ three",
    ]


@pytest.fixture
def watching(acme: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "portico", "map", "check", "acme", "--watch"],
        cwd=tmp_path,
        env={**os.environ, **QUIET, "PORTICO_MAPPINGS": str(acme), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process
        process.terminate()


def until_counted(process: subprocess.Popen[str]) -> list[str]:
    """The lines up to and with the one that counts the findings."""
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line.strip())
        if "watching" in line:
            break
    return lines


def test_watch_tells_what_a_change_repaired(watching: subprocess.Popen[str], acme: Path) -> None:
    first = until_counted(watching)
    module = acme / "patient.yaml"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("  lastname:   ", "  last_name:  "), encoding="utf-8")
    second = until_counted(watching)

    assert first[-1] == "4 findings; watching, Ctrl-C ends"
    assert [line.split()[0] for line in second[:-1]] == ["-", "-", "-", "-"]
    assert second[-1] == "no findings; watching, Ctrl-C ends"
