"""The page about the connection file says what is so."""

import re
from pathlib import Path
from typing import get_args

import pytest

from portico.vendor.connection_file import load_vendor
from portico.vendor.fault import FaultKind
from portico.vendor.model import Vendor

PAGE = (Path(__file__).parents[2] / "docs/connection-file.md").read_text(encoding="utf-8")


@pytest.fixture
def documented(tmp_path: Path) -> Vendor:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example
    (tmp_path / "vendor.yaml").write_text(example.group(1), encoding="utf-8")
    (tmp_path / "person.yaml").write_text("", encoding="utf-8")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/person.schema.json").write_text('{"type": "object"}', encoding="utf-8")
    return load_vendor(tmp_path)


def test_the_example_is_a_connection_file(documented: Vendor) -> None:
    assert set(documented.objects) == {"person", "note", "visit"}
    assert set(documented.catalogues) == {"problems"}


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_kind_of_failure_is_explained(kind: str) -> None:
    assert f"`{kind}`" in PAGE


@pytest.mark.parametrize("vendor", ["connective", "heidi", "particle", "practice"])
def test_every_vendor_that_comes_along_has_a_usable_file(vendor: str) -> None:
    loaded = load_vendor(Path(__file__).parents[2] / "mappings" / vendor)
    assert loaded.name == vendor
    assert any(setting.kind == "secret" for setting in loaded.settings.values())


def test_a_purpose_of_use_is_stated_by_the_operator_and_never_by_default() -> None:
    loaded = load_vendor(Path(__file__).parents[2] / "mappings/particle")
    assert loaded.settings["purpose_of_use"].kind == "required"
    assert loaded.settings["purpose_of_use"].default is None
