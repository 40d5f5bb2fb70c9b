"""Code tables as transforms: vendor codes ↔ `code`, `Coding` or `CodeableConcept`.

A table says for each vendor code what it means in FHIR, and for each FHIR code which vendor code
is written for it. What does not invert keeps its vendor code beside it (`carry`): for a `code` in
an extension, for a concept in a second coding of the vendor's own system.
"""

from collections.abc import Callable
from dataclasses import replace

from portico import Json
from portico.mapping.conversion.transform import RefusalError, Transform, UnholdableError
from portico.mapping.language.rule import CodeTable


def code(table: CodeTable, *, carry: bool) -> Transform:
    """Vendor code ↔ FHIR code."""
    ready = {
        value: (found, _carried(table, found, value)) if carry else found
        for value, found in table.to_fhir.items()
        if isinstance(value, str)
    }

    def get(value: Json) -> Json:
        found = _to_fhir(table, value)
        return (found, _carried(table, found, value)) if carry else found

    def put(value: Json, *rest: Json) -> Json:
        carried, old = rest if carry else (None, rest[0])
        return _to_vendor(table, value, (carried, old[0]))

    made = Transform(
        get,
        put,
        total=True,
        accepts=_accepts(table),
        codes=_codes(table),
        inline="{ready}[{0}] if {0} in {ready} else {unknown}({0})",
        uses={"ready": ready, "unknown": get},
    )
    return replace(made, slots=2, companions=("vendor-code",)) if carry else made


def _kinds(table: CodeTable) -> tuple[type, ...]:
    """The types of vendor codes that equal no code of another type, as 1 equals true."""
    return (str,) if any(type(value) is int for value in table.to_fhir) else (str, bool)


def _carried(table: CodeTable, found: str | None, value: Json) -> Json:
    """The vendor's code, where the FHIR code alone would not find it again."""
    return value if table.to_vendor.get(found) != value else None


def _accepts(table: CodeTable) -> Callable[[Json, str], bool]:
    def accepts(value: Json, side: str) -> bool:
        return value in (table.to_fhir if side == "to_fhir" else table.to_vendor)

    return accepts


def concept(table: CodeTable) -> Transform:
    """Vendor code ↔ CodeableConcept; an unknown vendor code stays as text or as a local coding."""
    coding_get, find = _coding(table)

    def get(value: Json) -> Json:
        if value.__class__ in kinds and value in ready:
            return {"coding": [one.copy() for one in ready[value]]}
        return made(value)

    def made(value: Json) -> Json:
        found = table.to_fhir.get(value)
        if found is None and value in table.to_fhir:
            return None
        standard = [coding_get(found)] if found else []
        local = [{"system": table.local, "code": str(value)}] if table.local else []
        needed = found is None or table.to_vendor.get(found) != value
        codings = standard + (local if needed else [])
        return {"coding": codings} if codings else {"text": str(value)}

    def put(value: Json, old: tuple[Json, ...]) -> Json:
        codings = value.get("coding") or []
        carried = next((c.get("code") for c in codings if c.get("system") == table.local), None)
        match = next((c for c in codings if find(c)), None)
        if match:
            return _to_vendor(table, match["code"], (_known(table, carried), old[0]))
        if carried is not None:
            return _known(table, carried) or carried
        if not codings and value.get("text") and table.local is None:
            return value["text"]
        raise UnholdableError("no code of it has a place at the vendor")

    kinds = _kinds(table)
    ready = {
        value: concept["coding"]
        for value in table.to_fhir
        if isinstance(value, kinds) and (concept := made(value))
    }
    return Transform(get, put, lossy=True, codes=_codes(table))


def coding(table: CodeTable) -> Transform:
    """Vendor code ↔ Coding."""
    coding_get, find = _coding(table)

    def get(value: Json) -> Json:
        found = _to_fhir(table, value)
        return coding_get(found) if found else None

    def put(value: Json, old: tuple[Json, ...]) -> Json:
        if not find(value):
            raise UnholdableError("this code has no place at the vendor")
        return _to_vendor(table, value["code"], (None, old[0]))

    return Transform(get, put, lossy=True, codes=_codes(table))


def _codes(table: CodeTable) -> frozenset[str]:
    """The FHIR codes that the table says how to write."""
    return frozenset(code for code in table.to_vendor if code is not None)


def _coding(table: CodeTable) -> tuple[Callable[[str], Json], Callable[[Json], bool]]:
    def build(fhir_code: str) -> Json:
        made = {"system": table.systems.get(fhir_code, table.system), "code": fhir_code}
        if fhir_code in table.display:
            made["display"] = table.display[fhir_code]
        return made

    def find(candidate: Json) -> bool:
        fhir_code = candidate.get("code")
        known = fhir_code in table.to_vendor or fhir_code in table.reject
        return known and candidate.get("system") == table.systems.get(fhir_code, table.system)

    return build, find


def _to_fhir(table: CodeTable, value: Json) -> str | None:
    if value in table.to_fhir:
        return table.to_fhir[value]
    if value is None:
        return None
    raise RefusalError(f"the table '{table.name}' does not know this vendor code", "code-invalid")


def _to_vendor(table: CodeTable, value: Json, hints: tuple[Json, ...]) -> Json:
    """The carried vendor code if it agrees, else the stored one if it agrees, else the winner."""
    if value in table.reject:
        raise RefusalError(table.reject[value], "business-rule")
    for hint in hints:
        if hint is not None and _known(table, hint) and table.to_fhir[hint] == value:
            return hint
    if value in table.to_vendor:
        return table.to_vendor[value]
    if value is None:
        return None
    raise RefusalError(f"the vendor has no code for it (table '{table.name}')", "code-invalid")


def _known(table: CodeTable, hint: Json) -> Json:
    return hint if isinstance(hint, str | bool | int) and hint in table.to_fhir else None
