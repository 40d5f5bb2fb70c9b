"""Goldens: a vendor's documents beside the FHIR documents that they must become.

`golden/<object>/<case>.vendor.json` and `.fhir.json`; `.sent.json` holds the requests of a create
as [operation, body], or `.refused.json` [code, expressions] of each issue that refuses it;
`golden/<object>/writes.json` what clients change of those documents (see `writes`).
`golden/<catalogue>.catalogue.json` holds a catalogue's entries as the vendor answers them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from portico import Json
from portico.document import parse
from portico.errors import FhirError, PorticoError, VendorError
from portico.fhir.structure import structure_issues
from portico.laws.documents import differing, exact
from portico.laws.fault import BrokenLawError, Fault
from portico.laws.law import get_put
from portico.laws.told import filled, resources_of, sent, singles, told
from portico.mapping.conversion.catalogue import Catalogue
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule
from portico.mapping.running.fan import FanModule
from portico.vendor.catalogue_entry import entry_of
from portico.vendor.connection_file import load_vendor

_CATALOGUE = ".catalogue.json"
_RECORD = ".vendor.json"


@dataclass(frozen=True)
class Golden:
    """One case of one object in a vendor's folder."""

    folder: Path
    object: str
    case: str

    @property
    def vendor(self) -> str:
        return self.folder.name

    @property
    def name(self) -> str:
        return f"{self.vendor}-{self.object}-{self.case}"

    @property
    def record(self) -> Json:
        return self._document("vendor")

    @property
    def resource(self) -> Json:
        return self._document("fhir")

    @property
    def refused(self) -> Json:
        """The issues of a create, as [code, expressions]; None where it is not refused."""
        return self._document("refused") if self._path("refused").is_file() else None

    @property
    def sent(self) -> Json:
        """The requests of a create, as [operation, body]; None where no file says."""
        return self._document("sent") if self._path("sent").is_file() else None

    def _document(self, kind: str) -> Json:
        return parse(self._path(kind).read_bytes())

    def _path(self, kind: str) -> Path:
        return self.folder / "golden" / self.object / f"{self.case}.{kind}.json"


def goldens_of(folder: Path) -> Iterator[Golden]:
    """All goldens of a vendor's folder, in the order of their names."""
    for path in sorted(folder.glob(f"golden/*/*{_RECORD}")):
        yield Golden(folder, path.parent.name, path.name.removesuffix(_RECORD))


def context_of(folder: Path) -> Context:
    """Every gated rule on, and the vendor's catalogues from its goldens.

    Raises MappingError for a connection file that cannot be read.
    """
    files = {
        path.name.removesuffix(_CATALOGUE): path for path in folder.glob(f"golden/*{_CATALOGUE}")
    }
    sources = load_vendor(folder).catalogues if files else {}
    catalogues = {
        name: Catalogue(
            entry_of(sources[name], str(sources[name].key.first(item)), item)
            for item in parse(path.read_bytes())
        )
        for name, path in files.items()
        if name in sources
    }
    return Context(all_settings=True, catalogues=catalogues)


def golden_faults(module: ObjectModule, golden: Golden, context: Context) -> Iterator[Fault]:
    """What of a golden the module does not keep, with the rules that it is about."""
    for check in (_reads, _over_itself, _creates, _valid):
        for fault in check(module, golden, context):
            named = replace(fault, law=f"{fault.law} of golden {golden.object}/{golden.case}")
            yield replace(named.placed(module), case=())


def _reads(module: ObjectModule, golden: Golden, context: Context) -> Iterator[Fault]:
    try:
        made = module.to_fhir(golden.record, context)
    except PorticoError as error:
        yield _refusal("to_fhir", error)
        return
    if exact(made) != exact(golden.resource):
        paths = differing(made, golden.resource, golden.resource["resourceType"])
        yield Fault("to_fhir", f"another resource: {_listed(paths)}", elements=paths)


def _over_itself(module: ObjectModule, golden: Golden, context: Context) -> Iterator[Fault]:
    try:
        for single in singles(module):
            get_put(single, golden.record, context)
        resources = resources_of(module, golden.resource)
        changes = [module.to_vendor(one, golden.record, context) for one in resources]
    except BrokenLawError as error:
        yield error.fault
        return
    except PorticoError as error:
        yield _refusal("to_vendor", error)
        return
    for step in (step for change in changes for step in change.steps):
        members = tuple(step.body)
        yield Fault("to_vendor", f"sends {_listed(members)} unasked", members=members)


def _creates(module: ObjectModule, golden: Golden, context: Context) -> Iterator[Fault]:
    """A create sends all of the record that the module does not declare otherwise.

    Where the vendor makes no rows, a new resource fills one, as `writes.json` shows.
    """
    if isinstance(module, FanModule) and "create" not in module.schemas:
        return
    try:
        change = module.to_vendor(golden.resource, None, context)
    except FhirError as error:
        found = [[issue.code, list(issue.expression)] for issue in error.issues]
        if found != golden.refused:
            yield _refusal("create", error)
        return
    except VendorError as error:
        yield _refusal("create", error)
        return
    if golden.refused is not None:
        yield Fault("create", "is not refused, as it should be")
    body, expected = sent(module, change), told(module, golden.record)
    extra = {name: body[name] for name in filled(module) if name in body and name not in expected}
    if exact(body) != exact(expected | extra):
        paths = differing(body, expected | extra)
        yield Fault("create", f"another request: {_listed(paths)}", members=paths)
    steps = [[step.operation, step.body] for step in change.steps]
    if golden.sent is not None and exact(steps) != exact(golden.sent):
        paths = differing([one for _, one in steps], [one for _, one in golden.sent])
        yield Fault("create", f"sends something else: {_listed(paths)}", members=paths)
    lost = [loss for loss in change.report if loss.kind not in {"read-only", "added"}]
    if lost:
        paths = tuple(loss.expression for loss in lost)
        yield Fault("create", f"reports {_listed(paths)}", elements=paths)


def _valid(_module: ObjectModule, golden: Golden, _context: Context) -> Iterator[Fault]:
    issues = tuple(structure_issues(golden.resource["resourceType"], golden.resource))
    if issues:
        yield Fault("R4", "; ".join(issue.diagnostics for issue in issues))


def _refusal(law: str, error: PorticoError) -> Fault:
    elements = tuple(path for issue in error.issues for path in issue.expression)
    return Fault(law, f"refused: {error}", elements=elements)


def _listed(paths: tuple[str, ...]) -> str:
    return ", ".join(paths) or "nothing but the order of entries"
