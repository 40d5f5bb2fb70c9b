"""Settings: the file, the environment over it, and errors that name the setting and the remedy."""

from pathlib import Path

import pytest

from portico.errors import ConfigurationError
from portico.settings import (
    Settings,
    check_open_access,
    environment_settings,
    load_settings,
    resolve,
)


def load(folder: Path, content: str) -> Settings:
    file = folder / "portico.toml"
    file.write_text(content, encoding="utf-8")
    return load_settings(file)


def test_nothing_configured_is_a_loopback_sqlite_set_up_with_smart_off() -> None:
    settings = environment_settings()

    assert settings.host == "127.0.0.1"
    assert settings.store.url == "sqlite+aiosqlite:///portico.db"
    assert settings.smart.mode == "off"
    assert settings.connections == {}


def test_a_connection_keeps_the_members_that_its_vendor_declares(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        [connections.north]
        vendor = "acme"
        base_url = "https://api.example.org/"
        tenant = 7
        expose_ssn = true
        """,
    )

    north = settings.connections["north"]
    assert north.base_url == "https://api.example.org"
    assert north.declared == {"tenant": "7", "expose_ssn": "true"}


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTICO_CONNECTIONS__NORTH__TOKEN", "from-environment")
    settings = load(
        tmp_path, '[connections.north]\nvendor = "acme"\ntoken = "from-file"\ntenant = "t"'
    )

    assert settings.connections["north"].declared == {"token": "from-environment", "tenant": "t"}


def test_mappings_may_name_several_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTICO_MAPPINGS", "/one:/two")

    assert environment_settings().mappings == (Path("/one"), Path("/two"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[smart]\nmode = "embedded"', "smart.mode: only 'off' exists in this version"),
        ("[connections.north]", "connections.north.vendor: required; add it to portico.toml"),
        (
            '[connections.Northern]\nvendor = "acme"',
            "connections.Northern: a connection's name is 1 to 16 characters of a-z, 0-9 and '-'",
        ),
        (
            '[connections.a-name-too-long-by-one]\nvendor = "acme"',
            "a connection's name is 1 to 16 characters",
        ),
        (
            '[connections.n]\nvendor = "acme"\nbase_url = "ftp://x"',
            "connections.n.base_url: write an absolute http(s) address",
        ),
        (
            '[connections.n]\nvendor = "a"\nbase_url = "http://x"\nenvironment = "y"',
            "connections.n: base_url and environment exclude each other; keep one",
        ),
        ("adress = 1", "adress: there is no such setting; remove it or correct its name"),
        ("port = 70000", "port: Input should be less than or equal to 65535"),
        ("host = ", "portico.toml: not TOML"),
    ],
)
def test_an_error_names_the_setting_and_the_remedy(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, content)

    assert message in str(refused.value)


def test_an_error_never_shows_the_value(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, '[connections.n]\nvendor = "a"\ntoken = ["hunter2"]')

    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file; check --config"):
        load_settings(tmp_path / "none.toml")


def test_a_secret_comes_from_a_variable_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "one")
    (tmp_path / "token").write_text("two\n", encoding="utf-8")

    assert resolve("token", "env:ACME_TOKEN") == "one"
    assert resolve("token", f"file:{tmp_path / 'token'}") == "two"
    assert resolve("token", "three") == "three"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("env:NOT_THERE", "connections.n.token: the environment variable NOT_THERE is not set"),
        ("file:/not/there", "connections.n.token: the file /not/there cannot be read"),
    ],
)
def test_a_secret_that_is_not_there_is_named(reference: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        resolve("connections.n.token", reference)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_leave(host: str) -> None:
    check_open_access(environment_settings(), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "fhir.example.org"])  # noqa: S104  refused, not bound
def test_the_network_is_let_in_only_by_the_setting_that_names_the_risk(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="PORTICO_ALLOW_OPEN_ACCESS=true"):
        check_open_access(environment_settings(), host)

    monkeypatch.setenv("PORTICO_ALLOW_OPEN_ACCESS", "true")
    check_open_access(environment_settings(), host)
