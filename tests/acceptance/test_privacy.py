"""Values that a client plants come back in no log line and in no answer about a failure."""

import json
import signal
import urllib.error
import urllib.request

import pytest
from tests.acceptance.conftest import Demo, Start, free_port

PLANTED = "Zebrowski4711"


def ask(url: str, body: object = None, method: str | None = None) -> tuple[int, str]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  our own demo
        url, data, {"Content-Type": "application/fhir+json"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310  our own demo
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def served(start_demo: Start) -> Demo:
    return start_demo("--port", str(free_port()), "--sandbox-port", str(free_port()), "--verbose")


def test_nothing_planted_is_found_again(served: Demo) -> None:
    answers = []
    for base in served.bases.values():
        broken = {"resourceType": "Patient", "name": PLANTED, "nickname": PLANTED}
        wrong = {"resourceType": "Patient", "gender": PLANTED, "birthDate": PLANTED}
        answers += [
            ask(f"{base}/Patient/{PLANTED}"),
            ask(f"{base}/{PLANTED}/{PLANTED}"),
            ask(f"{base}/Patient", broken),
            ask(f"{base}/Patient", wrong),
            ask(f"{base}/Patient/{PLANTED}", wrong, "PUT"),
            ask(f"{base}/Patient/{PLANTED}", method="DELETE"),
            ask(f"{base}/Patient?birthdate={PLANTED}"),
            ask(f"{base}/Patient?_id={PLANTED}&nonsense={PLANTED}"),
        ]
    code, stderr = served.end(signal.SIGINT)

    assert code == 0
    assert "Patient/{}" in stderr
    assert PLANTED not in stderr
    for status, text in answers:
        assert status < 500, text
        if status >= 400:
            assert json.loads(text)["resourceType"] == "OperationOutcome"
            assert PLANTED not in text
