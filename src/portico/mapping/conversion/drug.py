"""A drug in a vendor's four members ↔ CodeableConcept.

The members are the key and name of an entry of the vendor's catalogue, words of a person's own, and
a standard code. Nothing is looked up that the client did not say: what the catalogue lacks is kept
as words and code. One record is one drug, so over a record the same drug may be said more fully,
but another one is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portico import Json
from portico.mapping.conversion.catalogue import Catalogue, CatalogueEntry
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.transform import RefusalError, Transform

MEMBERS = 4

_OTHER = "another drug than the record's; stop that one and create this one"
_DISAGREE = "its codes name different entries of the vendor's catalogue"


@dataclass(frozen=True, slots=True)
class _Drug:
    """One drug as the vendor keeps it."""

    key: str | None = None
    name: str | None = None
    words: str | None = None
    code: str | None = None

    @property
    def text(self) -> str | None:
        return self.words or self.name

    @property
    def members(self) -> tuple[Json, ...]:
        return self.key, self.name, self.words, self.code


@dataclass(frozen=True, slots=True)
class _Systems:
    """The URIs of the vendor's own keys and of the standard code."""

    local: str
    standard: str


def drug(name: str, local: str, standard: str) -> Transform:
    """(key, name, words, code) of catalogue `name` ↔ CodeableConcept."""
    systems = _Systems(local, standard)

    def get(*values: Json, context: Context) -> Json:
        return _concept(_Drug(*values), context.catalogues.get(name), systems)

    def put(concept: Json, old: tuple[Json, ...], *, context: Context) -> Json:
        catalogue = context.catalogues.get(name)
        made = _drug(concept or {}, catalogue, systems)
        if not any(made.members):
            raise RefusalError("an order is of a drug that the vendor can say", "required")
        _check_same(_Drug(*old), made, catalogue, systems)
        return made.members

    return Transform(
        get, put, members=MEMBERS, lossy=True, total=True, contextual=True, catalogue=name
    )


def _concept(found: _Drug, catalogue: Catalogue | None, systems: _Systems) -> Json:
    """The record's own code stands before that of the catalogue's entry."""
    entry = catalogue.entry(found.key) if catalogue and found.key else None
    name = found.name or (entry.text if entry else None)
    codings = [_coding(systems.local, found.key, name)] if found.key else []
    codings += [_coding(systems.standard, found.code, None)] if found.code else []
    said = {coding["system"] for coding in codings}
    codings += [_coding(*row) for row in entry.codings if row[0] not in said] if entry else []
    concept: dict[str, Json] = {"coding": codings} if codings else {}
    text = found.words or name
    return concept | ({"text": text} if text else {}) or None


def _coding(system: str, code: str, display: str | None) -> dict[str, str]:
    made = {"system": system, "code": code}
    return made | ({"display": display} if display else {})


def _drug(concept: Json, catalogue: Catalogue | None, systems: _Systems) -> _Drug:
    codings = concept.get("coding") or []
    keys, codes = _codes(codings, systems.local), _codes(codings, systems.standard)
    text = concept.get("text")
    if len(keys) > 1:
        raise RefusalError(_DISAGREE, "conflict")
    entry = _entry(catalogue, systems.standard, (keys, codes, text)) if catalogue else None
    if entry is None:
        key, words = next(iter(keys), None), text or _display(codings)
        return _Drug(key, words=words, code=next(iter(codes), None))
    known = [code for code in codes if code in _own(entry, systems.standard)]
    _check_agreement(entry, codings)
    words = None if text == entry.text else text
    return _Drug(entry.key, entry.text, words, next(iter([*known, *codes]), None))


def _entry(
    catalogue: Catalogue, standard: str, said: tuple[list[str], list[str], str | None]
) -> CatalogueEntry | None:
    """The entry that is meant; None where there is none, or where several could be."""
    keys, codes, text = said
    if keys:
        entry = catalogue.entry(keys[0])
        if entry is None:
            raise RefusalError("the vendor's catalogue has no entry for it", "code-invalid")
        return entry
    named = catalogue.keys_of_text(text or "")
    coded = {key for code in codes for key in catalogue.keys_of_code(standard, code)}
    found = (coded & named or coded) if codes else named
    return catalogue.entry(next(iter(found))) if len(found) == 1 else None


def _check_agreement(entry: CatalogueEntry, codings: list[Json]) -> None:
    """Of each system in which the entry has a code, one code that was sent must be the entry's."""
    for system in {row[0] for row in entry.codings}:
        sent = _codes(codings, system)
        if sent and not _own(entry, system) & {*sent}:
            raise RefusalError(_DISAGREE, "conflict")


def _check_same(old: _Drug, new: _Drug, catalogue: Catalogue | None, systems: _Systems) -> None:
    """Where both have a code of one system it must be the same one, else the words must."""
    if not any(old.members):
        return
    before, after = (_known(one, catalogue, systems) for one in (old, new))
    shared = before.keys() & after.keys()
    if any(before[system].isdisjoint(after[system]) for system in shared):
        raise RefusalError(_OTHER, "business-rule")
    if not shared and (old.text or "").casefold() != (new.text or "").casefold():
        raise RefusalError(_OTHER, "business-rule")


def _known(
    one: _Drug, catalogue: Catalogue | None, systems: _Systems
) -> Mapping[str, frozenset[str]]:
    """What a drug is by codes, by their systems."""
    entry = catalogue.entry(one.key) if catalogue and one.key else None
    found = {row[0]: _own(entry, row[0]) for row in entry.codings} if entry else {}
    found |= {systems.local: frozenset({one.key})} if one.key else {}
    return found | ({systems.standard: frozenset({one.code})} if one.code else {})


def _own(entry: CatalogueEntry, system: str) -> frozenset[str]:
    return frozenset(code for known, code, _ in entry.codings if known == system)


def _codes(codings: list[Json], system: str) -> list[str]:
    found = (coding.get("code") for coding in codings if coding.get("system") == system)
    return list(dict.fromkeys(code for code in found if code))


def _display(codings: list[Json]) -> str | None:
    return next((coding["display"] for coding in codings if coding.get("display")), None)
