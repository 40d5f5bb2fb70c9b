"""How requests are signed, and how a token's end is known."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from portico.errors import VendorError
from portico.vendor.credential import (
    ExchangeCredential,
    Token,
    ask_for_token,
    authorize,
    exchange_of,
    take_token,
)
from portico.vendor.message import Request, Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Load = Callable[..., Vendor]

REQUEST = Request("thing.read", "GET", "/things/1", query=(("a", "b"),))
FILE = """
    portico: 1
    vendor: v
    settings: {user: required, key: secret}
    credential: %s
    objects: {}
"""
EXCHANGE = (
    "{kind: exchange, request: GET /auth, %s, send: {header: Authorization, value: '{token}'}}"
)
VALUES = {"user": "ann", "key": "k1"}


def exchange(load: Load, how: str) -> ExchangeCredential:
    credential = exchange_of(load(FILE % EXCHANGE % how).credential)
    assert credential is not None
    return credential


@pytest.mark.parametrize(
    ("credential", "header"),
    [
        ("{kind: bearer, token: '{key}'}", ("Authorization", "Bearer k1")),
        ("{kind: header, name: apiKey, value: '{key}'}", ("apiKey", "k1")),
        (
            "{kind: basic, user: '{user}', password: '{key}'}",
            ("Authorization", f"Basic {b64encode(b'ann:k1').decode()}"),
        ),
    ],
)
def test_a_fixed_credential_is_a_header(
    load: Load, credential: str, header: tuple[str, str]
) -> None:
    signed = authorize(load(FILE % credential).credential, REQUEST, VALUES)
    assert signed.headers == (header,)


def test_a_key_may_go_to_the_query(load: Load) -> None:
    credential = load(FILE % "{kind: query, name: key, value: '{key}'}").credential
    assert authorize(credential, REQUEST, VALUES).query == (("a", "b"), ("key", "k1"))


def test_an_open_vendor_needs_nothing(load: Load) -> None:
    assert authorize(load(FILE % "{kind: none}").credential, REQUEST, VALUES) == REQUEST


def test_several_parts_are_all_sent(meridian: Vendor) -> None:
    values = {"key": "k", "client": "c", "client_secret": "s"}
    signed = authorize(meridian.credential, REQUEST, values, Token("t0k", 0))
    assert signed.query[-1] == ("key", "k")
    assert signed.headers == (("X-Session", "v2 t0k"),)


def test_a_token_is_asked_for_with_a_form_at_its_own_address(meridian: Vendor) -> None:
    credential = exchange_of(meridian.credential)
    assert credential is not None
    asked = ask_for_token(credential, {"client": "c", "client_secret": "s"})
    assert (asked.base, asked.path) == ("https://login.meridian.example", "/oauth/token")
    assert asked.form == (("grant_type", "client_credentials"), ("id", "c"), ("secret", "s"))


@pytest.mark.parametrize(
    ("how", "body", "token"),
    [
        ("token: text, lifetime: 1h", b"abc\n", Token("abc", 3700)),
        ("token: text", b'"abc"', Token("abc", 3700)),
        ("token: a.b, expires_in: s", {"a": {"b": "abc"}, "s": 60}, Token("abc", 160)),
        ("token: t, expires: e", {"t": "abc", "e": "1970-01-01T00:05:00Z"}, Token("abc", 300)),
    ],
)
def test_a_token_ends_when_the_vendor_says(
    load: Load, answer: Answer, how: str, body: object, token: Token
) -> None:
    assert take_token(exchange(load, how), answer(body), 100) == token


@pytest.mark.parametrize("body", [b"not json", {"x": 1}, {"t": ["a"]}, {"t": "a\nb"}, {"t": ""}])
def test_an_answer_without_a_token_is_garbage(load: Load, answer: Answer, body: object) -> None:
    with pytest.raises(VendorError) as failure:
        take_token(exchange(load, "token: t"), answer(body), 0)
    assert (failure.value.status, failure.value.kind) == (502, "garbage")


@pytest.mark.parametrize(
    ("status", "kind", "ours"),
    [
        (400, "credential", 502),
        (401, "credential", 502),
        (429, "throttled", 503),
        (500, "failure", 502),
    ],
)
def test_a_refused_token_is_never_the_clients_fault(
    load: Load, answer: Answer, status: int, kind: str, ours: int
) -> None:
    with pytest.raises(VendorError) as failure:
        take_token(exchange(load, "token: t"), answer({}, status), 0)
    assert (failure.value.kind, failure.value.status) == (kind, ours)


def test_a_token_does_not_show_in_its_text(load: Load, answer: Answer) -> None:
    assert "abc" not in repr(take_token(exchange(load, "token: text"), answer(b"abc"), 0))
