"""`portico map`: mapping modules, checked."""

from pathlib import Path
from typing import Annotated

import typer

from portico import Json
from portico.cli.output import FINDINGS, say, show
from portico.errors import Finding, MappingError

map_commands = typer.Typer(name="map", help="Check mapping modules.", no_args_is_help=True)


@map_commands.callback()
def map_group() -> None:
    """Check mapping modules."""


@map_commands.command()
def check(
    vendors: Annotated[
        list[str] | None, typer.Argument(metavar="[VENDOR]…", show_default=False)
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False,
) -> None:
    """Check vendor folders: connection files, rules, code tables, totality.

    Without VENDOR all are checked. Findings end with exit code 1.

    Examples: portico map check

    portico map check practice --json
    """
    folders = _folders(vendors or [])
    findings = [finding for folder in folders.values() for finding in _check(folder)]
    if as_json:
        show([_entry(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(str(finding))
    say(f"{', '.join(folders)}: {len(findings) or 'no'} findings")
    raise typer.Exit(FINDINGS if findings else 0)


def _folders(vendors: list[str]) -> dict[str, Path]:
    from portico.bootstrap.modules import UnknownNameError, folder_of, vendor_folders
    from portico.settings import load_settings

    folders = vendor_folders(load_settings().mappings)
    try:
        return {name: folder_of(name, folders) for name in vendors or sorted(folders)}
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error


def _check(folder: Path) -> tuple[Finding, ...]:
    """Findings of the connection file and of the modules; neither hides the other's."""
    from portico.bootstrap.modules import shared_terminology
    from portico.mapping.load import load_vendor_modules
    from portico.vendor.connection_file import load_vendor

    found: list[Finding] = []
    for read in (
        lambda: load_vendor(folder),
        lambda: load_vendor_modules(folder, shared_terminology()),
    ):
        try:
            read()
        except MappingError as error:
            found.extend(error.findings)
    return tuple(sorted(found, key=lambda finding: finding.place))


def _entry(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "what": finding.what,
        "remedy": finding.remedy,
    }
