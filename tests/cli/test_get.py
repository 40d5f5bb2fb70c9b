"""`portico get`: one FHIR request without a server."""

from pathlib import Path

from tests.cli.conftest import Run


def test_a_resource_is_printed(run: Run) -> None:
    found = run("get", "--demo", "practice/Patient?family=nuñez&_count=1")

    assert (found.code, found.stderr) == (0, "")
    assert found.document["resourceType"] == "Bundle"
    assert found.document["entry"][0]["resource"]["name"][0]["family"].startswith("Núñez")


def test_a_refused_request_is_exit_1_with_the_outcome(run: Run) -> None:
    refused = run("get", "--demo", "heidi/Patient/not-there")

    assert refused.code == 1
    assert refused.document["resourceType"] == "OperationOutcome"


def test_a_vendor_that_does_not_answer_is_exit_4(run: Run, tmp_path: Path) -> None:
    (tmp_path / "portico.toml").write_text(
        '[connections.north]\nvendor = "heidi"\nbase_url = "http://127.0.0.1:9"\n'
        'api_key = "k"\nemail = "e"\nuser_id = "u"\n',
        encoding="utf-8",
    )
    failed = run("get", "north/Patient/1")

    assert failed.code == 4
    assert failed.document["issue"][0]["severity"] == "error"


def test_a_plan_asks_nobody(run: Run) -> None:
    (plan,) = run("get", "--plan", "practice/Patient?name=smith&gender=female").document

    assert plan["source"] == {
        "list": "GET /api/v1/{org_id}/patients/cursor",
        "path": {},
        "query": [["search", "smith"]],
    }
    assert plan["decisions"] == [
        {"parameter": "name", "how": "push and filter", "to": ["search"]},
        {"parameter": "gender", "how": "filter", "to": []},
    ]


def test_a_plan_that_cannot_be_is_exit_1(run: Run) -> None:
    refused = run("get", "--plan", "practice/Condition")

    assert (refused.code, refused.stdout) == (1, "")
    assert "give patient" in refused.stderr


def test_an_unknown_connection_is_a_usage_error(run: Run) -> None:
    refused = run("get", "--demo", "practise/Patient")

    assert refused.code == 2
    assert "did you mean 'practice'?" in refused.stderr


def test_nothing_is_left_behind(run: Run, tmp_path: Path) -> None:
    run("get", "--demo", "practice/metadata", TMPDIR=str(tmp_path))

    assert list(tmp_path.iterdir()) == []
