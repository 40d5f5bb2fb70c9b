"""Vendor packs: installed mapping folders that are read and never run."""

import os
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Run

from portico.mapping.load import find_mappings

ROOT = Path(__file__).parents[2]


def install(site: Path, package: Path, value: str) -> None:
    """What an installer leaves: a package whose code must not run, and its metadata."""
    shutil.copytree(find_mappings() / "heidi", package / "vendors" / "acme")
    code = "raise SystemExit('a pack was run')\n"
    for folder in (package, package / "vendors"):
        (folder / "__init__.py").write_text(code, encoding="utf-8")
    facts = site / "acme_portico-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Name: acme-portico\nVersion: 1.0\n", encoding="utf-8")
    points = f"[portico.mappings]\nacme = {value}\n"
    (facts / "entry_points.txt").write_text(points, encoding="utf-8")


def path(*folders: Path) -> str:
    return os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_an_installed_pack_brings_its_vendors(run: Run, site: Path) -> None:
    install(site, site / "acme_portico", "acme_portico.vendors")
    shown = run("map", "coverage", "acme", PYTHONPATH=path(site))

    assert (shown.code, shown.stderr) == (0, "")
    assert "acme.patient-profile" in shown.stdout


def test_the_folder_may_be_the_vendors_own(run: Run, site: Path) -> None:
    install(site, site / "acme_portico", "acme_portico.vendors.acme")

    assert run("map", "show", "acme", PYTHONPATH=path(site)).code == 0


def test_a_pack_that_is_installed_to_be_edited_is_found_on_the_path(
    run: Run, site: Path, tmp_path: Path
) -> None:
    install(site, tmp_path / "source" / "acme_portico", "acme_portico.vendors")
    shown = run("map", "show", "acme", PYTHONPATH=path(site, tmp_path / "source"))

    assert (shown.code, shown.stderr) == (0, "")


def test_the_setting_goes_before_a_pack(run: Run, site: Path, tmp_path: Path) -> None:
    install(site, site / "acme_portico", "acme_portico.vendors")
    mine = tmp_path / "mine" / "acme"
    shutil.copytree(find_mappings() / "particle", mine)
    shown = run("map", "show", "acme", PYTHONPATH=path(site), PORTICO_MAPPINGS=str(mine))

    assert "acme.patient:" in shown.stdout


def test_a_pack_without_its_folder_is_named(run: Run, site: Path) -> None:
    install(site, site / "acme_portico", "acme_portico.lost")
    refused = run("map", "check", PYTHONPATH=path(site))

    assert refused.code == 3
    assert "acme-portico names the folder acme_portico.lost as 'acme'" in refused.stderr


def test_the_hook_runs_a_command_that_exists(run: Run) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *arguments = hook["entry"].split()

    assert (Path(sys.executable).parent / program).exists()
    assert run(*arguments, "heidi").code == 0
