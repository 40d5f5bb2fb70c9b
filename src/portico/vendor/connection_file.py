"""The connection file `vendor.yaml`: how to talk to a vendor, as data in a closed vocabulary.

    portico: 1
    vendor: acme
    title: Acme Records
    settings: {tenant: required, api_key: secret, region: {default: eu}, site: optional}
    base: https://{region}.acme.example           or `environments`, or the setting `base_url`
    environments: {staging: https://staging.acme.example}
    credential: {kind: header, name: X-Key, value: "{api_key}"}
    defaults:
      prefix: /api/{tenant}
      headers: {Accept: application/json}
      query: {api-version: "2"}
      timeout: 10s
      unwrap: data
      error: {message: [error.message], code: error.code}
      status: {409: {"STALE*": version-conflict}}
    paging: {numbered: {kind: page, page: p, size: n, max: 100, items: data, total: count}}
    objects:
      person:
        key: id
        schema: person.schema.json
        read: GET /people/{id}
        search: {request: GET /people, paging: numbered}
        create: POST /people
    catalogues: {}

`credential`, `query`, `answer`, `fault`, `pagination` and `search_parameters` each show their part
by example; docs/connection-file.md shows the whole on one page.
"""

from functools import cached_property
from pathlib import Path

from portico import Json
from portico.document import parse
from portico.errors import Finding, Findings, MappingError, Place
from portico.mapping.language.source import Node, Table, Text, read_yaml
from portico.vendor.connecting import BASE_URL
from portico.vendor.credential import query_parameters
from portico.vendor.dotted import ITSELF
from portico.vendor.fault import FaultRules
from portico.vendor.model import CatalogueSource, Setting, SettingKind, Vendor, VendorObject
from portico.vendor.reading.answers import AnswerDefaults, Schemas, read_expectations, read_faults
from portico.vendor.reading.credentials import read_credential
from portico.vendor.reading.nodes import (
    Desk,
    Rejected,
    as_dotted,
    as_seconds,
    as_text,
    as_word,
    did_you_mean,
    needed,
    rejection,
)
from portico.vendor.reading.objects import read_catalogue, read_object
from portico.vendor.reading.operations import Defaults
from portico.vendor.reading.requests import NO_PREFIX, RequestDefaults, read_pairs
from portico.vendor.schema import Schema, compile_schema

FILE_NAME = "vendor.yaml"
_KEYS = frozenset(
    {"portico", "vendor", "title", "contract", "settings", "base", "environments", "credential",
     "defaults", "paging", "objects", "catalogues"}
)  # fmt: skip
_DEFAULTS_KEYS = frozenset(
    {"prefix", "headers", "query", "timeout", "unwrap", "expect", "error", "status"}
)
_KINDS: tuple[SettingKind, ...] = ("required", "optional", "secret")


def load_vendor(folder: Path) -> Vendor:
    """Read `vendor.yaml` and the schemas that it names. Raises MappingError with all findings."""
    findings = Findings()
    try:
        root = read_yaml(folder / FILE_NAME, f"{folder.name}/{FILE_NAME}")
        vendor = _read_vendor(root, _Schemas(folder / "schemas"), Desk(findings))
    except OSError as error:
        raise MappingError(_no_file(folder)) from error
    except Rejected as rejected:
        raise MappingError(*findings.found, rejected.finding) from rejected
    _check_modules(vendor, folder, findings)
    _check_lists(vendor, findings)
    findings.raise_if_any()
    return vendor


def _check_modules(vendor: Vendor, folder: Path, findings: Findings) -> None:
    there = {path.name for path in folder.glob("*.yaml")} - {FILE_NAME}
    for thing in vendor.objects.values():
        if thing.module and thing.module not in there:
            what = f"{thing.name}: its module {thing.module} is not there"
            findings.add("C110", thing.place, what, did_you_mean(thing.module, there))
    used = {thing.module or f"{thing.name}.yaml" for thing in vendor.objects.values()}
    for name in sorted(there - used):
        what = f"no object has the module {name}"
        remedy = f"name an object '{name.removesuffix('.yaml')}', or give one 'module: {name}'"
        findings.add("C111", Place(f"{folder.name}/{FILE_NAME}"), what, remedy)


def _check_lists(vendor: Vendor, findings: Findings) -> None:
    """A list that is asked for over another object's records takes one key of theirs."""
    for search in (thing.search for thing in vendor.objects.values() if thing.search):
        over = vendor.objects.get(search.over or "")
        if search.over and (over is None or over.search is None or len(over.key) != 1):
            what = f"{search.name}: over needs an object with a list and one key"
            findings.add("C111", search.place, what, did_you_mean(search.over, vendor.objects))


def _no_file(folder: Path) -> Finding:
    return Finding("C110", Place(f"{folder.name}/{FILE_NAME}"), "the file cannot be read")


def _read_vendor(root: Node, schemas: Schemas, desk: Desk) -> Vendor:
    table = desk.table(root, "the connection file", _KEYS)
    if as_text(needed(table, "portico", "the connection file"), "portico").value != 1:
        raise rejection("C103", table.get("portico"), "this version reads 'portico: 1' only")
    settings = _settings(table.get("settings"), desk)
    optional = [s.name for s in settings.values() if s.kind == "optional" and s.default is None]
    secrets = [s.name for s in settings.values() if s.kind == "secret"]
    open_names = {*settings, BASE_URL} - {*secrets}
    for_credential = desk.with_names({*open_names, *secrets}, may_lack=optional)
    credential = read_credential(table.get("credential"), for_credential)
    desk = desk.with_names(open_names, may_lack=optional)
    desk = desk.with_secrets(secrets, query_parameters(credential))
    defaults = _defaults(table, schemas, desk)
    base, title = table.get("base"), table.get("title")
    name = as_text(needed(table, "vendor", "the connection file"), "vendor").text
    return Vendor(
        name,
        as_text(title, "title").text if title else name,
        settings,
        dict(read_pairs(table.get("environments"), "environments", desk)),
        desk.template(base, "base", required=True) if base else None,
        credential,
        _objects(needed(table, "objects", "the connection file"), defaults, desk),
        _catalogues(table.get("catalogues"), defaults, desk),
    )


def _settings(node: Node | None, desk: Desk) -> dict[str, Setting]:
    settings: dict[str, Setting] = {}
    for key, value in desk.table(node, "settings") if node else ():
        with desk.section():
            settings[key.text] = _setting(key.text, value, desk)
    return settings


def _setting(name: str, node: Node, desk: Desk) -> Setting:
    if isinstance(node, Text):
        return Setting(name, as_word(node, f"the setting {name}", _KINDS))
    table = desk.table(node, f"the setting {name}", ("default",))
    default = needed(table, "default", f"the setting {name}")
    return Setting(name, "optional", as_text(default, f"the setting {name}").text)


def _defaults(table: Table, schemas: Schemas, desk: Desk) -> Defaults:
    node, paging = table.get("defaults"), table.get("paging")
    pagings = desk.table(paging, "paging") if paging else None
    if node is None:
        return Defaults(RequestDefaults(), AnswerDefaults(), schemas, pagings)
    table = desk.table(node, "defaults", _DEFAULTS_KEYS)
    prefix, timeout, unwrap = table.get("prefix"), table.get("timeout"), table.get("unwrap")
    requests = RequestDefaults(
        desk.template(prefix, "defaults: prefix", required=True) if prefix else NO_PREFIX,
        read_pairs(table.get("headers"), "defaults: headers", desk),
        read_pairs(table.get("query"), "defaults: query", desk),
        as_seconds(timeout, "defaults: timeout") if timeout else None,
    )
    expect = table.get("expect")
    answers = AnswerDefaults(
        as_dotted(unwrap, "defaults: unwrap") if unwrap else ITSELF,
        read_expectations(expect, "defaults", desk) if expect else (),
        read_faults(table, "defaults", FaultRules(), desk),
    )
    return Defaults(requests, answers, schemas, pagings)


def _objects(node: Node, defaults: Defaults, desk: Desk) -> dict[str, VendorObject]:
    objects: dict[str, VendorObject] = {}
    for key, value in desk.table(node, "objects"):
        with desk.section():
            objects[key.text] = read_object(key.text, value, defaults, desk)
    return objects


def _catalogues(node: Node | None, defaults: Defaults, desk: Desk) -> dict[str, CatalogueSource]:
    catalogues: dict[str, CatalogueSource] = {}
    for key, value in desk.table(node, "catalogues") if node else ():
        with desk.section():
            catalogues[key.text] = read_catalogue(key.text, value, defaults, desk)
    return catalogues


class _Schemas:
    """The folder of a vendor's JSON Schemas, read when the first of them is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _files(self) -> dict[str, Json]:
        return {path.name: parse(path.read_bytes()) for path in self._folder.glob("*.json")}

    def __call__(self, node: Node, what: str) -> Schema:
        name = as_text(node, f"{what}: schema").text
        try:
            if name not in self._files:
                near = did_you_mean(name, self._files)
                raise rejection("C110", node, f"schemas/{name} is not there", near)
            return compile_schema(name, self._files)
        except (ValueError, OSError) as error:
            raise rejection("C110", node, f"schemas/{name}: {error}") from error
