"""What a connection file may say, and what is said where it is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portico.errors import MappingError
from portico.mapping.conversion.date_form import parse_date_form
from portico.vendor.connection_file import load_vendor
from portico.vendor.model import Setting, Vendor
from portico.vendor.search_parameters import (
    Filter,
    Push,
    PushPath,
    PushRange,
    ReadByKey,
    Refuse,
)

Load = Callable[..., Vendor]
Findings = Callable[..., list[str]]

SMALL = """\
portico: 1
vendor: v
settings: {org: required, token: secret, site: optional}
credential: {kind: bearer, token: "{token}"}
defaults: {prefix: "/api/{org}", timeout: 5s}
objects:
  thing:
    key: id
    read: GET /things/{id}
    search: {request: GET /things}
"""


@pytest.fixture
def findings(load: Load) -> Findings:
    """The findings of the small file in which `old` stands replaced: `line:column code text`."""

    def found(old: str, new: str) -> list[str]:
        assert old in SMALL
        with pytest.raises(MappingError) as failure:
            load(SMALL.replace(old, new))
        return [str(finding).partition("vendor.yaml:")[2] for finding in failure.value.findings]

    return found


def test_settings_are_declared_with_their_kind(meridian: Vendor) -> None:
    assert meridian.settings["tenant"] == Setting("tenant", "required")
    assert meridian.settings["key"] == Setting("key", "secret")
    assert meridian.settings["region"] == Setting("region", "optional", "eu")


def test_search_parameters_become_rules_for_the_planner(meridian: Vendor) -> None:
    rules = meridian.objects["person"].search_parameters
    assert rules["name"] == rules["family"] == (Push("filter[name]", superset=True),)
    assert rules["birthdate"] == (
        PushRange("born_from", "born_to", format=parse_date_form("DD.MM.YYYY")),
    )
    sexes = {"male": "M", "female": "F"}
    assert rules["gender"] == (Push("sex", superset=False, values=sexes),)
    assert rules["organization"] == (PushPath("org.code", required=False),)
    assert rules["phone"] == (Filter(),)
    assert rules["address"] == (Refuse("the vendor keeps no addresses"),)


def test_a_parameter_may_have_several_rules(load: Load) -> None:
    text = (
        SMALL
        + """\
    search-parameters:
      identifier:
        - {query: chart, system: "https://v.example/chart", superset: no}
        - {read: id, system: "urn:ietf:rfc:3986", prefix: "urn:uuid:"}
"""
    )
    rules = load(text).objects["thing"].search_parameters["identifier"]
    assert rules == (
        Push("chart", superset=False, system="https://v.example/chart"),
        ReadByKey("id", "urn:ietf:rfc:3986", "urn:uuid:"),
    )


def test_an_object_tells_which_interactions_it_has(meridian: Vendor) -> None:
    assert meridian.objects["visit"].interactions == {"read", "search-type"}
    assert meridian.objects["person"].interactions == {
        "read", "search-type", "create", "update", "delete",
    }  # fmt: skip


def test_an_upsert_updates_with_its_create(load: Load) -> None:
    text = SMALL + "    create: {request: POST /things, mint: {id: uuid}}\n    upsert: yes\n"
    thing = load(text).objects["thing"]
    assert thing.mint == {"id": "uuid"}
    assert thing.create is not None
    assert thing.update is not None
    assert (thing.update.name, thing.update.request) == ("thing.update", thing.create.request)


REQUEST = "{request: GET /things}"
READ = "read: GET /things/{id}"


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("portico: 1", "portico: 2", "1:10 C103", "this version reads 'portico: 1' only"),
        ("vendor: v\n", "", "1:1 C102", "the connection file lacks 'vendor'"),
        ("vendor: v\n", "vendr: v\n", "2:1 C101", "no 'vendr'; did you mean 'vendor'?"),
        ("org: required", "org: requird", "3:17 C103", "did you mean 'required'?"),
        ("kind: bearer", "kind: bearr", "4:20 C103", "did you mean 'bearer'?"),
        ("{token}", "{tokn}", "4:36 C104", "nothing here is called 'tokn'; did you mean 'token'?"),
        ("bearer, token", "bearer, tokken", "4:28 C101", "did you mean 'token'?"),
        ("timeout: 5s", "timeout: 5", "5:43 C100", "must be a duration; like 10s, 5m, 1h or 1d"),
        ("/api/{org}", "/api/{org", "5:26 C105", "write {{ or }} for the character itself"),
        ("/api/{org}", "/api/{token}", "5:26 C104", "'token' is a secret"),
        ("/api/{org}", "/api/{site}", "5:26 C104", "'site' may have no value"),
        ("key: id", "key: org", "8:10 C109", "'org' is a setting and a key member"),
        (READ, "read: GET /things/{idd}", "9:23 C104", "did you mean 'id'?"),
        (READ, "read: FETCH /things", "9:11 C106", "thing.read is not a request"),
        (READ, "reed: GET /things", "9:5 C101", "thing has no 'reed'; did you mean 'read'?"),
        (READ, "schema: thing.json", "9:13 C110", "schemas/thing.json is not there"),
        (READ, "module: thing.yml", "8:5 C110", "its module thing.yml is not there"),
        (READ, "upsert: yes", "9:13 C111", "an upsert needs 'create'"),
        (READ, "search-parameters: {name: {query: q}}", "9:31 C102", "name lacks 'superset'"),
        (READ, "search-parameters: {name: filtr}", "9:31 C103", "did you mean 'filter'?"),
        (READ, "search-parameters: {a: {read: key}}", "9:35 C103", "a: read cannot be 'key'"),
        (READ, "search-parameters: {a: {range: [f, t], format: YYMMDD}}", "9:52 C100", "YYYY, MM"),
        ('bearer, token: "{token}"', 'bearer, token: "{site}"', "4:36 C104", "may have no value"),
        (REQUEST, "{request: GET /, paging: pages}", "10:38 C108", "no paging is called 'pages'"),
        (REQUEST, "{request: GET /, unwrap: a..b}", "10:38 C107", "is not a dotted path"),
        (REQUEST, "{request: GET /, answer: recrd}", "10:38 C103", "did you mean 'record'?"),
        (REQUEST, "{request: GET /, ids: ids}", "10:13 C102", "thing.search lacks 'read'"),
        (REQUEST, "{request: GET /, status: {409: conflct}}", "10:44 C103", "mean 'conflict'?"),
        (REQUEST, "{request: GET /, status: {200: failure}}", "10:39 C112", "always be a failure"),
        (REQUEST, "{request: GET /, paging: {kind: pge}}", "10:45 C103", "did you mean 'page'?"),
        (REQUEST, "{request: GET /, paging: {kind: page}}", "10:38 C102", "lacks 'page'"),
        (REQUEST, "{request: GET /, wrap: a, body: b}", "10:36 C112", "where the record goes"),
    ],
)
def test_every_error_has_its_place_and_its_remedy(
    findings: Findings, old: str, new: str, where: str, what: str
) -> None:
    found = findings(old, new)
    assert [text for text in found if text.startswith(where) and what in text], found


def test_a_list_whose_path_no_search_fills_is_a_finding(load: Load) -> None:
    text = SMALL.replace("GET /things}", '"GET /of/{id}"}') + "    search-parameters: {a: filter}\n"
    with pytest.raises(MappingError, match="11:24 C111 thing: the list needs id"):
        load(text)


def test_all_findings_are_shown_at_once(load: Load) -> None:
    text = SMALL.replace("bearer", "bearr").replace("things/{id}", "things/{x}")
    with pytest.raises(MappingError) as failure:
        load(text.replace("GET /things}", "GOT /things}"))
    assert [finding.code for finding in failure.value.findings] == ["C103", "C104", "C106"]


def test_a_folder_without_a_connection_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="C110"):
        load_vendor(tmp_path)


def test_a_module_that_no_object_uses_is_found(load: Load, tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text("", encoding="utf-8")
    with pytest.raises(MappingError) as failure:
        load("portico: 1\nvendor: v\nobjects: {problems: {key: id, read: 'GET /p/{id}'}}")
    (finding,) = failure.value.findings
    assert (finding.code, finding.what) == ("C111", "no object has the module problem.yaml")
