"""`portico map check`: findings name file, line, column and remedy."""

from pathlib import Path

from tests.cli.conftest import Run


def broken(folder: Path) -> Path:
    (folder / "acme").mkdir()
    (folder / "acme" / "vendor.yaml").write_text("portico: 1\nvendr: acme\n", encoding="utf-8")
    return folder


def test_the_packaged_modules_have_no_findings(run: Run) -> None:
    checked = run("map", "check")

    assert (checked.code, checked.stdout) == (0, "")
    assert checked.stderr == "connective, heidi, particle, practice: no findings\n"


def test_findings_are_exit_1_and_name_the_place(run: Run, tmp_path: Path) -> None:
    checked = run("map", "check", "acme", PORTICO_MAPPINGS=str(broken(tmp_path)))

    assert checked.code == 1
    assert (
        "acme/vendor.yaml:2:1 C101 the connection file has no 'vendr'; did you mean 'vendor'?"
        in checked.stdout
    )
    assert "acme: " in checked.stderr


def test_json_is_the_same_findings(run: Run, tmp_path: Path) -> None:
    checked = run("map", "check", "acme", "--json", PORTICO_MAPPINGS=str(broken(tmp_path)))

    finding = checked.document[1]
    assert checked.code == 1
    assert (finding["file"], finding["line"], finding["column"]) == ("acme/vendor.yaml", 2, 1)
    assert finding.keys() == {"code", "file", "line", "column", "what", "remedy"}


def test_an_unknown_vendor_suggests(run: Run) -> None:
    refused = run("map", "check", "practise")

    assert refused.code == 2
    assert "did you mean 'practice'?" in refused.stderr


def test_mappings_that_are_no_folder_are_a_configuration_error(run: Run) -> None:
    refused = run("map", "check", PORTICO_MAPPINGS="/not/there")

    assert refused.code == 3
    assert "mappings: /not/there is not a folder; correct it (PORTICO_MAPPINGS)" in refused.stderr
