"""A vendor's dosage in words ↔ the one entry of `dosageInstruction`.

`text` is the whole of it, as a person reads it: dose, route and frequency in a row. Where the
vendor keeps these apart they stand beside the text as well (the dose in an extension, since R4 has
none in words), and the three and the text must say the same. What was written with a text is kept
as that text, whole; half of a dosage that has no text is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portico import Json
from portico.mapping.conversion.transform import RefusalError, Transform, date

MEMBERS = 5
_BETWEEN = ", "
_WORDS = 3
_HELD = frozenset({"id", "extension", "sequence", "text", "timing", "route"})
_HELD_REPEAT = frozenset({"id", "boundsPeriod"})
_day = date()


@dataclass(frozen=True, slots=True)
class _Urls:
    """The extensions for a dose in words, and for an end before its start, which no Period has."""

    dose: str
    end: str


def sig(dose: str, end: str) -> Transform:
    """(dose, route, frequency, first day, last day) ↔ dosageInstruction."""
    urls = _Urls(dose, end)

    def get(*values: Json) -> Json:
        made = dict(_elements(values[:_WORDS], values[_WORDS:], urls))
        return [made] if made else None

    def put(dosages: list[Json], old: tuple[Json, ...]) -> Json:
        if len(dosages) > 1:
            raise RefusalError("the vendor holds one dosage of an order", "business-rule")
        return *_words(dosages[0], old[:_WORDS], urls), *_days(dosages[0], urls)

    return Transform(get, put, members=MEMBERS)


def _elements(
    words: tuple[Json, ...], days: tuple[Json, ...], urls: _Urls
) -> Iterator[tuple[str, Json]]:
    """The elements of a Dosage, in R4's order."""
    (dose, route, frequency), (start, end) = words, days
    turned = bool(start and end and end < start)
    extensions = [_extension(urls.dose, "String", dose)] if dose and (route or frequency) else []
    extensions += [_extension(urls.end, "Date", end)] if turned else []
    if extensions:
        yield "extension", extensions
    if any(words):
        yield "text", _joined(words)
    bounds = {"start": start, "end": None if turned else end}
    period = {name: day for name, day in bounds.items() if day}
    timing = {"repeat": {"boundsPeriod": period}} if period else {}
    timing |= {"code": {"text": frequency}} if frequency else {}
    if timing:
        yield "timing", timing
    if route:
        yield "route", {"text": route}


def _words(dosage: Json, old: tuple[Json, ...], urls: _Urls) -> tuple[Json, ...]:
    """Dose, route and frequency as the vendor should keep them."""
    said = (_extended(dosage, urls.dose), _route(dosage), _frequency(dosage))
    text = dosage.get("text")
    if text is None and any(said):
        _check_whole(dosage)
    if text in (None, _joined(said)):
        return said
    in_parts = said[0] or any(old[1:])
    if in_parts and any(said):
        what = "text and parts of the dosage disagree; send the text alone, or parts that fit it"
        raise RefusalError(what, "business-rule")
    return text, None, None


def _check_whole(dosage: Json) -> None:
    """Refuse a dosage without a text of which the vendor could hold only a part."""
    timing = dosage.get("timing") or {}
    lacks = (
        dosage.keys() - _HELD,
        timing.keys() - {"id", "code", "repeat"},
        (timing.get("repeat") or {}).keys() - _HELD_REPEAT,
        "route" in dosage and not _route(dosage),
        "code" in timing and not _frequency(dosage),
    )
    if any(lacks):
        what = "half of the dosage would be another one; send the whole as dosageInstruction.text"
        raise RefusalError(what, "business-rule")


def _days(dosage: Json, urls: _Urls) -> tuple[Json, Json]:
    timing = dosage.get("timing") or {}
    period = (timing.get("repeat") or {}).get("boundsPeriod") or {}
    end = period.get("end") or _extended(dosage, urls.end)
    start, end = (_day.put(day, ()) if day else None for day in (period.get("start"), end))
    return start, end


def _route(dosage: Json) -> str | None:
    return _named(dosage.get("route") or {})


def _frequency(dosage: Json) -> str | None:
    return _named((dosage.get("timing") or {}).get("code") or {})


def _named(concept: Json) -> str | None:
    """A concept in words: its text, or what its first coding is called."""
    coding: Json = next(iter(concept.get("coding") or ()), {})
    found: str | None = concept.get("text") or coding.get("display")
    return found


def _joined(words: tuple[Json, ...]) -> str | None:
    return _BETWEEN.join(word for word in words if word) or None


def _extension(url: str, kind: str, value: str) -> dict[str, str]:
    return {"url": url, f"value{kind}": value}


def _extended(dosage: Json, url: str) -> str | None:
    found = (one for one in dosage.get("extension") or () if one.get("url") == url)
    extension: Json = next(found, {})
    value: str | None = extension.get("valueString") or extension.get("valueDate")
    return value
