"""`portico map coverage`: how much of the vendors' members and of the profiles is decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portico import Json
from portico.cli.map_modules import folders_named, modules_of
from portico.cli.map_table import columns
from portico.cli.options import taking
from portico.cli.output import FINDINGS, OK, say, show

if TYPE_CHECKING:
    from portico.mapping.checking.coverage import ModuleCoverage, ProfileCoverage

_MEMBERS = ("both", "to-fhir", "to-vendor", "dropped", "unmapped")
_ELEMENTS = ("both", "lossy", "to-fhir", "to-vendor", "absent", "missing")


@dataclass(frozen=True)
class CoverageOptions:
    """What `portico map coverage` takes."""

    vendors: Annotated[
        list[str] | None, typer.Argument(metavar="[VENDOR]…", show_default=False)
    ] = None
    minimum: Annotated[
        float,
        typer.Option(
            "--min", min=0, max=100, help="Exit 1 where fewer percent of members are decided."
        ),
    ] = 0
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every member.")] = False
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with a heat map.")
    ] = None


@taking(CoverageOptions)
def coverage(options: CoverageOptions) -> None:
    """Tell what is mapped: each vendor's members, and the elements that US Core wants.

    A member is mapped both ways or one way, dropped with a reason, or unmapped. An element is
    filled both ways, both ways but in another form (lossy), one way, declared absent, or missing.

    Examples: portico map coverage

    portico map coverage practice --min 100

    portico map coverage --html coverage.html
    """
    from portico.mapping.checking.coverage import cover

    folders = folders_named(options.vendors or [])
    found = [cover(module) for folder in folders.values() for module in modules_of(folder).values()]
    if options.html:
        from portico.cli.map_page import coverage_page

        options.html.write_text(coverage_page(found), encoding="utf-8")
        say(f"wrote {options.html}")
    elif options.as_json:
        show([_entry(each) for each in found])
    else:
        for line in _lines(found):
            typer.echo(line)
    raise typer.Exit(FINDINGS if _below(found, options.minimum) else OK)


def _below(found: "list[ModuleCoverage]", minimum: float) -> bool:
    """Whether an object is less decided than it has to be; each one is told."""
    low = [each for each in found if each.decided < minimum]
    for each in low:
        say(f"{_name(each)}: {each.decided} % of members are decided, less than {minimum:g} %")
    return bool(low)


def _lines(found: "list[ModuleCoverage]") -> Iterator[str]:
    head = ("object", "members", *_MEMBERS, "decided")
    yield from columns(head, [_member_row(each) for each in found])
    rows = [_profile_row(each, profile) for each in found for profile in each.profiles]
    if rows:
        yield ""
        yield from columns(("object", "profile", "elements", *_ELEMENTS, "answered"), rows)
    open_ends = [line for each in found for line in _open(each)]
    if open_ends:
        yield ""
        yield from columns(("object", "open", ""), open_ends)


def _member_row(each: "ModuleCoverage") -> tuple[str, ...]:
    counts = Counter[str](member.standing for member in each.members)
    shown = [str(counts[standing]) for standing in _MEMBERS]
    return (_name(each), str(len(each.members)), *shown, f"{each.decided} %")


def _profile_row(each: "ModuleCoverage", profile: "ProfileCoverage") -> tuple[str, ...]:
    counts = Counter[str](element.standing for element in profile.elements)
    shown = [str(counts[standing]) for standing in _ELEMENTS]
    name = f"{_name(each)} {profile.part}".rstrip()
    total = str(len(profile.elements))
    return (name, profile.profile, total, *shown, f"{profile.answered} %")


def _open(each: "ModuleCoverage") -> Iterator[tuple[str, ...]]:
    for member in each.members:
        if member.standing == "unmapped":
            yield _name(each), member.member, "neither mapped nor dropped"
    for profile in each.profiles:
        for element in profile.elements:
            if element.standing == "missing":
                name = f"{profile.type}.{element.element}"
                yield _name(each), name, f"neither filled nor absent ({profile.profile})"


def _name(each: "ModuleCoverage") -> str:
    return f"{each.vendor}.{each.object}"


def _entry(each: "ModuleCoverage") -> Json:
    return {
        "vendor": each.vendor,
        "object": each.object,
        "decided": each.decided,
        "mapped": each.mapped,
        "answered": each.answered,
        "members": [
            {
                "member": member.member,
                "standing": member.standing,
                "reason": member.reason or None,
                "rules": list(map(str, member.rules)),
            }
            for member in each.members
        ],
        "profiles": [_profile_entry(profile) for profile in each.profiles],
    }


def _profile_entry(profile: "ProfileCoverage") -> Json:
    return {
        "part": profile.part or None,
        "type": profile.type,
        "profile": profile.profile,
        "answered": profile.answered,
        "elements": [
            {
                "element": element.element,
                "kind": element.kind,
                "standing": element.standing,
                "reason": element.reason or None,
                "rules": list(map(str, element.rules)),
            }
            for element in profile.elements
        ],
    }
