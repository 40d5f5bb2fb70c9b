"""`portico map test`: goldens and laws, from outside."""

import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from portico.mapping.load import find_mappings


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A copy of a shipped vendor under another name, to be broken."""
    folder = tmp_path / "clinic"
    shutil.copytree(find_mappings() / "heidi", folder)
    return folder


def broken(folder: Path, old: str, new: str) -> None:
    module = folder / "patient-profile.yaml"
    text = module.read_text(encoding="utf-8")
    assert old in text
    module.write_text(text.replace(old, new), encoding="utf-8")


def test_a_shipped_module_keeps_its_goldens_and_the_laws(run: Run) -> None:
    told = run("map", "test", "heidi", "--examples", "5")

    assert (told.code, told.stdout) == (0, "")
    assert told.stderr == "heidi: no broken laws and goldens\n"


def test_a_golden_that_no_longer_holds_names_itself_and_the_rule(run: Run, clinic: Path) -> None:
    broken(clinic, "last_name:              legal.family", "last_name:              legal.text")

    told = run("map", "test", "clinic", "--examples", "1", PORTICO_MAPPINGS=str(clinic.parent))

    assert told.code == 1
    assert "to_fhir of golden patient-profile/contract-create-answer" in told.stdout
    assert "clinic/patient-profile.yaml:45:" in told.stdout


def test_a_falsified_law_is_told_with_the_smallest_record(run: Run, clinic: Path) -> None:
    shutil.rmtree(clinic / "golden")
    broken(clinic, "valueBoolean", "valueString")

    told = run(
        "map", "test", "clinic", "--examples", "40", "--json", PORTICO_MAPPINGS=str(clinic.parent)
    )

    laws = {entry["law"]: entry for entry in told.document}
    record = laws["validity"]["documents"]["record"]
    assert told.code == 1
    assert record.keys() <= {"id", "remember_consent", "created_at", "updated_at"}
    assert any("patient-profile.yaml:52" in rule for rule in laws["validity"]["rules"])


def test_a_module_that_does_not_load_is_told_by_its_findings(run: Run, clinic: Path) -> None:
    broken(clinic, "legal.family", "legal.famly")

    told = run("map", "test", "clinic", PORTICO_MAPPINGS=str(clinic.parent))

    assert told.code == 1
    assert "E121" in told.stdout
