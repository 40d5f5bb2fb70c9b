"""The resources of a record that was sent to a vendor without reads, and the ids they keep.

The module reads the record as a Bundle whose entries refer to each other by `urn:uuid:`. The ids
are the store's: an entry that is in the former snapshot too keeps the id that it has there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json, Resource
from portico.errors import Issue, PorticoError
from portico.facade.ports import Snapshot, SnapshotEntry
from portico.facade.version import versioned
from portico.fhir import reference
from portico.mapping.conversion.context import Context
from portico.mapping.running.bundle import BundleModule

_MEDICAL_RECORD = "MR"


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of a record before it has an id.

    `image` is the same for entries that say the same, whatever Bundle they stand in.
    """

    full_url: str
    resource: Resource
    image: Json

    @property
    def resource_type(self) -> str:
        return str(self.resource["resourceType"])


def items_of(bundle: Resource) -> tuple[Item, ...]:
    """The entries of a module's Bundle, in its order."""
    entries = [(entry["fullUrl"], entry["resource"]) for entry in bundle.get("entry", ())]
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for url, resource in entries:
        names[url] = f"{resource['resourceType']}/{counts[resource['resourceType']]}"
        counts[resource["resourceType"]] += 1
    return tuple(
        Item(url, Resource(resource), renamed(resource, names)) for url, resource in entries
    )


def renamed(resource: Json, names: Mapping[str, str]) -> Json:
    """A copy with the references that `names` knows replaced."""
    return reference.rewrite(resource, lambda text: names.get(text, text))


def resources_of(
    snapshot: Snapshot, module: BundleModule, context: Context, secret: bytes
) -> tuple[Resource, ...]:
    """The resources of a snapshot with their ids, versions and references to each other.

    Raises PorticoError when the record does not read as it did when the ids were given: an id must
    never slip to another resource.
    """
    items = items_of(module.to_fhir(snapshot.record, context))
    if [one.resource_type for one in items] != [one.resource_type for one in snapshot.entries]:
        what = "a record that was kept no longer reads as it was sent; send it again"
        raise PorticoError(503, Issue("no-store", what))
    return tuple(identified(items, snapshot.entries, secret))


def identified(
    items: Sequence[Item], entries: Sequence[SnapshotEntry], secret: bytes
) -> Iterator[Resource]:
    """The items as resources that a client can read and refer to."""
    places = {
        item.full_url: reference.local(entry.resource_type, entry.logical_id)
        for item, entry in zip(items, entries, strict=True)
    }
    for item, entry in zip(items, entries, strict=True):
        body = renamed(item.resource, places)
        first = {"resourceType": item.resource_type, "id": entry.logical_id}
        yield versioned(Resource(first | {k: v for k, v in body.items() if k not in first}), secret)


def subject_key(items: Sequence[Item]) -> str | None:
    """Whose record it is: `system|value` of the patient's medical record number.

    The first identifier stands in where none is called a medical record number.
    """
    patients = [item.resource for item in items if item.resource_type == "Patient"]
    found = [one for patient in patients for one in patient.get("identifier", ())]
    found.sort(key=lambda one: not _is_medical_record(one))
    keys = (f"{one.get('system', '')}|{one['value']}" for one in found if one.get("value"))
    return next(keys, None)


def assign(
    items: Sequence[Item],
    wanted: Mapping[int, str],
    former: Sequence[tuple[Item, str]],
    mint: Callable[[], str],
) -> tuple[SnapshotEntry, ...]:
    """An id for each item: the wanted one, else that of the former entry it continues, else new.

    `wanted` is by position in `items`; `former` are the entries of the snapshot before with ids.
    """
    ids = dict(wanted)
    free = [(item, logical_id) for item, logical_id in former if logical_id not in ids.values()]
    for continues in (_is_same, _is_same_subject, _shares_identifier):
        for at, item in enumerate(items):
            partner = next((one for one in free if continues(item, one[0])), None)
            if at not in ids and partner:
                ids[at] = partner[1]
                free.remove(partner)
    return tuple(
        SnapshotEntry(item.resource_type, ids.get(at) or mint()) for at, item in enumerate(items)
    )


def _is_same(item: Item, former: Item) -> bool:
    return bool(item.image == former.image)


def _is_same_subject(item: Item, former: Item) -> bool:
    """The snapshots are of one patient, so there is one Patient in both."""
    return item.resource_type == former.resource_type == "Patient"


def _shares_identifier(item: Item, former: Item) -> bool:
    """A changed resource is still the same one if one of its business identifiers is."""
    mine, theirs = _identifiers(item), _identifiers(former)
    return item.resource_type == former.resource_type and bool(mine & theirs)


def _identifiers(item: Item) -> set[tuple[str, str]]:
    found = item.resource.get("identifier", ())
    return {(one["system"], one["value"]) for one in found if {"system", "value"} <= one.keys()}


def _is_medical_record(identifier: Json) -> bool:
    codings = identifier.get("type", {}).get("coding", ())
    return any(coding.get("code") == _MEDICAL_RECORD for coding in codings)
