"""A small vendor folder that a test fills as it likes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from portico import Json
from portico.document import dump
from portico.errors import Finding, MappingError
from portico.mapping.checking.check import check_folder
from portico.mapping.language.terminology import Terminology, load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_module

HEAD = "portico: 1\nmodule: clinic.patient\nresource: Patient\nvendor: {}\n"

Make: TypeAlias = Callable[[str], ObjectModule]
Check: TypeAlias = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def terminology() -> Terminology:
    return load_terminology(find_mappings() / "terminology")


@pytest.fixture
def make(tmp_path: Path, terminology: Terminology) -> Make:
    """Compile a module; a text without `portico: 1` gets a head for a Patient."""

    def made(text: str) -> ObjectModule:
        path = tmp_path / "patient.yaml"
        whole = text if text.startswith("portico") else HEAD + text
        path.write_text(whole, encoding="utf-8")
        return load_module(path, terminology)

    return made


@pytest.fixture
def check(tmp_path: Path, terminology: Terminology) -> Check:
    """All findings of a folder with one module and its schemas."""

    def found(text: str, **schemas: Mapping[str, Json]) -> list[Finding]:
        folder = tmp_path / "clinic"
        (folder / "schemas").mkdir(parents=True, exist_ok=True)
        (folder / "patient.yaml").write_text(text, encoding="utf-8")
        for name, document in schemas.items():
            (folder / "schemas" / f"{name}.json").write_bytes(dump(document))
        return list(check_folder(folder, terminology))

    return found


def refused(make: Make, text: str) -> list[tuple[str, int, int]]:
    """(code, line, column) of the findings that keep a module from being read."""
    with pytest.raises(MappingError) as caught:
        make(text)
    return [(one.code, one.place.line, one.place.column) for one in caught.value.findings]
