"""What an operator may set: `portico.toml`, and `PORTICO_…` variables, which win over the file.

    public_url = "https://fhir.example.org"

    [connections.practice]
    vendor   = "practice"
    base_url = "https://api.example.com"
    org_id   = "1b4e28ba"
    token    = "env:PRACTICE_TOKEN"

`PORTICO_CONNECTIONS__PRACTICE__TOKEN` sets the same member as the file's last line. A value that
begins with `env:` or `file:` stands for what the variable or the file holds.
"""

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from portico.errors import ConfigurationError

DEFAULT_FILE = Path("portico.toml")
_CONNECTION_NAME = re.compile(r"[a-z0-9-]{1,16}")
_LOCAL_NAMES = {"localhost", "localhost."}


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _folders(value: object) -> object:
    if isinstance(value, str):
        return [folder for folder in value.split(os.pathsep) if folder]
    return value


def _connection_name(name: str) -> str:
    if not _CONNECTION_NAME.fullmatch(name):
        raise ValueError("a connection's name is 1 to 16 characters of a-z, 0-9 and '-'")
    return name


def _without_slash(url: str) -> str:
    if not re.match(r"https?://[^/?#]+", url) or "?" in url or "#" in url:
        raise ValueError("write an absolute http(s) address without query or fragment")
    return url.rstrip("/")


def _only_off(mode: str) -> str:
    if mode != "off":
        raise ValueError("only 'off' exists in this version; write mode = \"off\"")
    return mode


Address = Annotated[str, AfterValidator(_without_slash)]
Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)]


class ConnectionSettings(BaseModel):
    """One configured vendor instance; members beside the named ones are the vendor's own."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Annotated[str, BeforeValidator(_text)]]

    vendor: str
    base_url: Address | None = None
    environment: str | None = None

    @model_validator(mode="after")
    def _one_address(self) -> "ConnectionSettings":
        if self.base_url and self.environment:
            raise ValueError("base_url and environment exclude each other; keep one")
        return self

    @property
    def declared(self) -> Mapping[str, str]:
        """The members that the vendor's connection file declares, as written."""
        return self.__pydantic_extra__


class StoreSettings(BaseModel):
    """Where Portico keeps what no vendor keeps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = "sqlite+aiosqlite:///portico.db"


class SmartSettings(BaseModel):
    """Who may call; `off` lets every caller in and therefore binds to loopback."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Annotated[str, AfterValidator(_only_off)] = "off"


class Settings(BaseSettings):
    """Everything that may be set, with the values that hold when nothing is."""

    model_config = SettingsConfigDict(
        env_prefix="PORTICO_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: Address | None = None
    mappings: Folders = ()
    allow_open_access: bool = False
    connections: dict[Annotated[str, AfterValidator(_connection_name)], ConnectionSettings] = Field(
        default_factory=dict
    )
    store: StoreSettings = StoreSettings()
    smart: SmartSettings = SmartSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the parent's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the parent's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the parent's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables win over the file, whose content is what the constructor is given."""
        return env_settings, init_settings


def load_settings(file: Path | None = None) -> Settings:
    """Read `file`, or `portico.toml` where there is one, and the environment.

    Raises ConfigurationError, which names each setting and the remedy but never a value.
    """
    if file is None:
        return _settings(_read(DEFAULT_FILE) if DEFAULT_FILE.exists() else {})
    return _settings(_read(file))


def environment_settings() -> Settings:
    """Read the environment only. Raises ConfigurationError."""
    return _settings({})


def check_open_access(settings: Settings, host: str) -> None:
    """Refuse to let the network in without the setting that names the risk."""
    if settings.smart.mode != "off" or settings.allow_open_access or _is_loopback(host):
        return
    raise ConfigurationError(
        f"host: on {host} everybody who reaches this machine could read and write patient data, "
        "because smart.mode is 'off'; bind to 127.0.0.1, or accept the risk with "
        "allow_open_access = true (PORTICO_ALLOW_OPEN_ACCESS=true)"
    )


def resolve(name: str, value: str) -> str:
    """The value of the setting `name`: itself, or what `env:NAME` or `file:/path` stands for."""
    kind, _, where = value.partition(":")
    if kind == "env":
        return _from_variable(name, where)
    return _from_file(name, Path(where)) if kind == "file" else value


def _from_variable(name: str, variable: str) -> str:
    if value := os.environ.get(variable):
        return value
    raise ConfigurationError(
        f"{name}: the environment variable {variable} is not set; export it before the start"
    )


def _from_file(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{name}: the file {path} cannot be read; check its path and rights"
        ) from error


def _settings(content: dict[str, object]) -> Settings:
    try:
        return Settings(**content)  # type: ignore[arg-type]  # the constructor checks it
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from error
    except SettingsError as error:
        raise ConfigurationError(
            "a PORTICO_… variable of a section holds text that is not JSON; set its members one by "
            "one, as in PORTICO_STORE__URL"
        ) from error


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file}: there is no such file; check --config") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file}: not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read; check its rights") from error


def _explain(error: ValidationError) -> str:
    return "\n".join(
        f"{_setting(issue['loc'])}: {_remedy(issue['type'], issue['msg'])}"
        for issue in error.errors(include_url=False, include_input=False)
    )


def _setting(location: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in location if step != "[key]")


def _remedy(kind: str, message: str) -> str:
    if kind == "missing":
        return "required; add it to portico.toml or set its PORTICO_… variable"
    if kind == "extra_forbidden":
        return "there is no such setting; remove it or correct its name"
    return message.removeprefix("Value error, ")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOCAL_NAMES
