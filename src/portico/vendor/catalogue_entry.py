"""One entry of a vendor's catalogue, as its source in the connection file says."""

from portico import Json
from portico.mapping.conversion.catalogue import CatalogueEntry
from portico.vendor.dotted import DottedPath
from portico.vendor.model import CatalogueSource


def entry_of(source: CatalogueSource, key: str, item: Json) -> CatalogueEntry:
    """The entry of an answered item: its text, its standard codes, and the vendor's own."""
    text = _text(source.text, item)
    codings = [(system, _text(path, item)) for path, system in source.codes]
    own = ((source.local, key, text),) if source.local else ()
    standard = tuple((system, code, None) for system, code in codings if code)
    return CatalogueEntry(key, text, (*standard, *own))


def _text(path: DottedPath | None, item: Json) -> str | None:
    value = path.first(item) if path else None
    return str(value) if isinstance(value, str | int) else None
