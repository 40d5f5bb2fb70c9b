"""`--watch`: look again whenever a file of a vendor's folder changes, and say what is new."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import typer

from portico.cli.map_findings import Found
from portico.cli.output import say

_PAUSE_SECONDS = 0.3

Snapshot = dict[Path, tuple[int, int]]


def watch(folders: tuple[Path, ...], look: Callable[[], list[Found]]) -> NoReturn:
    """Print what `look` finds, then after each change of a file only the difference."""
    seen = snapshot(folders)
    found = look()
    for each in found:
        typer.echo(str(each.finding))
    _count(found)
    while True:
        time.sleep(_PAUSE_SECONDS)
        now = snapshot(folders)
        if now != seen:
            seen, before, found = now, found, look()
            for line in difference(before, found):
                typer.echo(line)
            _count(found)


def snapshot(folders: tuple[Path, ...]) -> Snapshot:
    """When each file of the folders was last written, and how large it is."""
    return {path: stamp for folder in folders for path, stamp in _stamps(folder)}


def _stamps(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in folder.rglob("*"):
        try:
            facts = path.stat()
        except FileNotFoundError:  # gone since it was listed: editors replace files
            continue
        if path.is_file():
            yield path, (facts.st_mtime_ns, facts.st_size)


def difference(before: list[Found], after: list[Found]) -> Iterator[str]:
    """What is gone and what is new; a finding that only moved to another line is neither."""
    gone, new = (
        Counter(map(_identity, one)) - Counter(map(_identity, other))
        for one, other in ((before, after), (after, before))
    )
    yield from (f"- {each.finding}" for each in _taken(before, gone))
    yield from (f"+ {each.finding}" for each in _taken(after, new))


def _identity(each: Found) -> tuple[str, str, str]:
    return each.finding.code, each.finding.place.file, each.finding.what


def _taken(found: list[Found], wanted: Counter[tuple[str, str, str]]) -> Iterator[Found]:
    for each in found:
        if wanted[_identity(each)] > 0:
            wanted[_identity(each)] -= 1
            yield each


def _count(found: list[Found]) -> None:
    say(f"{len(found) or 'no'} findings; watching, Ctrl-C ends")
