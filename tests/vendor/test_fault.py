"""What a vendor's refusal means for a FHIR client."""

from collections.abc import Callable
from typing import Any

import pytest

from portico.errors import VendorError
from portico.vendor.exchange import read
from portico.vendor.message import Response
from portico.vendor.model import Vendor

Answer = Callable[..., Response]
Hold = Callable[..., tuple[list[Any], Any]]
Load = Callable[..., Vendor]
Refuse = Callable[..., VendorError]

FILE = """
    portico: 1
    vendor: v
    defaults:
      error:
        message: [detail, "detail[].msg", error.text, "."]
        code: error.code
        member: ["detail[].loc", "error.field"]
        within: body
      status:
        409: {"Version conflict*": version-conflict, "*key*": idempotency-conflict}
        400: {OVERLAY: duplicate, "no such *": not-found}
    objects: {thing: {key: id, read: "GET /things/{id}"}}
"""


@pytest.fixture
def refused(load: Load, answer: Answer, hold: Hold) -> Refuse:
    """What a read raises when the vendor answers so."""
    vendor = load(FILE)

    def raised(body: object, status: int, **headers: str) -> VendorError:
        with pytest.raises(VendorError) as failure:
            hold(read(vendor, "thing", {"id": "1"}), answer(body, status, **headers))
        return failure.value

    return raised


@pytest.mark.parametrize(
    ("status", "kind", "ours", "code"),
    [
        (301, "failure", 502, "exception"),
        (400, "business-rule", 422, "business-rule"),
        (401, "credential", 502, "security"),
        (403, "credential", 502, "security"),
        (404, "not-found", 404, "not-found"),
        (409, "conflict", 409, "conflict"),
        (410, "gone", 410, "deleted"),
        (412, "version-conflict", 409, "conflict"),
        (422, "business-rule", 422, "business-rule"),
        (429, "throttled", 503, "throttled"),
        (500, "failure", 502, "exception"),
        (503, "failure", 502, "exception"),
        (504, "timeout", 504, "timeout"),
    ],
)
def test_without_a_rule_the_status_decides(
    refused: Refuse, status: int, kind: str, ours: int, code: str
) -> None:
    error = refused({}, status)
    assert (error.kind, error.status, error.issues[0].code) == (kind, ours, code)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"detail": "Version conflict: expected 3, got 2"}, 409, "version-conflict"),
        ({"detail": "duplicate Idempotency-key"}, 409, "idempotency-conflict"),
        ({"detail": "Chart number taken"}, 409, "conflict"),
        ({"error": {"code": "OVERLAY", "text": "two persons"}}, 400, "duplicate"),
        (b"no such thing", 400, "not-found"),
    ],
)
def test_a_rule_tells_refusals_of_one_status_apart(
    refused: Refuse, body: object, status: int, kind: str
) -> None:
    assert refused(body, status).kind == kind


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({"detail": [{"loc": ["body", "name"]}, {"loc": ["body", "a", 0]}]}, ("name", "a.0")),
        ({"error": {"field": "/body/gender"}}, ("gender",)),
        ({"detail": [{"loc": ["body", "Ann said: no"]}]}, ()),
    ],
)
def test_the_members_that_the_vendor_complains_of_are_named(
    refused: Refuse, body: object, members: tuple[str, ...]
) -> None:
    assert refused(body, 422).members == members


def test_the_vendors_words_are_never_repeated(refused: Refuse) -> None:
    error = refused({"detail": "Ada Lovelace, born 1815-12-10, exists"}, 422)
    assert str(error) == ("thing.read: the vendor refused it by a rule of its own (status 422)")


@pytest.mark.parametrize(
    ("told", "sent"), [({"retry_after": "7"}, "7"), ({}, "1"), ({"retry_after": "soon"}, "1")]
)
def test_a_throttling_vendor_tells_when_to_come_back(
    refused: Refuse, told: dict[str, str], sent: str
) -> None:
    assert refused({}, 429, **told).headers == (("Retry-After", sent),)
