"""Who is who in a Bundle: which entry is which part of the record, and what refers to what."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.errors import FhirError, Issue
from portico.fhir import reference as references
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.language.rule import Constant, Part
from portico.mapping.running.change import Loss


@dataclass(frozen=True)
class Entry:
    """One entry of a Bundle; `path` is its resource's FHIRPath."""

    path: str
    full_url: str | None
    resource: Json

    def is_meant_by(self, reference: str) -> bool:
        """Whether a reference resolves to this entry."""
        if reference == self.full_url:
            return True
        own = f"{self.resource.get('resourceType')}/{self.resource.get('id')}"
        relative = reference.partition("/_history/")[0]
        if self.full_url and not self.full_url.startswith("urn:"):
            return self.full_url.endswith(f"/{relative}") or self.full_url == relative
        return relative == own


def entries_of(bundle: Json) -> tuple[Entry, ...]:
    """The entries of a Bundle that hold a resource."""
    return tuple(
        Entry(f"Bundle.entry[{index}].resource", entry.get("fullUrl"), entry["resource"])
        for index, entry in enumerate(bundle.get("entry") or ())
        if isinstance(entry.get("resource"), dict)
    )


Chosen = Mapping[str, Sequence[Entry]]


@dataclass(frozen=True)
class Links:
    """The entries of one Bundle held against the parts of a module."""

    entries: tuple[Entry, ...]
    parts: tuple[Part, ...]
    shapes: Mapping[str, CompiledShape]

    def chosen(self) -> dict[str, list[Entry]]:
        """The entries of each part. A single part with several candidates goes by reference."""
        found = {part.name: self._of_type(part) for part in self.parts}
        for part in self.parts:
            candidates = found[part.name]
            if not part.repeats and len(candidates) > 1:
                found[part.name] = self._named(part, found)
        return found

    def _of_type(self, part: Part) -> list[Entry]:
        wanted = self.shapes[part.name].type
        return [one for one in self.entries if one.resource.get("resourceType") == wanted]

    def _named(self, part: Part, found: Chosen) -> list[Entry]:
        """The candidate that a single sibling refers to where its constant names this part."""
        references = list(self._references_to(part, found))
        meant = [entry for entry in found[part.name] if any(map(entry.is_meant_by, references))]
        if len(meant) == 1:
            return meant
        kind = self.shapes[part.name].type
        raise _refused(f"a record has one {kind}; the Bundle has several", "multiple-matches")

    def _references_to(self, part: Part, found: Chosen) -> Iterator[str]:
        for other in self.parts:
            constants = () if other.repeats else other.shape.constants
            for constant in constants:
                if constant.reference == part.name:
                    yield from (ref for one in found[other.name] for ref in referred(one, constant))

    def check(self, chosen: Chosen) -> None:
        """Refuse resources that refer to somebody else where the record can only mean its own."""
        for part in self.parts:
            for constant in part.shape.constants:
                if constant.reference and part.repeats:
                    self._check_part(part, constant, chosen)

    def _check_part(self, part: Part, constant: Constant, chosen: Chosen) -> None:
        meant = chosen[str(constant.reference)]
        for entry in chosen[part.name]:
            references = list(referred(entry, constant))
            if not all(any(one.is_meant_by(ref) for one in meant) for ref in references):
                path = f"{entry.path}.{constant.path.text}"
                raise _refused("it must refer to the record's own entry", "invalid", path)

    def rewriter(self, chosen: Chosen, urls: Mapping[str, str]) -> Callable[[Json], Json]:
        """A function that says references to single parts as the record's own Bundle has them."""
        known = [(entry, url) for name, url in urls.items() for entry in chosen[name]]

        def change(reference: str) -> str:
            return next((url for entry, url in known if entry.is_meant_by(reference)), reference)

        return lambda resource: references.rewrite(resource, change)

    def without_home(self, chosen: Chosen) -> Iterator[Loss]:
        """Entries that are no part of the record."""
        taken = {id(entry) for entries in chosen.values() for entry in entries}
        for entry in self.entries:
            if id(entry) not in taken:
                kind = entry.resource.get("resourceType")
                yield Loss("lost", entry.path, f"the record has no place for this {kind}")


def referred(entry: Entry, constant: Constant) -> Iterator[str]:
    """The references that an entry has where the constant stands."""
    yield from _values(entry.resource, constant.path.names)


def _values(node: Json, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _values(item, names)
    elif isinstance(node, dict) and names:
        yield from _values(node.get(names[0]), names[1:])
    elif isinstance(node, str):
        yield node


def _refused(what: str, code: str, path: str = "Bundle") -> FhirError:
    return FhirError(422, Issue(code, f"{path}: {what}", expression=(path,)))
