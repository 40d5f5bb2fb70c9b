"""`portico demo`: starts fast, says four lines, works, and leaves nothing behind."""

import json
import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from tests.acceptance.conftest import Demo, Start, free_port, port_of


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ended(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def test_the_first_fhir_answer_comes_within_five_seconds(
    start_demo: Start, ports: tuple[str, ...]
) -> None:
    started = time.monotonic()
    demo = start_demo(*ports)
    base = next(iter(demo.bases.values()))
    with urllib.request.urlopen(f"{base}/metadata", timeout=5) as answer:  # noqa: S310  our own
        statement = json.load(answer)

    assert time.monotonic() - started < 5
    assert statement["resourceType"] == "CapabilityStatement"
    demo.end(signal.SIGINT)


def test_four_lines_are_said(demo: Demo) -> None:
    assert list(demo.lines) == ["FHIR", "Console", "Try", "Stop"]
    assert sorted(demo.bases) == ["connective", "heidi", "particle", "practice"]


def test_the_curl_that_it_prints_works(demo: Demo) -> None:
    command = shlex.split(demo.lines["Try"])
    assert command[0] == "curl"
    answer = subprocess.run([*command, "-sS"], capture_output=True, check=True, text=True)  # noqa: S603  what the demo printed

    bundle = json.loads(answer.stdout)
    assert bundle["resourceType"] == "Bundle"
    assert bundle["entry"]


def test_the_console_links_to_what_works(demo: Demo) -> None:
    with urllib.request.urlopen(f"{demo.url}/-/connections.json") as answer:  # noqa: S310  our own
        connections = json.load(answer)["connections"]

    for connection in connections:
        for link in connection["links"]:
            url = f"{demo.url}{connection['base']}/{link}"
            with urllib.request.urlopen(url) as page:  # noqa: S310  our own
                assert page.status == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(
    start_demo: Start, ports: tuple[str, ...], tmp_path: Path, how: signal.Signals
) -> None:
    demo = start_demo(*ports, TMPDIR=str(tmp_path))
    companion = demo.companion
    assert [each.name.startswith("portico-demo-") for each in tmp_path.iterdir()] == [True]

    code, stderr = demo.end(how)

    assert (code, stderr.strip()) == (0, "")
    assert ended(companion)
    assert list(tmp_path.iterdir()) == []


def test_an_impatient_ctrl_c_is_no_traceback(start_demo: Start, ports: tuple[str, ...]) -> None:
    demo = start_demo(*ports)

    demo.process.send_signal(signal.SIGINT)
    code, stderr = demo.end(signal.SIGINT)

    assert (code, stderr.strip()) == (0, "")


def test_the_sandboxes_end_also_when_the_demo_is_killed(
    start_demo: Start, ports: tuple[str, ...]
) -> None:
    demo = start_demo(*ports)
    companion = demo.companion

    demo.end(signal.SIGKILL)

    assert ended(companion)


def test_the_demo_ends_when_the_sandboxes_do(start_demo: Start, ports: tuple[str, ...]) -> None:
    demo = start_demo(*ports)

    os.kill(demo.companion, signal.SIGKILL)
    _, stderr = demo.process.communicate(timeout=20)

    assert demo.process.returncode == 4
    assert "The sandboxes ended on their own" in stderr


def test_a_taken_port_is_told_and_the_next_one_is_used(start_demo: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start_demo("--port", str(port), "--sandbox-port", str(free_port()))

        assert port_of(demo.url) > port
        _, stderr = demo.end(signal.SIGINT)
    assert f"Port {port} is taken; using {port_of(demo.url)}." in stderr


def test_two_demos_run_beside_each_other(start_demo: Start, ports: tuple[str, ...]) -> None:
    first, second = start_demo(*ports), start_demo(*ports)

    for demo in (first, second):
        with urllib.request.urlopen(f"{demo.url}/readyz") as answer:  # noqa: S310  our own
            assert answer.status == 200
        demo.end(signal.SIGTERM)
