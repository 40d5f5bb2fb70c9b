"""A vendor's catalogue entry ↔ CodeableConcept.

Towards FHIR: the vendor's own coding, the standard codes that the catalogue has, and the text.
Towards the vendor: the one entry on which every coding that the catalogue knows agrees. A code of
a system in which that entry has another code is a contradiction and refused: a client that edits
only the standard code must not be understood as having changed nothing.
"""

from portico import Json
from portico.mapping.conversion.catalogue import Catalogue, CatalogueEntry
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.transform import RefusalError, Transform


def lookup(name: str, local: str) -> Transform:
    """(key, text) of catalogue `name` ↔ CodeableConcept; `local` is the URI of its own codes."""

    def get(key: Json, text: Json, *, context: Context) -> Json:
        catalogue = context.catalogues.get(name)
        entry = catalogue.entry(key) if catalogue and key else None
        text = text or (entry.text if entry else None)
        codings = [_coding(local, key, text)] if key else []
        codings += [_coding(*row) for row in entry.codings if row[0] != local] if entry else []
        concept = {"coding": codings} if codings else {}
        return concept | ({"text": text} if text else {}) or None

    def put(concept: Json, _old: tuple[Json, ...], *, context: Context) -> Json:
        catalogue = context.catalogues.get(name)
        codings = concept.get("coding") or []
        own = [c["code"] for c in codings if c.get("system") == local and c.get("code")]
        if catalogue is None:
            if len(own) != 1:
                raise RefusalError(f"the catalogue '{name}' is needed to find the code")
            return own[0], concept.get("text")
        entry = _choose(catalogue, _candidates(catalogue, concept, own), concept)
        _agree(entry, codings)
        return entry.key, entry.text

    return Transform(get, put, members=2, lossy=True, contextual=True, catalogue=name)


def _coding(system: str, code: str, display: str | None) -> dict[str, str]:
    made = {"system": system, "code": code}
    return made | ({"display": display} if display else {})


def _candidates(catalogue: Catalogue, concept: Json, own: list[str]) -> frozenset[str] | None:
    """The keys on which all that is known agrees; None if nothing is known."""
    sets = [frozenset({key} if catalogue.entry(key) else ()) for key in own]
    for coding in concept.get("coding") or []:
        keys = catalogue.keys_of_code(coding.get("system", ""), coding.get("code", ""))
        sets += [keys] if keys else []
    if not sets:
        keys = catalogue.keys_of_text(concept.get("text") or "")
        sets = [keys] if keys else []
    return frozenset.intersection(*sets) if sets else None


def _choose(catalogue: Catalogue, keys: frozenset[str] | None, concept: Json) -> CatalogueEntry:
    if keys is None:
        raise RefusalError("the vendor's catalogue has no entry for it", "code-invalid")
    if not keys:
        raise RefusalError("its codes name different entries of the vendor's catalogue", "conflict")
    if len(keys) > 1:
        named = catalogue.keys_of_text(concept.get("text") or "") & keys
        if len(named) != 1:
            raise RefusalError(
                "several entries of the vendor's catalogue fit; send the vendor's own code",
                "multiple-matches",
            )
        keys = named
    entry = catalogue.entry(next(iter(keys)))
    if entry is None:
        raise RefusalError("the vendor's catalogue has no entry for it", "code-invalid")
    return entry


def _agree(entry: CatalogueEntry, codings: list[Json]) -> None:
    for coding in codings:
        known = {code for system, code, _ in entry.codings if system == coding.get("system")}
        if known and coding.get("code") not in known:
            raise RefusalError(
                "its codes name different entries of the vendor's catalogue", "conflict"
            )
