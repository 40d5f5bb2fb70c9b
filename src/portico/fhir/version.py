"""Versions of resources: ETags, preconditions, and version ids for vendors that have none.

https://hl7.org/fhir/R4/http.html#concurrency
"""

import hmac
import re
from dataclasses import dataclass

import msgspec

from portico import Json
from portico.errors import FhirError, Issue

_ENTITY_TAG = re.compile(r'\s*(?:W/)?"([\x21\x23-\x7e]*)"\s*(?:,|$)')
_canonical = msgspec.json.Encoder(order="sorted", decimal_format="number")
_DIGEST_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Precondition:
    """The versions that an If-Match or If-None-Match header names; `any` is its `*`."""

    version_ids: frozenset[str] = frozenset()
    any: bool = False

    def names(self, version_id: str | None) -> bool:
        """Whether the header names this current version; None says that there is no resource."""
        return version_id is not None and (self.any or version_id in self.version_ids)


def etag(version_id: str) -> str:
    """The weak ETag of a version: `W/"3"`."""
    return f'W/"{version_id}"'


def parse_precondition(header: str) -> Precondition:
    """Read If-Match or If-None-Match: `*`, or ETags with commas between; FhirError 400 if neither.

    Weak and strong ETags are the same here, since R4 uses weak ones for If-Match.
    """
    header = header.strip()
    if header == "*":
        return Precondition(any=True)
    version_ids, at = set(), 0
    while at < len(header):
        found = _ENTITY_TAG.match(header, at)
        if found is None:
            raise _not_entity_tags()
        version_ids.add(found[1])
        at = found.end()
    if not version_ids:
        raise _not_entity_tags()
    return Precondition(frozenset(version_ids))


def digest_version(key: bytes, document: Json) -> str:
    """A version id for a document that has none: equal documents have equal ids.

    The order of members does not count, the digits of a decimal do. Without the key nothing about
    the contents can be guessed from the id, which is fit for `meta.versionId`.
    """
    return hmac.digest(key, _canonical.encode(document), "sha256").hex()[:_DIGEST_CHARACTERS]


def _not_entity_tags() -> FhirError:
    what = 'If-Match and If-None-Match take ETags such as W/"3", with commas between, or *'
    return FhirError(400, Issue("value", what))
