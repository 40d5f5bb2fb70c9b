"""`portico demo` as people start it: a process tree, its lines, its end."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from portico import Json

FHIR_JSON = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json"}


@dataclass
class Demo:
    """A running demo and the lines that it printed."""

    process: subprocess.Popen[str]
    lines: dict[str, str] = field(default_factory=dict)

    @property
    def bases(self) -> dict[str, str]:
        return {base.rpartition("/")[2]: base for base in self.lines["FHIR"].split()}

    @property
    def url(self) -> str:
        return self.lines["Console"].rstrip("/")

    @property
    def sandbox_url(self) -> str:
        """Where the demo was told to serve its sandboxes."""
        arguments = list(map(str, self.process.args))  # type: ignore[arg-type]  # we gave a list
        return f"http://127.0.0.1:{arguments[arguments.index('--sandbox-port') + 1]}"

    @property
    def companion(self) -> int:
        """The process of the sandboxes."""
        pid = self.process.pid
        (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return int(child)

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """Send a signal; the exit code and everything on stderr."""
        self.process.send_signal(how)
        _, stderr = self.process.communicate(timeout=20)
        return self.process.returncode, stderr


Start = Callable[..., Demo]


@pytest.fixture(scope="session")
def start_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start demos on ports that are free; what still runs at the end is ended."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **variables: str) -> Demo:
        process = subprocess.Popen(  # noqa: S603  the command under test
            [sys.executable, "-m", "portico", "demo", *arguments],
            cwd=tmp_path_factory.mktemp("demo"),
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        demo = Demo(process)
        for line in process.stdout or ():
            word, text = line.rstrip("\n").split(maxsplit=1)
            demo.lines[word] = text
            if word == "Stop":
                return demo
        raise AssertionError(process.communicate()[1])

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture
def ports() -> tuple[str, ...]:
    """Arguments that name two ports which nobody uses."""
    return ("--port", str(free_port()), "--sandbox-port", str(free_port()))


@pytest.fixture(scope="session")
def demo(start_demo: Start) -> Demo:
    """One demo for tests that only ask it."""
    return start_demo("--port", str(free_port()), "--sandbox-port", str(free_port()))


@dataclass(frozen=True)
class Sandbox:
    """What a vendor's sandbox tells besides the vendor's API."""

    vendor: str
    http: httpx.Client

    def state(self, kind: str) -> dict[str, Json]:
        """The vendor's records of a kind by key."""
        state: dict[str, Json] = self.http.get(f"/sandbox/_state/{self.vendor}").json()[kind]
        return state

    def calls(self) -> list[Json]:
        """The calls since the last look."""
        calls: list[Json] = self.http.get(f"/sandbox/_log?vendor={self.vendor}").json()
        self.http.delete("/sandbox/_log")
        return calls


@dataclass(frozen=True)
class Front:
    """A connection's FHIR base, and the sandbox of the vendor behind it."""

    fhir: httpx.Client
    sandbox: Sandbox


@pytest.fixture
def front(demo: Demo) -> Iterator[Callable[[str], Front]]:
    """The connections of the demo: `front("heidi")`. Vendors start with their data again."""
    with ExitStack() as stack:
        control = stack.enter_context(httpx.Client(base_url=demo.sandbox_url))
        control.post("/sandbox/_reset")
        control.delete("/sandbox/_log")

        def at(name: str) -> Front:
            fhir = httpx.Client(base_url=demo.bases[name], headers=FHIR_JSON, timeout=20)
            return Front(stack.enter_context(fhir), Sandbox(name, control))

        yield at


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_of(url: str) -> int:
    found = re.search(r":(\d+)", url)
    assert found
    return int(found[1])
