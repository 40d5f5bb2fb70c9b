"""The page about the mapping language is true: each example on it is loaded and converted."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico import Record, Resource
from portico.document import parse
from portico.errors import FhirError, MappingError, PorticoError, VendorError
from portico.mapping.checking.check import check_module
from portico.mapping.conversion.catalogue import Catalogue, CatalogueEntry
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.converter import CONVERTERS, GATES
from portico.mapping.language.source import parse_yaml
from portico.mapping.language.terminology import Terminology, load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_module, load_vendor_modules
from portico.mapping.running.change import Change
from portico.mapping.running.fan import FanModule

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "mappings" / "README.md").read_text(encoding="utf-8")
ASTHMA = CatalogueEntry("d1", "Asthma", (("http://hl7.org/fhir/sid/icd-10-cm", "J45.909", None),))
CONTEXT = Context(catalogues={"terms": Catalogue([ASTHMA])}, all_settings=True)
TABLE = "codes: {T: {system: 'urn:t', map: {M: male, F: female, X: other, U: unknown}}}\n"


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands after the fence's language, and its text."""

    title: str
    text: str
    line: int

    @property
    def conversions(self) -> list[str]:
        return re.findall(r"^# ((?:\{|over ).*)$", self.text, re.MULTILINE)


def blocks(language: str) -> Iterator[Block]:
    for found in re.finditer(rf"^```{language} ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        yield Block(found[1], found[2], PAGE[: found.start()].count("\n") + 1)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = PAGE.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def code(cell: str) -> str:
    return cell.strip("`").replace("\\|", "|")


def cases() -> list[object]:
    return [
        pytest.param(block, conversion, id=f"line {block.line}: {conversion[:60]}")
        for block in blocks("yaml")
        for conversion in block.conversions
    ]


@pytest.fixture(scope="module")
def terminology() -> Terminology:
    return load_terminology(find_mappings() / "terminology")


@dataclass(frozen=True)
class Bench:
    """Where the page's modules are loaded."""

    folder: Path
    terminology: Terminology

    def module(self, text: str) -> ObjectModule:
        """A module of which the page shows only a part."""
        given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
        frame = {"portico": "1", "module": "example", "resource": "Patient", "vendor": "{}"}
        frame |= {"on_loss": "warn"}
        head = "".join(f"{key}: {value}\n" for key, value in frame.items() if key not in given)
        path = self.folder / "example.yaml"
        path.write_text(head + text, encoding="utf-8")
        return load_module(path, self.terminology)

    def of_rule(self, rule: str) -> ObjectModule:
        return self.module(f"{TABLE}systems: {{local: 'urn:local'}}\nrules:\n  {rule}\n")


@pytest.fixture
def bench(tmp_path: Path, terminology: Terminology) -> Bench:
    return Bench(tmp_path, terminology)


def resource(module: ObjectModule, document: str) -> Resource:
    return Resource({"resourceType": module.resource_types[0], **parse(document.encode())})


def record(document: str) -> Record:
    return Record(parse(document.encode()))


def requests(change: Change) -> str:
    return "; ".join(f"{step.operation} {json.dumps(step.body)}" for step in change.steps)


def assert_read(module: ObjectModule, left: str, right: str) -> None:
    assert module.to_fhir(record(left), CONTEXT) == resource(module, right)


def assert_written(module: ObjectModule, left: str, right: str) -> None:
    assert module.to_vendor(resource(module, right), None, CONTEXT).record == record(left)


def assert_nothing_lost(module: ObjectModule, right: str) -> None:
    report = module.to_vendor(resource(module, right), None, CONTEXT).report
    assert not {loss.kind for loss in report} & {"lost", "changed"}


def assert_refused(module: ObjectModule, base: str | None, right: str, expected: str) -> None:
    with pytest.raises(FhirError, match=expected):
        module.to_vendor(resource(module, right), record(base) if base else None, CONTEXT)


@pytest.mark.parametrize(("block", "conversion"), cases())
def test_examples_convert_as_the_page_says(bench: Bench, block: Block, conversion: str) -> None:
    module = bench.module(block.text)
    if over := re.fullmatch(r"over (\{.*\}), (\{.*\}): ?(.*)", conversion):
        base, sent, expected = over.groups()
        if expected.startswith("refused "):
            assert_refused(module, base, sent, expected.removeprefix("refused "))
            return
        change = module.to_vendor(resource(module, sent), record(base), CONTEXT)
        assert requests(change) == expected
    elif refused := re.fullmatch(r"(\{.*\}) refused (\w+)", conversion):
        assert_refused(module, None, refused[1], refused[2])
    elif reported := re.fullmatch(r"(\{.*\}) reports (\S+) (\S+)", conversion):
        change = module.to_vendor(resource(module, reported[1]), None, CONTEXT)
        assert [(loss.kind, loss.expression) for loss in change.report] == [reported.groups()[1:]]
    else:
        left, arrow, right = re.split(r" (<->|->|<-) ", conversion)
        if arrow != "<-":
            assert_read(module, left, right)
        if arrow != "->":
            assert_written(module, left, right)
        if arrow == "<->":
            assert_nothing_lost(module, right)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """The page's whole files as vendor folders."""
    for block in (*blocks("yaml"), *blocks("json")):
        if "/" in block.title:
            path = tmp_path / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("pair", [block for block in blocks("json") if "/" not in block.title])
def test_whole_modules_make_the_record_and_the_resource_of_each_other(
    pair: Block, folders: Path, terminology: Terminology
) -> None:
    vendor, name = pair.title.split(".")
    module = load_vendor_modules(folders / vendor, terminology)[name]
    shown = parse(pair.text.encode())
    converted = module.to_fhir(Record(shown["record"]), CONTEXT)
    change = module.to_vendor(Resource(shown["resource"]), None, CONTEXT)
    assert_same(converted, shown["resource"])
    assert change.record == {k: v for k, v in shown["record"].items() if k != "key"}
    assert {loss.kind for loss in change.report} <= {"read-only"}
    assert_unchanged(module, converted, Record(shown["record"]))


def assert_unchanged(module: ObjectModule, converted: Resource, stored: Record) -> None:
    """What was read changes nothing; the resources of a row are written one by one."""
    row = isinstance(module, FanModule)
    for one in [entry["resource"] for entry in converted["entry"]] if row else [converted]:
        assert module.to_vendor(Resource(one), stored, CONTEXT).steps == ()


def assert_same(made: Resource, shown: Resource) -> None:
    """Equal, whatever the entries of a Bundle are called."""
    names: dict[str, str] = {}
    for one, other in zip(made.get("entry", ()), shown.get("entry", ()), strict=True):
        if "fullUrl" in one:
            names[one["fullUrl"]] = other["fullUrl"]
    text = json.dumps(made)
    for found, name in names.items():
        text = text.replace(found, name)
    assert json.loads(text) == shown


def test_the_first_module_has_no_findings(folders: Path, terminology: Terminology) -> None:
    assert check_module(load_module(folders / "clinic" / "patient.yaml", terminology)) == ()


@pytest.mark.parametrize("row", rows("## FHIR paths"), ids=lambda row: row[0])
def test_paths_build_what_the_page_says(row: list[str], bench: Bench) -> None:
    path, _, built = row
    module = bench.of_rule(f'v: "{code(path)}"')
    assert_read(module, '{"v": "1"}', code(built))
    assert_written(module, '{"v": "1"}', code(built))


@pytest.mark.parametrize("row", rows("## Converters"), ids=lambda row: row[0])
def test_converters_convert_as_the_page_says(row: list[str], bench: Bench) -> None:
    call, path, left, right = map(code, row[:4])
    vendor = parse(left.encode())
    names = list("abcde"[: len(vendor)]) if isinstance(vendor, list) and call != "lines" else ["a"]
    kind, _, inner = path.partition(".") if path[0].isupper() else ("Patient", "", path)
    path = inner
    given = dict(zip(names, vendor if len(names) > 1 else [vendor], strict=True))
    module = bench.module(
        f"resource: {kind}\n{TABLE}systems: {{local: 'urn:local'}}\n"
        f"rules:\n  {' + '.join(names)}: {path} | {call}\n"
    )
    source = bench.module(f"resource: {kind}\nrules: {{v: '{path.removeprefix('<- ')}'}}\n")
    made = source.to_fhir(Record({"v": parse(right.encode())}), CONTEXT)
    kept = {name: value for name, value in given.items() if value is not None}
    if not path.startswith("<- "):
        assert module.to_fhir(Record(kept), CONTEXT) == made
    if path != "id":
        assert module.to_vendor(made, None, CONTEXT).record == kept


def test_gates_read_and_write_only_where_the_setting_is_on(bench: Bench) -> None:
    reading = bench.of_rule("born: birthDate | reads-if show")
    writing = bench.of_rule("born: birthDate | writes-if send")
    sent = resource(reading, '{"birthDate": "1980-12-10"}')
    assert "birthDate" not in reading.to_fhir(Record({"born": "1980-12-10"}), Context())
    assert reading.to_vendor(sent, None, Context()).record == {"born": "1980-12-10"}
    assert writing.to_fhir(Record({"born": "1980-12-10"}), Context()) == sent
    change = writing.to_vendor(sent, None, Context())
    assert change.record == {}
    assert [loss.kind for loss in change.report] == ["lost"]


def test_every_converter_stands_on_the_page() -> None:
    shown = [word for row in rows("## Converters") for word in code(row[0]).split(" | ")]
    assert {call.split()[0] for call in shown} == {*CONVERTERS, *GATES}


def test_every_finding_and_refusal_stands_on_the_page_and_no_other() -> None:
    sources = (ROOT / "src" / "portico" / "mapping").rglob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    raised = set(re.findall(r'"(E\d{3})"', text)) | set(re.findall(r"(R4\d\d)\b", text))
    cells = [cell for row in rows("## Findings and refusals") for cell in row]
    shown = {cell for cell in cells if re.fullmatch(r"[ER]\d{3}", cell)}
    assert shown == raised


def test_a_vendor_code_that_the_table_lacks_is_unreadable(bench: Bench) -> None:
    module = bench.of_rule("sex: gender | code T")
    with pytest.raises(VendorError, match="R400"):
        module.to_fhir(Record({"sex": "?"}), CONTEXT)


OLD = [{"city": "A", "period": {"end": "2001"}}, {"city": "B", "use": "old"}, {"city": "C"}]


def test_old_entries_of_a_list_are_not_written_as_current(bench: Bench) -> None:
    module = bench.of_rule("places[]: {each: address, rules: {city: city}}")
    change = module.to_vendor(resource(module, json.dumps({"address": OLD})), None, CONTEXT)
    assert change.record == {"places": [{"city": "C"}]}
    assert {loss.kind for loss in change.report} == {"lost"}


def test_old_entries_of_a_list_are_written_where_the_rules_can_say_so(bench: Bench) -> None:
    module = bench.of_rule("places[]: {each: address, rules: {city: city, use: use}}")
    change = module.to_vendor(resource(module, json.dumps({"address": OLD})), None, CONTEXT)
    assert change.record == {"places": [{"city": "B", "use": "old"}, {"city": "C"}]}


@pytest.mark.parametrize("text", ["a: &b 1", "a: [*b]", "a: !!str 1", "a: !b 1"])
def test_anchors_aliases_and_tags_are_refused(text: str) -> None:
    with pytest.raises(MappingError, match="E100 anchors"):
        parse_yaml(text, "example.yaml")


@pytest.mark.parametrize(
    ("rule", "sent"),
    [
        ("born: birthDate | date", '{"birthDate": "1980-12"}'),
        ("died: deceasedDateTime | instant", '{"deceasedDateTime": "2024-05-01"}'),
        ("photo: photo[0].data | base64", '{"photo": [{"data": "/w=="}]}'),
    ],
)
def test_values_that_the_page_calls_refused_are_refused(rule: str, sent: str, bench: Bench) -> None:
    with pytest.raises(PorticoError, match="R401"):
        bench.of_rule(f"{rule}").to_vendor(resource(bench.of_rule(rule), sent), None, CONTEXT)
