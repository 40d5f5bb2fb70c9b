"""`portico map new`: from a sample to a folder that `map check` can talk about."""

import json
from pathlib import Path

from tests.cli.conftest import Run

from portico.mapping.load import find_mappings
from portico.vendor.connection_file import load_vendor

RECORD = find_mappings() / "practice/golden/patient/active-with-everything.vendor.json"


def sample(folder: Path, name: str = "patient.json") -> Path:
    path = folder / name
    path.write_bytes(RECORD.read_bytes())
    return path


def test_it_writes_a_folder_and_says_what_is_next(run: Run, tmp_path: Path) -> None:
    written = run("map", "new", "acme", "--sample", sample(tmp_path))

    files = {str(path.relative_to(tmp_path / "acme")) for path in (tmp_path / "acme").rglob("*.*")}
    assert written.code == 0
    assert files == {
        "vendor.yaml", "patient.yaml", "schemas/patient.schema.json", "module.schema.json",
    }  # fmt: skip
    last = written.stderr.splitlines()[-1]
    assert last == "next: PORTICO_MAPPINGS=acme portico map check acme"


def test_check_then_names_what_is_undecided_and_nothing_else(run: Run, tmp_path: Path) -> None:
    run("map", "new", "acme", "--sample", sample(tmp_path))
    checked = run("map", "check", "acme", "--json", PORTICO_MAPPINGS="acme")

    assert {finding["code"] for finding in checked.document} == {"E301", "E304"}
    assert all(finding["file"] == "acme/patient.yaml" for finding in checked.document)
    covered = run("map", "coverage", "acme", "--json", PORTICO_MAPPINGS="acme").document
    assert covered[0]["decided"] == 0


def test_what_is_there_is_never_touched(run: Run, tmp_path: Path) -> None:
    run("map", "new", "acme", "--sample", sample(tmp_path))
    module = tmp_path / "acme" / "patient.yaml"
    module.write_text("mine", encoding="utf-8")
    again = run("map", "new", "acme", "--sample", sample(tmp_path))
    more = run("map", "new", "acme", "--sample", sample(tmp_path, "person.json"))

    assert module.read_text(encoding="utf-8") == "mine"
    assert "kept acme/patient.yaml: it is there" in again.stderr
    assert "wrote acme/person.yaml" in more.stderr


def test_several_samples_of_an_object_are_taken_together(run: Run, tmp_path: Path) -> None:
    records = [{"id": "1", "status": "new"}, {"id": "2", "status": "open"}]
    for at, record in enumerate(records):
        (tmp_path / f"thing.{at}.json").write_text(json.dumps([record] * 2), encoding="utf-8")
    run("map", "new", "acme", "--sample", "thing.0.json", "--sample", "thing.1.json")

    schema = json.loads((tmp_path / "acme/schemas/thing.schema.json").read_bytes())
    assert schema["required"] == ["id", "status"]
    assert schema["properties"]["status"]["enum"] == ["new", "open"]


def test_editors_are_told_the_fields(run: Run, tmp_path: Path) -> None:
    run("map", "new", "acme", "--sample", sample(tmp_path))

    schema = json.loads((tmp_path / "acme/module.schema.json").read_bytes())
    assert "last_name" in schema["definitions"]["rules"]["properties"]
    first = (tmp_path / "acme/patient.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=module.schema.json"


def test_a_name_that_is_no_folders_name_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("map", "new", "../acme", "--sample", sample(tmp_path)).code == 2
    assert run("map", "new", "acme").code == 2


def test_a_sample_that_is_no_record_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text("3", encoding="utf-8")
    refused = run("map", "new", "acme", "--sample", "patient.json")

    assert refused.code == 1
    assert "patient.json: not a JSON object, nor a list of them; give records" in refused.stderr
    assert not (tmp_path / "acme").exists()


CONTRACT = Path(__file__).parent / "records" / "openapi.yaml"


def test_a_contract_gives_requests_credential_and_schemas(run: Run, tmp_path: Path) -> None:
    written = run("map", "new", "acme", "--openapi", CONTRACT)
    checked = run("map", "check", "acme", "--json", PORTICO_MAPPINGS="acme")
    vendor = load_vendor(tmp_path / "acme")

    assert written.code == 0
    assert {finding["code"] for finding in checked.document} == {"E301", "E304", "E502"}
    assert vendor.title == "Acme: Records"
    assert vendor.objects["patient"].interactions == {
        "read", "search-type", "create", "update", "delete",
    }  # fmt: skip
    assert vendor.objects["problem"].key == ("patient.id", "id")
    assert (tmp_path / "acme/schemas/patient-create.schema.json").is_file()
    problem = (tmp_path / "acme/problem.yaml").read_text(encoding="utf-8")
    assert "# patient.id + id:               -> id | packed   # the key in its address" in problem
    assert "update: replace" in problem


def test_with_samples_only_their_objects_are_drafted(run: Run, tmp_path: Path) -> None:
    run("map", "new", "acme", "--openapi", CONTRACT, "--sample", sample(tmp_path))

    assert (tmp_path / "acme/patient.yaml").is_file()
    assert not (tmp_path / "acme/problem.yaml").exists()


def test_a_document_that_is_no_contract_is_refused(run: Run, tmp_path: Path) -> None:
    refused = run("map", "new", "acme", "--openapi", sample(tmp_path))

    assert refused.code == 1
    assert "patient.json: not an OpenAPI 3 document; convert it" in refused.stderr
    assert not (tmp_path / "acme").exists()
