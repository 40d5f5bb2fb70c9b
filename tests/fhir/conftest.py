"""Where HL7's examples are, for tests that hold us against them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def material() -> Callable[[str], Path]:
    """The path of a file or folder of HL7's material; skips the test when it is not there."""

    def find(path: str) -> Path:
        folder = ROOT / os.environ.get("PORTICO_FHIR_MATERIAL", "../shared/fhir")
        if not (folder / path).exists():
            pytest.skip("HL7's material is not here; set PORTICO_FHIR_MATERIAL to its folder")
        return folder / path

    return find
