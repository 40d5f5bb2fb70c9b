"""`portico serve` and `portico sandbox`: what stops them from starting, told with a remedy."""

import socket
from pathlib import Path

import pytest
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[smart]\nmode = "embedded"', "smart.mode: only 'off' exists in this version"),
        ('host = "0.0.0.0"', "allow_open_access = true (PORTICO_ALLOW_OPEN_ACCESS=true)"),
        (
            '[connections.north]\nvendor = "practise"',
            "there is no vendor 'practise'; did you mean 'practice'?",
        ),
        (
            '[connections.north]\nvendor = "practice"\nbase_url = "http://x"\norg_id = "o"',
            "connections.north: practice: the setting 'token' is missing; set it",
        ),
        (
            '[connections.north]\nvendor = "practice"\nbase_url = "http://x"\norg = "o"',
            "connections.north: practice: there is no setting 'org'; did you mean 'org_id'?",
        ),
        (
            '[connections.north]\nvendor = "connective"\nenvironment = "moon"\napi_key = "k"',
            "connections.north: connective: no such environment; there are: staging, production",
        ),
        (
            '[connections.n]\nvendor = "heidi"\nbase_url = "http://x"\napi_key = "env:NOT_SET"',
            "connections.n.api_key: the environment variable NOT_SET is not set",
        ),
        ('[store]\nurl = "mysql://x"', "store.url: write sqlite+aiosqlite:///FILE"),
        (
            '[store]\nurl = "sqlite+aiosqlite:////not/there/x.db"',
            "store.url: the database cannot be opened",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_exit_3_with_the_remedy(
    run: Run, tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "portico.toml").write_text(content, encoding="utf-8")
    refused = run("serve")

    assert (refused.code, refused.stdout) == (3, "")
    assert told in refused.stderr


def test_a_taken_port_is_exit_3(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run("serve", "--port", str(taken.getsockname()[1]))

    assert refused.code == 3
    assert "is taken; stop what listens there or choose another" in refused.stderr


def test_the_store_is_for_its_owner_only(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run("serve", "--port", str(taken.getsockname()[1]))

    assert (tmp_path / "portico.db").stat().st_mode & 0o777 == 0o600


def test_the_demo_does_not_open_itself_to_the_network(run: Run) -> None:
    refused = run("demo", "--host", "0.0.0.0")  # noqa: S104  refused, not bound

    assert refused.code == 3
    assert "everybody who reaches this machine could read and write patient data" in refused.stderr


def test_a_sandbox_that_is_not_there_is_exit_4(run: Run) -> None:
    refused = run("sandbox", "reset", "--url", "http://127.0.0.1:9")

    assert refused.code == 4
    assert "start them with: portico sandbox" in refused.stderr


def test_an_unknown_sandbox_is_a_usage_error(run: Run) -> None:
    refused = run("sandbox", "--vendor", "acme", "--port", "0")

    assert refused.code == 2
    assert "there are: practice, particle, connective, heidi" in refused.stderr


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("demo",),
        ("serve",),
        ("sandbox",),
        ("sandbox", "reset"),
        ("convert",),
        ("get",),
        ("map",),
        ("map", "check"),
        ("version",),
    ],
)
def test_every_help_says_what_it_does(run: Run, command: tuple[str, ...]) -> None:
    told = run(*command, "--help")

    assert (told.code, told.stderr) == (0, "")
    assert "portico" in told.stdout
