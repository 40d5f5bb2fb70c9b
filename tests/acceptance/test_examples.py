"""The examples do what they say."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.acceptance.conftest import Demo

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603  the example
        [str(part) for part in command], capture_output=True, check=False, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_patient_is_read_page_by_page(demo: Demo) -> None:
    lines = run(sys.executable, EXAMPLES / "read_patients.py", demo.bases["practice"]).splitlines()

    assert len(lines) > 20
    assert len({line.split("\t")[0] for line in lines}) == len(lines)


def test_a_record_is_converted_without_a_server() -> None:
    told = run(sys.executable, EXAMPLES / "convert_record.py")

    assert '"resourceType": "Patient"' in told
    assert '"last_name":"Smith"' in told
    assert "lost: Patient.maritalStatus" in told


def test_a_record_is_shared_in_one_transaction(demo: Demo) -> None:
    answer = run("sh", EXAMPLES / "share_record.sh", demo.bases["connective"])

    assert '"type":"transaction-response"' in answer
    assert answer.count('"status":"201') == 3


@pytest.mark.parametrize("example", sorted(EXAMPLES.iterdir()), ids=lambda path: str(path.name))
def test_an_example_is_short(example: Path) -> None:
    assert len(example.read_text(encoding="utf-8").splitlines()) <= 80
