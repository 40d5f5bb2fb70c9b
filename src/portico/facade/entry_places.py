"""Which entry of a transaction became which resource of the record, as it reads back.

The record may hold its resources in another order than they were sent (grouped by drug, say). So
each entry is converted once more, alone beside the entries that are the only ones of their type:
what it reads back as then is what it reads back as in the whole record.
"""

from collections import Counter
from collections.abc import Sequence

from portico import Json
from portico.errors import FhirError, Issue
from portico.facade.snapshot import Item, items_of
from portico.facade.transaction_request import Entry, as_bundle
from portico.mapping.conversion.context import Context
from portico.mapping.running.bundle import BundleModule


def places(
    entries: Sequence[Entry], items: Sequence[Item], module: BundleModule, context: Context
) -> tuple[int, ...]:
    """The position in `items` for each entry. FhirError 422 for an entry that has none."""
    counts = Counter(entry.resource_type for entry in entries)
    alone = [entry for entry in entries if counts[entry.resource_type] == 1]
    found: dict[int, int] = {}
    for at, entry in enumerate(entries):
        if counts[entry.resource_type] > 1:
            image = _image(entry, alone, module, context)
            _place(found, at, [n for n, one in enumerate(items) if one.image == image])
    for at, entry in enumerate(entries):
        if at not in found:
            same_type = (n for n, one in enumerate(items) if _is_of_type(one, entry))
            _place(found, at, list(same_type))
    issues = [_homeless(entry) for at, entry in enumerate(entries) if at not in found]
    if issues:
        raise FhirError(422, *issues)
    return tuple(found[at] for at in range(len(entries)))


def _image(entry: Entry, alone: list[Entry], module: BundleModule, context: Context) -> Json:
    bundle = as_bundle((*alone, entry))
    record = module.to_vendor(bundle, None, context).record
    items = items_of(module.to_fhir(record, context))
    return next((one.image for one in items if _is_of_type(one, entry)), None)


def _place(found: dict[int, int], at: int, candidates: list[int]) -> None:
    taken = set(found.values())
    free = next((one for one in candidates if one not in taken), None)
    if free is not None:
        found[at] = free


def _is_of_type(item: Item, entry: Entry) -> bool:
    return item.resource_type == entry.resource_type


def _homeless(entry: Entry) -> Issue:
    what = f"{entry.expression}: the vendor's record has no place for it"
    return Issue("not-supported", what, expression=(entry.expression,))
