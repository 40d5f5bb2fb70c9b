"""The page of `portico map coverage --html`: one file, no script, nothing fetched."""

from dataclasses import dataclass
from importlib.resources import files

from portico.mapping.checking.coverage import ElementCoverage, ModuleCoverage
from portico.mapping.conversion.template import render_page

_WORDS = {
    "both": ("●", "both ways"),
    "lossy": ("◐", "both ways, in another form that means the same"),
    "to-fhir": ("→", "to FHIR only"),
    "to-vendor": ("←", "to the vendor only"),
    "dropped": ("○", "dropped, with a reason"),
    "absent": ("○", "declared absent, with a reason"),
    "unmapped": ("✕", "neither mapped nor dropped"),
    "missing": ("✕", "neither filled nor absent"),
}


@dataclass(frozen=True)
class HeatMap:
    """One profile: its elements down, the objects held against it across."""

    profile: str
    objects: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ElementCoverage, ...]], ...]


def coverage_page(found: list[ModuleCoverage]) -> str:
    """The page as HTML."""
    template = files("portico.cli").joinpath("templates/coverage.html").read_text(encoding="utf-8")
    return render_page(template, modules=found, maps=list(heat_maps(found)), words=_WORDS)


def heat_maps(found: list[ModuleCoverage]) -> tuple[HeatMap, ...]:
    """One heat map for each profile, in the order of their names."""
    names = sorted({profile.profile for each in found for profile in each.profiles})
    return tuple(_heat_map(name, found) for name in names)


def _heat_map(name: str, found: list[ModuleCoverage]) -> HeatMap:
    held = {
        f"{each.vendor}.{each.object} {profile.part}".rstrip(): profile
        for each in found
        for profile in each.profiles
        if profile.profile == name
    }
    across = zip(*(profile.elements for profile in held.values()), strict=True)
    rows = tuple((elements[0].element, elements) for elements in across)
    return HeatMap(name, tuple(held), rows)
