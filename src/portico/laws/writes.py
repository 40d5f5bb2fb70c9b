"""What clients write: goldens changed here and there, and what each change must come to.

`golden/<object>/writes.json` is a list of

    {"case": "a relapse is active", "of": "active", "set": {"/clinicalStatus/…/code": "relapse"},
     "sent": [["update", {…}]], "report": ["changed Condition.clinicalStatus"]}

`of` is the golden whose FHIR document changes, by JSON pointers: null removes, a last `-` appends.
It is written over that golden's record, or with `"over": false` created; with `"closed": true`
where no setting of the connection opens a gate. Of a row that is several resources `part` names the
one that changes, and `empty` the members that the record then lacks. `refused` stands instead of
`sent` and `report` where the write is refused: [code, expressions] of each issue.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portico import Json, Record, Resource
from portico.document import copy, parse
from portico.errors import FhirError, VendorError
from portico.laws.documents import differing, exact
from portico.laws.fault import Fault
from portico.laws.goldens import Golden
from portico.laws.law import resource_leaves
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule
from portico.mapping.running.fan import FanModule


def write_faults(module: ObjectModule, folder: Path, context: Context) -> Iterator[Fault]:
    """What of an object's writes the module does not keep."""
    name = module.spec.object
    path = folder / "golden" / name / "writes.json"
    for entry in parse(path.read_bytes()) if path.is_file() else ():
        golden = Golden(folder, name, entry["of"])
        made = outcome(module, golden, entry, context)
        wanted = {key: entry[key] for key in ("sent", "report", "refused") if key in entry}
        if exact(made) != exact(wanted):
            paths = _elements(made, wanted, entry)
            what = f"{', '.join(differing(made, wanted)) or 'order'}: otherwise than it should be"
            law = f"write of golden {name}/{golden.case}, {entry['case']}"
            yield Fault(law, what, elements=paths).placed(module)


def outcome(module: ObjectModule, golden: Golden, entry: Json, context: Context) -> Json:
    """What a write comes to: `sent` and `report`, or `refused`."""
    resource, record = golden.resource, golden.record
    if isinstance(module, FanModule):
        resource = copy(module.resource(entry["part"], Record(record), context))
    record = {name: value for name, value in record.items() if name not in entry.get("empty", ())}
    for pointer, value in entry["set"].items():
        _set(resource, pointer, value)
    base = Record(record) if entry.get("over", True) else None
    context = replace(context, all_settings=not entry.get("closed", False))
    try:
        change = module.to_vendor(Resource(resource), base, context)
    except (FhirError, VendorError) as error:
        return {"refused": [[issue.code, list(issue.expression)] for issue in error.issues]}
    report = [f"{loss.kind} {loss.expression}" for loss in change.report]
    return {"sent": [[step.operation, step.body] for step in change.steps], "report": report}


def read_faults(module: ObjectModule, folder: Path, context: Context) -> Iterator[Fault]:
    """What of an object's reads (`reads.json`) the module does not keep.

    An entry has `case`, `of` and `set` as above, for the golden's record; `gone` and `new` are the
    [element, value] that its resource then lacks and has; `unreadable` stands instead of them.
    """
    name = module.spec.object
    path = folder / "golden" / name / "reads.json"
    for entry in parse(path.read_bytes()) if path.is_file() else ():
        golden = Golden(folder, name, entry["of"])
        made = difference(module, golden, entry, context)
        if exact(made) != exact({key: entry[key] for key in made if key in entry}):
            members = tuple(".".join(filter(_is_name, way.split("/"))) for way in entry["set"])
            law = f"read of golden {name}/{golden.case}, {entry['case']}"
            yield Fault(law, "another resource", members=members).placed(module)


def difference(module: ObjectModule, golden: Golden, entry: Json, context: Context) -> Json:
    """What a record with changes reads as, apart from what its golden reads as."""
    record = golden.record
    for pointer, value in entry["set"].items():
        _set(record, pointer, value)
    try:
        made = module.to_fhir(Record(record), context)
    except VendorError:
        return {"unreadable": True}
    before, after = resource_leaves(golden.resource), resource_leaves(made)
    return {
        "gone": [[path, text.decode()] for path, text in sorted((before - after).elements())],
        "new": [[path, text.decode()] for path, text in sorted((after - before).elements())],
    }


def _elements(made: Json, wanted: Json, entry: Json) -> tuple[str, ...]:
    """The elements that a write is about: those that it sets, and those that are told of."""
    told = {line.partition(" ")[2] for each in (made, wanted) for line in each.get("report", ())}
    ways = (pointer.split("/") for pointer in entry["set"])
    return (*sorted(told), *(".".join(filter(_is_name, way)) for way in ways))


def _set(document: Json, pointer: str, value: Json) -> None:
    *way, last = pointer.split("/")[1:]
    for step in way:
        if isinstance(document, list):
            document = document[int(step)]
        else:
            document = document.setdefault(step, {})
    if isinstance(document, list):
        if last == "-":
            document.append(copy(value))
        elif value is None:
            del document[int(last)]
        else:
            document[int(last)] = copy(value)
    elif value is None:
        document.pop(last, None)
    else:
        document[last] = copy(value)


def _is_name(step: str) -> bool:
    return step != "-" and not step.isdigit()
