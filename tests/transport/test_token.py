"""Tokens: asked for once, kept until shortly before their end, renewed when refused."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from portico.errors import VendorError
from portico.transport.http import HttpTransport
from portico.vendor.answer import Answer, accept
from portico.vendor.credential import Credential, ExchangeCredential, HeaderCredential
from portico.vendor.fault import FaultRules
from portico.vendor.message import Exchange, Request
from portico.vendor.query import RequestTemplate
from portico.vendor.template import parse_template

Connect = Callable[..., HttpTransport]


class Misbehaving(Protocol):
    """What the tests look at of the vendor that misbehaves as told."""

    asked: list[tuple[str, str, dict[str, str], bytes]]
    tokens: list[str]
    refused: set[str]


class Clock(Protocol):
    """POSIX seconds that pass when a test says so."""

    now: float


NOTHING = parse_template("")
AN_HOUR = 3600.0


def by_token(path: str) -> Credential:
    send = HeaderCredential("Authorization", parse_template("{token}"))
    request = RequestTemplate("GET", parse_template(path), NOTHING)
    return (ExchangeCredential(request, None, None, send, AN_HOUR),)


def ask() -> Exchange[Any]:
    (response,) = yield (Request("thing.read", "GET", "/guarded"),)
    return accept("thing.read", Answer(), FaultRules(), response)


async def test_many_requests_share_one_token(connect: Connect, vendor: Misbehaving) -> None:
    transport = connect(by_token("/token"))
    await asyncio.gather(*(transport.run(ask()) for _ in range(10)))
    assert vendor.tokens == ["t1"]


async def test_a_token_is_renewed_shortly_before_it_ends(
    connect: Connect,
    vendor: Misbehaving,
    clock: Clock,
) -> None:
    transport = connect(by_token("/token"))
    await transport.run(ask())
    clock.now += AN_HOUR - 61
    await transport.run(ask())
    assert vendor.tokens == ["t1"]
    clock.now += 2
    await transport.run(ask())
    assert vendor.tokens == ["t1", "t2"]


async def test_a_refused_token_is_renewed_once_for_all(
    connect: Connect, vendor: Misbehaving
) -> None:
    transport = connect(by_token("/token"))
    await transport.run(ask())
    vendor.refused.add("t1")
    answers = await asyncio.gather(*(transport.run(ask()) for _ in range(5)))
    assert answers == [{"id": "1"}] * 5
    assert vendor.tokens == ["t1", "t2"]


async def test_a_vendor_that_refuses_every_token_is_502_and_not_asked_forever(
    connect: Connect,
    vendor: Misbehaving,
) -> None:
    vendor.refused |= {"t1", "t2", "t3"}
    with pytest.raises(VendorError) as failure:
        await connect(by_token("/token")).run(ask())
    assert (failure.value.status, failure.value.kind) == (502, "credential")
    assert vendor.tokens == ["t1", "t2"]


@pytest.mark.parametrize(
    ("path", "status"), [("/failing", 502), ("/silent", 504), ("/redirect", 502), ("/reset", 502)]
)
async def test_a_token_that_cannot_be_had_fails_the_request_in_time(
    connect: Connect, path: str, status: int
) -> None:
    deadline = 0.3 if path == "/silent" else 10.0
    with pytest.raises(VendorError) as failure:
        await connect(by_token(path), deadline=deadline).run(ask())
    assert failure.value.status == status


async def test_a_fixed_credential_is_sent_once_and_refused_as_502(
    connect: Connect,
    vendor: Misbehaving,
) -> None:
    fixed = (HeaderCredential("Authorization", parse_template("wrong")),)
    with pytest.raises(VendorError) as failure:
        await connect(fixed).run(ask())
    assert (failure.value.status, len(vendor.asked)) == (502, 1)
