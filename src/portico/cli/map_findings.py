"""Findings for people, for programs, and for the lines of a pull request."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import typer

from portico import Json
from portico.cli.output import show
from portico.errors import Finding

Format: TypeAlias = Literal["text", "json", "github"]


@dataclass(frozen=True)
class Found:
    """A finding and the vendor's folder that it was made in."""

    finding: Finding
    folder: Path

    @property
    def path(self) -> str:
        """The finding's file as seen from the working directory."""
        return os.path.relpath(self.folder.parent / self.finding.place.file)


def render(found: list[Found], form: Format) -> None:
    """Print findings on stdout."""
    if form == "json":
        show([_entry(each.finding) for each in found])
        return
    for each in found:
        typer.echo(_annotation(each) if form == "github" else str(each.finding))


def _entry(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "what": finding.what,
        "remedy": finding.remedy,
    }


def _annotation(each: Found) -> str:
    """A workflow command of GitHub Actions (docs.github.com: workflow-commands, error message)."""
    finding = each.finding
    place = finding.place
    properties = {"file": each.path, "line": place.line, "col": place.column, "title": finding.code}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = finding.what + (f"; {finding.remedy}" if finding.remedy else "")
    return f"::error {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
