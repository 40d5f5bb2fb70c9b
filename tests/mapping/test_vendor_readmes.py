"""Each vendor's page names what its modules leave out, and a connection that can be configured."""

import re
import tomllib
from pathlib import Path

import pytest

from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_vendor_modules
from portico.settings import ConnectionSettings
from portico.vendor.connecting import complete_settings
from portico.vendor.connection_file import load_vendor

MAPPINGS = find_mappings()
TERMINOLOGY = load_terminology(MAPPINGS / "terminology")
VENDORS = [path.parent for path in sorted(MAPPINGS.glob("*/vendor.yaml"))]
OF_VENDOR = pytest.mark.parametrize("folder", VENDORS, ids=lambda folder: folder.name)


def page(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def modules(folder: Path) -> list[ObjectModule]:
    return list(load_vendor_modules(folder, TERMINOLOGY).values())


@OF_VENDOR
def test_the_page_names_every_dropped_member(folder: Path) -> None:
    dropped = {
        name for module in modules(folder) for names in module.spec.drop.values() for name in names
    }
    assert [name for name in sorted(dropped) if f"`{name}`" not in page(folder)] == []


@OF_VENDOR
def test_the_page_names_every_must_support_element_that_is_absent(folder: Path) -> None:
    parts = [part for module in modules(folder) for part in module.spec.parts]
    absent = {name for part in parts for names in part.absent.values() for name in names}
    missing = [name for name in sorted(absent) if not re.search(rf"\b{name}\b", page(folder))]
    assert missing == []


@OF_VENDOR
def test_the_page_names_every_object_and_type(folder: Path) -> None:
    named = page(folder)
    for module in modules(folder):
        assert f"| {module.spec.object} |" in named
        assert all(kind in named for kind in module.resource_types)


@OF_VENDOR
def test_the_connection_of_the_page_is_complete_and_shows_every_setting(folder: Path) -> None:
    snippet = page(folder).partition("```toml\n")[2].partition("```")[0]
    given = ConnectionSettings.model_validate(tomllib.loads(snippet)["connections"][folder.name])
    vendor = load_vendor(folder)
    chosen = {"base_url": given.base_url, "environment": given.environment, **given.declared}
    complete = complete_settings(vendor, {name: text for name, text in chosen.items() if text})
    assert vendor.settings.keys() <= complete.keys()


@OF_VENDOR
def test_every_setting_that_gates_a_rule_can_be_set(folder: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")]
    gates = set(re.findall(r"\| (?:reads|writes)-if (\w+)", "".join(texts)))
    assert gates <= load_vendor(folder).settings.keys()
