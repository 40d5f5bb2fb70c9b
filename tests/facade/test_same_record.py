"""A read shows the record that was asked for, or none."""

from starlette.types import ASGIApp, Receive, Scope, Send
from tests.facade.desk import Desk, issues_of, open_desk, open_sandbox

SEEDED = "00000000-0000-4000-8000-0000000000a1"
OTHER = "3872ed36-0744-427c-a5e7-682133fcbdbb"


class MixedUp:
    """A vendor behind a cache that mixes up its answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", "")).replace(SEEDED, OTHER)
        await self._app({**scope, "path": path}, receive, send)


async def test_ids_are_case_sensitive_though_the_vendors_keys_are_not(practice: Desk) -> None:
    answer = await practice.ask("GET", f"Patient/{SEEDED.upper()}")

    assert (answer.status, issues_of(answer)) == (404, [("error", "not-found")])


async def test_another_record_than_the_one_asked_for_is_never_shown() -> None:
    sandbox = open_sandbox("practice")
    sandbox.add_middleware(MixedUp)
    desk = open_desk("practice", sandbox)

    answer = await desk.ask("GET", f"Patient/{SEEDED}")

    assert (answer.status, issues_of(answer)) == (502, [("error", "exception")])
    await desk.sandbox.aclose()
