"""However a vendor misbehaves, the answer is a VendorError in time, and nothing hangs."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest

from portico.errors import VendorError
from portico.transport.http import HttpTransport
from portico.vendor.answer import Answer, accept
from portico.vendor.fault import FaultRules
from portico.vendor.message import Exchange, Request, Response

Connect = Callable[..., HttpTransport]


class Misbehaving(Protocol):
    """What the tests look at of the vendor that misbehaves as told."""

    asked: list[tuple[str, str, dict[str, str], bytes]]
    most_under_way: int


def ask(*paths: str, **about: Any) -> Exchange[list[Any]]:  # noqa: ANN401 the fields of Request
    """Ask for all paths in one batch; the answers are taken as an operation takes them."""
    method = about.pop("method", "GET")
    responses = yield tuple(Request("thing.read", method, path, **about) for path in paths)
    return [accept("thing.read", Answer(), FaultRules(), response) for response in responses]


def raw(path: str) -> Exchange[Response]:
    (response,) = yield (Request("thing.read", "GET", path),)
    return response


async def test_a_request_is_sent_as_it_is_said(connect: Connect, vendor: Misbehaving) -> None:
    request = {
        "method": "POST",
        "query": (("a b", "c&d=é"), ("a b", "")),
        "headers": (("If-Match", '"1"'),),
        "body": {"name": "Zoë"},
    }
    assert await connect().run(ask("/good", **request)) == [{"id": "1"}]
    method, target, headers, body = vendor.asked[0]
    assert (method, target) == ("POST", "/good?a%20b=c%26d%3D%C3%A9&a%20b=")
    assert headers["if-match"] == '"1"'
    assert headers["content-type"] == "application/json"
    assert headers["accept"] == "application/json"
    assert body == '{"name":"Zoë"}'.encode()


async def test_own_headers_win_and_a_get_has_no_body(connect: Connect, vendor: Misbehaving) -> None:
    await connect().run(ask("/good", headers=(("Accept", "text/plain"),)))
    _, _, headers, body = vendor.asked[0]
    assert headers["accept"] == "text/plain"
    assert "content-type" not in headers
    assert body == b""


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/redirect", 502, "failure"),
        ("/garbage", 502, "garbage"),
        ("/truncated", 502, "failure"),
        ("/not-http", 502, "failure"),
        ("/nothing", 502, "failure"),
        ("/reset", 502, "failure"),
        ("/large", 502, "garbage"),
        ("/bomb", 502, "garbage"),
        ("/badly-zipped", 502, "garbage"),
        ("/half-zipped", 502, "garbage"),
        ("/brotli", 502, "garbage"),
        ("/failing", 502, "failure"),
        ("/throttled", 503, "throttled"),
        ("/silent", 504, "timeout"),
        ("/drip", 504, "timeout"),
    ],
)
async def test_each_misbehaviour_has_its_status(
    connect: Connect, path: str, status: int, kind: str
) -> None:
    deadline = 0.4 if kind == "timeout" else 10.0
    with pytest.raises(VendorError) as failure:
        await connect(deadline=deadline).run(ask(path))
    assert (failure.value.status, failure.value.kind) == (status, kind)
    assert "127.0.0.1" not in str(failure.value)


async def test_a_redirect_is_never_followed(connect: Connect, vendor: Misbehaving) -> None:
    with pytest.raises(VendorError):
        await connect().run(ask("/redirect"))
    assert [target for _, target, _, _ in vendor.asked] == ["/redirect"]


@pytest.mark.parametrize("path", ["/silent", "/drip"])
async def test_the_deadline_is_for_the_whole_answer(connect: Connect, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(VendorError):
        await connect().run(ask(path, timeout=0.3))
    assert 0.25 < time.monotonic() - started < 0.55


async def test_nobody_listening_is_502(client: httpx.AsyncClient) -> None:
    transport = HttpTransport("http://127.0.0.1:9", (), {}, client, time.time)
    with pytest.raises(VendorError) as failure:
        await transport.run(ask("/good"))
    assert failure.value.status == 502


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
async def test_a_header_that_cannot_be_sent_is_an_error_and_nothing_is_sent(
    connect: Connect,
    vendor: Misbehaving,
    value: str,
) -> None:
    with pytest.raises(VendorError):
        await connect().run(ask("/good", headers=(("X-Site", value),)))
    assert [headers for _, _, headers, _ in vendor.asked if "x-evil" in headers] == []


async def test_a_compressed_answer_is_read(connect: Connect) -> None:
    assert await connect().run(ask("/zipped")) == [{"id": "1"}]


async def test_a_batch_is_sent_concurrently_and_answered_in_order(
    connect: Connect,
    vendor: Misbehaving,
) -> None:
    answers = await connect(batch=4).run(ask("/slow", "/zipped", "/slow", "/good", "/slow"))
    assert answers == [{"id": "1"}] * 5
    assert 2 <= vendor.most_under_way <= 4


async def test_no_more_requests_are_under_way_than_allowed(
    connect: Connect,
    vendor: Misbehaving,
) -> None:
    transport = connect(concurrent=3)
    await asyncio.gather(*(transport.run(ask("/slow")) for _ in range(12)))
    assert vendor.most_under_way == 3


async def test_the_wait_for_a_free_slot_counts_towards_the_deadline(connect: Connect) -> None:
    transport = connect(concurrent=1, deadline=0.2)
    started = time.monotonic()
    asked = (transport.run(ask("/silent")) for _ in range(5))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(outcome, VendorError) for outcome in outcomes)
    assert time.monotonic() - started < 0.45


async def test_one_failure_in_a_batch_ends_the_conversation(connect: Connect) -> None:
    closed = []

    def careful() -> Exchange[None]:
        try:
            yield (
                Request("a", "GET", "/good"),
                Request("b", "GET", "/reset"),
            )
        finally:
            closed.append(True)

    with pytest.raises(VendorError):
        await connect().run(careful())
    assert closed == [True]


async def test_the_transport_goes_on_after_failures(connect: Connect) -> None:
    transport = connect(concurrent=1)
    for path in ("/reset", "/bomb", "/truncated"):
        with pytest.raises(VendorError):
            await transport.run(ask(path))
    assert await transport.run(ask("/good")) == [{"id": "1"}]


async def test_a_response_keeps_its_headers_in_lower_case(connect: Connect) -> None:
    response = await connect().run(raw("/throttled"))
    assert (response.status, response.header("retry-after")) == (429, "3")


async def test_no_address_is_logged(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await connect().run(ask("/good", query=(("name", "Lovelace"),)))
    assert "Lovelace" not in caplog.text
