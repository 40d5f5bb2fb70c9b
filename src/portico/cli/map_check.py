"""`portico map check`: all that can be known to be wrong before a record comes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from portico.cli.map_findings import Format, Found, render
from portico.cli.map_modules import folders_named
from portico.cli.options import taking
from portico.cli.output import FINDINGS, OK, say
from portico.errors import Finding, MappingError


@dataclass(frozen=True)
class CheckOptions:
    """What `portico map check` takes."""

    vendors: Annotated[
        list[str] | None, typer.Argument(metavar="[VENDOR]…", show_default=False)
    ] = None
    form: Annotated[
        Format | None,
        typer.Option("--format", help="github by itself where GITHUB_ACTIONS is true, else text."),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False
    watch: Annotated[
        bool, typer.Option(help="Check again when a file changes, and tell what changed.")
    ] = False


@taking(CheckOptions)
def check(options: CheckOptions) -> None:
    """Check vendor folders: connection files, rules, code tables, totality.

    Without VENDOR all are checked. Findings end with exit code 1. As `github` each finding is an
    annotation at its line.

    Examples: portico map check

    portico map check practice --json
    """
    folders = folders_named(options.vendors or [])
    if options.watch:
        from portico.cli.map_watch import watch

        watch(tuple(folders.values()), lambda: list(_check_all(folders)))
    found = list(_check_all(folders))
    render(found, _format(options))
    say(f"{', '.join(folders)}: {len(found) or 'no'} findings")
    raise typer.Exit(FINDINGS if found else OK)


def _format(options: CheckOptions) -> Format:
    if options.as_json:
        return "json"
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    return options.form or ("github" if in_actions else "text")


def _check_all(folders: dict[str, Path]) -> Iterator[Found]:
    for folder in folders.values():
        yield from (Found(finding, folder) for finding in check_vendor(folder))


def check_vendor(folder: Path) -> tuple[Finding, ...]:
    """Findings of the connection file and of the modules; neither hides the other's."""
    from portico.bootstrap.modules import shared_terminology
    from portico.mapping.checking.check import check_file
    from portico.mapping.checking.ids import ambiguous_ids
    from portico.mapping.load import module_files
    from portico.vendor.agreement import disagreements
    from portico.vendor.connection_file import load_vendor

    terminology = shared_terminology()
    checked = [check_file(path, terminology) for path in module_files(folder)]
    modules = [module for module, _ in checked if module]
    found = [finding for _, findings in checked for finding in findings]
    found += ambiguous_ids(modules)
    try:
        vendor = load_vendor(folder)
        found.extend(disagreements(vendor, {one.spec.object: one for one in modules}))
    except MappingError as error:
        found.extend(error.findings)
    return tuple(sorted(found, key=lambda finding: finding.place))
