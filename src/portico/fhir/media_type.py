"""Media types: in which form a client wants its answer, and in which form it sent its resource.

https://hl7.org/fhir/R4/http.html#mime-type. Portico speaks JSON only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portico.errors import FhirError, Issue

FHIR_JSON = "application/fhir+json"
# In the order of preference when the client does not mind.
_OFFERED = (FHIR_JSON, "application/json", "text/json")
# `_format` may shorten; the names before STU3 are still in use; a `+` in a URL may be a space.
_ALIASES = {
    "json": FHIR_JSON,
    "application/json+fhir": FHIR_JSON,
    "application/json fhir": FHIR_JSON,
    "application/fhir json": FHIR_JSON,
}
_WEIGHT = re.compile(r"0(\.\d*)?|1(\.0*)?|\.\d+")
_FHIR_VERSIONS = frozenset({"4.0", "4.0.1"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
# What stands between separators, which do not count inside quotes.
_BETWEEN = {char: re.compile(rf'(?:[^{char}"]|"[^"]*"?)+') for char in ",;"}


@dataclass(frozen=True, slots=True)
class MediaType:
    """One media type or range; `name` and the names of parameters are lower case."""

    name: str
    parameters: Mapping[str, str]

    @property
    def quality(self) -> float:
        """The weight `q`; what is no weight counts as nothing, so it never wins."""
        text = self.parameters.get("q", "1")
        return float(text) if _WEIGHT.fullmatch(text) else 0.0

    @property
    def is_our_version(self) -> bool:
        return self.parameters.get("fhirversion", "4.0") in _FHIR_VERSIONS

    def rank(self, offered: str) -> int | None:
        """How closely a range names an offered type: 2 exactly, 1 by `type/*`, 0 by `*/*`."""
        if self.name == offered:
            return 2
        if self.name == offered.partition("/")[0] + "/*":
            return 1
        return 0 if self.name in ("*/*", "*") else None


def negotiate(accept: str | None, format_: str | None = None) -> str:
    """Choose the Content-Type of the answer; FhirError 406 when no form we have is acceptable.

    `accept` is the Accept header, `format_` the `_format` parameter, which overrides it.
    """
    if format_:
        accept = format_
    ranges = tuple(_parse_list(accept)) if accept and accept.strip() else ()
    if not ranges:
        return f"{FHIR_JSON};charset=utf-8"
    quality, chosen = max(
        ((_quality(offered, ranges), offered) for offered in _OFFERED), key=lambda pair: pair[0]
    )
    if not quality:
        what = f"answers are {FHIR_JSON} of FHIR 4.0 only; ask for that in Accept or _format"
        raise FhirError(406, Issue("not-supported", what))
    return f"{chosen};charset=utf-8"


def check_content_type(content_type: str | None) -> None:
    """Refuse the body of a write that does not say it is FHIR R4 JSON: FhirError 415."""
    media = _parse(content_type or "")
    if media.name not in _OFFERED:
        raise _unsupported(f"send {FHIR_JSON}; no other Content-Type is understood")
    if not media.is_our_version:
        raise _unsupported("only fhirVersion=4.0 is understood")
    if media.parameters.get("charset", "utf-8").lower() not in _CHARSETS:
        raise _unsupported("JSON is UTF-8; no other charset is understood")


def _quality(offered: str, ranges: tuple[MediaType, ...]) -> float:
    """The weight that the closest range gives to an offered type, as RFC 9110 12.5.1 says."""
    ranked = [
        (rank, media.quality)
        for media in ranges
        if media.is_our_version and (rank := media.rank(offered)) is not None
    ]
    return max(ranked)[1] if ranked else 0.0


def _parse_list(text: str) -> Iterator[MediaType]:
    return (_parse(part) for part in _BETWEEN[","].findall(text) if part.strip())


def _parse(text: str) -> MediaType:
    name, *rest = [part.strip() for part in _BETWEEN[";"].findall(text)] or [""]
    pairs = (part.partition("=") for part in rest)
    parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
    return MediaType(_ALIASES.get(name.lower(), name.lower()), parameters)


def _unsupported(what: str) -> FhirError:
    return FhirError(415, Issue("not-supported", what))
