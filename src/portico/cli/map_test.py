"""`portico map test`: goldens both ways, and the laws on records that nobody thought of."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portico import Json
from portico.cli.map_findings import Found
from portico.cli.map_modules import folders_named, modules_of
from portico.cli.options import taking
from portico.cli.output import FINDINGS, OK, say, show
from portico.document import dump
from portico.errors import Finding, MappingError

if TYPE_CHECKING:
    from portico.laws.fault import Fault
    from portico.mapping.conversion.context import Context
    from portico.mapping.load import ObjectModule

_REMEDY = "correct the rule or, if the module is right, the golden"


@dataclass(frozen=True)
class TestOptions:
    """What `portico map test` takes."""

    vendors: Annotated[
        list[str] | None, typer.Argument(metavar="[VENDOR]…", show_default=False)
    ] = None
    examples: Annotated[int, typer.Option(min=1, help="How many records each law is tried on.")] = (
        100
    )
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
    watch: Annotated[
        bool, typer.Option(help="Test again when a file changes, and tell what changed.")
    ] = False


@taking(TestOptions)
def test(options: TestOptions) -> None:
    """Hold every module to its goldens, both ways, and to the laws.

    Goldens are the documents in golden/. The laws (GetPut, PutGet, stability, no silent loss,
    complement, aliasing, decimals, validity) are tried on records made from the vendor's JSON
    Schema, the same each time; they need the extra portico[laws]. A law that does not hold is
    told with its rules and the smallest documents that show it, and ends with exit code 1.

    Examples: portico map test

    portico map test practice --examples 1000
    """
    folders = folders_named(options.vendors or [])
    if find_spec("hypothesis") is None:
        say("goldens only: for the laws, pip install 'portico[laws]'")
    if options.watch:
        from portico.cli.map_watch import watch

        watch(tuple(folders.values()), lambda: _findings(folders, options.examples))
    broken = 0
    told: list[Json] = []
    for folder in folders.values():
        faults = list(faults_of(folder, options.examples))
        broken += len(faults)
        told += [_entry(fault) for fault in faults]
        for line in () if options.as_json else map(_text, faults):
            typer.echo(line)
    if options.as_json:
        show(told)
    say(f"{', '.join(folders)}: {broken or 'no'} broken laws and goldens")
    raise typer.Exit(FINDINGS if broken else OK)


def faults_of(folder: Path, examples: int) -> Iterator["Fault"]:
    """All that the goldens and the laws have against a vendor's modules."""
    from portico.laws.fault import Fault
    from portico.laws.goldens import context_of, golden_faults, goldens_of
    from portico.laws.writes import read_faults, write_faults

    try:
        modules, context = modules_of(folder), context_of(folder)
    except MappingError as error:
        for each in error.findings:
            yield Fault(each.code, each.what, rules=(each.place,))
        return
    for golden in goldens_of(folder):
        if golden.object in modules:
            yield from golden_faults(modules[golden.object], golden, context)
    for module in modules.values():
        yield from read_faults(module, folder, context)
        yield from write_faults(module, folder, context)
        yield from _laws(module, context, examples)


def _laws(module: "ObjectModule", context: "Context", examples: int) -> Iterator["Fault"]:
    from portico.laws.fault import Fault

    if find_spec("hypothesis") is None:
        return
    from portico.laws.trial import law_faults, subject_of

    missing = module.catalogues - context.catalogues.keys()
    if "schema" not in module.schemas:
        say(f"{module.name}: no laws tried without a JSON Schema under vendor.schema")
    elif missing:
        what = f"no golden/{min(missing)}.catalogue.json to look things up in"
        yield Fault("catalogue", what).placed(module)
    else:
        yield from law_faults(subject_of(module, context), examples)


def _findings(folders: dict[str, Path], examples: int) -> list[Found]:
    return [
        Found(Finding(fault.law, fault.rules[0], fault.what), folder)
        for folder in folders.values()
        for fault in faults_of(folder, examples)
    ]


def _text(fault: "Fault") -> str:
    """A fault with the rest of its rules and its documents on lines of their own."""
    first, *others = fault.rules
    lines = [f"{first} {fault.law}: {fault.what}; {_REMEDY}"]
    lines += [f"    or {place}" for place in others]
    lines += [f"    {name}: {dump(document).decode()}" for name, document in fault.case]
    return "\n".join(lines)


def _entry(fault: "Fault") -> Json:
    return {
        "law": fault.law,
        "what": fault.what,
        "rules": list(map(str, fault.rules)),
        "elements": list(fault.elements),
        "members": list(fault.members),
        "documents": dict(fault.case),
    }
