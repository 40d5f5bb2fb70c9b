"""`portico map coverage`: numbers for people, for programs, for a threshold, and as a page."""

import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.vendors.loading import modules, objects

from portico.cli.map_page import coverage_page, heat_maps
from portico.mapping.checking.coverage import (
    ElementCoverage,
    MemberCoverage,
    ModuleCoverage,
    ProfileCoverage,
    cover,
)
from portico.mapping.load import find_mappings


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A vendor that no rule asks for the last name of its patients."""
    folder = tmp_path / "acme"
    shutil.copytree(find_mappings() / "practice", folder)
    (folder / "disease.yaml").unlink()
    module = folder / "patient.yaml"
    lines = module.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("  last_name:"))
    module.write_text(kept, encoding="utf-8")
    return folder


def test_every_object_has_a_line(run: Run) -> None:
    told = run("map", "coverage")

    assert told.code == 0
    names = {line.split()[0] for line in told.stdout.splitlines() if line}
    assert {f"{vendor}.{name}" for vendor, name in objects()} <= names


def test_what_is_open_is_named(run: Run, acme: Path) -> None:
    told = run("map", "coverage", "acme", PORTICO_MAPPINGS=str(acme))

    open_ends = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert "acme.patient last_name neither mapped nor dropped" in open_ends
    assert "acme.patient Patient.name.family neither filled nor absent (us-core-patient)" in (
        open_ends
    )


def test_a_minimum_that_is_not_reached_is_exit_1(run: Run, acme: Path) -> None:
    low = run("map", "coverage", "acme", "--min", "99", PORTICO_MAPPINGS=str(acme))
    enough = run("map", "coverage", "acme", "--min", "98", PORTICO_MAPPINGS=str(acme))

    assert (low.code, enough.code) == (1, 0)
    assert "acme.patient: 98.7 % of members are decided, less than 99 %" in low.stderr


def test_json_holds_every_member_and_element(run: Run) -> None:
    (told,) = run("map", "coverage", "heidi", "--json").document

    members = {each["member"]: each for each in told["members"]}
    assert told["decided"] == 100
    assert members["last_name"]["standing"] == "both"
    assert members["last_name"]["rules"][0].startswith("heidi/patient-profile.yaml:")
    assert members["patient_sex_code"]["reason"]
    assert told["profiles"][0]["elements"][0].keys() == {
        "element", "kind", "standing", "reason", "rules",
    }  # fmt: skip


class Page(HTMLParser):
    """What a browser and a screen reader are told."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    found = [cover(modules(vendor)[name]) for vendor, name in objects()]
    return Page(coverage_page(found))


def test_the_page_stands_alone(page: Page) -> None:
    assert not page.all("script")
    assert not page.all("link")
    assert not any("src" in attributes or "style" in attributes for _, attributes in page.tags)
    assert all((a["href"] or "").startswith("#") for a in page.all("a"))


def test_the_page_can_be_heard(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in head for head in page.all("th"))
    targets = {attributes.get("id") for _, attributes in page.tags}
    assert {(a["href"] or "")[1:] for a in page.all("a")} <= targets


def test_colour_is_never_the_only_sign(page: Page) -> None:
    cells = [cell for cell in page.all("td") if "cell" in (cell.get("class") or "")]
    hidden = [span for span in page.all("span") if span.get("class") == "hidden"]

    assert cells
    assert len(hidden) == len(cells)


def test_what_a_module_says_is_text(page: Page) -> None:
    element = ElementCoverage("name", "mandatory", "absent", "<script>alert(1)</script>")
    profile = ProfileCoverage("", "Patient", "us-core-patient", (element,))
    member = MemberCoverage("<b>", "dropped", "'\"&")
    shown = Page(coverage_page([ModuleCoverage("acme", "person", (member,), (profile,))]))

    assert not shown.all("script")
    assert not shown.all("b")
    assert "<script>alert(1)</script>" in shown.texts
    assert "us-core-patient" in page.texts


def test_a_heat_map_holds_all_objects_of_a_profile_against_each_other() -> None:
    found = [cover(modules(vendor)[name]) for vendor, name in objects()]
    patients = next(each for each in heat_maps(found) if each.profile == "us-core-patient")

    rows = {name: [cell.standing for cell in cells] for name, cells in patients.rows}
    assert len(patients.objects) == len(set(patients.objects)) > 1
    assert rows["name.family"] == ["both"] * len(patients.objects)


def test_the_page_is_written_where_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    told = run("map", "coverage", "practice", "--html", "page.html")

    assert (told.code, told.stdout, told.stderr) == (0, "", "wrote page.html\n")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
