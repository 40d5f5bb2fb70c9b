"""A configured vendor instance, and which of its objects stand behind which resource types."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from portico import Record, Resource
from portico.mapping.compiling.tree import Branch
from portico.mapping.load import ObjectModule
from portico.mapping.running.bundle import BundleModule
from portico.mapping.running.fan import FanModule
from portico.mapping.running.module import SingleModule
from portico.mapping.running.row_part import RowPart
from portico.vendor.model import Vendor, VendorObject

Map: TypeAlias = SingleModule | RowPart
"""What makes one resource of a record, and the other way round."""


@dataclass(frozen=True)
class Face:
    """One vendor object seen as one resource."""

    thing: VendorObject
    module: Map

    @property
    def resource_type(self) -> str:
        return self.module.resource_types[0]

    @property
    def part(self) -> RowPart | None:
        """The part of the vendor's row, where a row is several resources."""
        return self.module if isinstance(self.module, RowPart) else None

    def is_in(self, record: Record) -> bool:
        """Whether a record shows this face: a row may lack a part."""
        return self.part is None or self.part.is_present(record)

    def key(self, logical_id: str) -> Mapping[str, str] | None:
        """The vendor's key that an id stands for, None if it cannot be one."""
        identity = self.module.identity
        return identity.key(logical_id) if identity else None


@dataclass(frozen=True)
class Listed:
    """The faces of one type that one list of the vendor shows: a row may have several."""

    faces: tuple[Face, ...]

    @property
    def thing(self) -> VendorObject:
        return self.faces[0].thing

    @property
    def resource_type(self) -> str:
        return self.faces[0].resource_type

    @property
    def is_one_to_one(self) -> bool:
        """Whether each record of the list is one resource of the type."""
        return len(self.faces) == 1 and self.faces[0].part is None

    @property
    def catalogues(self) -> frozenset[str]:
        return frozenset().union(*(face.module.catalogues for face in self.faces))

    def key(self, logical_id: str) -> Mapping[str, str] | None:
        """The vendor's key that an id stands for, None if it cannot be one."""
        keys = (face.key(logical_id) for face in self.faces)
        return next((key for key in keys if key is not None), None)


@dataclass(frozen=True)
class Faces:
    """Everything that shows as one resource type, in the order of the connection file."""

    every: tuple[Face, ...]

    @property
    def resource_type(self) -> str:
        return self.every[0].resource_type

    @property
    def roots(self) -> tuple[Branch, ...]:
        """The elements that the modules own, as trees."""
        return tuple(face.module.shape.root for face in self.every)

    @cached_property
    def lists(self) -> tuple[Listed, ...]:
        """The faces by the vendor object that they share."""
        found: dict[str, list[Face]] = defaultdict(list)
        for face in self.every:
            found[face.thing.name].append(face)
        return tuple(Listed(tuple(faces)) for faces in found.values())

    @cached_property
    def _by_marks(self) -> tuple[Face, ...]:
        """Faces whose ids are marked go first: any text may be an id without a mark."""
        return tuple(sorted(self.every, key=_is_unmarked))

    def at(self, logical_id: str) -> Face | None:
        """The face that an id belongs to."""
        return next((face for face in self._by_marks if face.key(logical_id) is not None), None)

    def taking(self, resource: Resource) -> Face | None:
        """The face that takes a new resource: the one whose constants it says."""
        if len(self.every) == 1 and self.every[0].part is None:
            return self.every[0]
        return next((face for face in self.every if face.module.claims(resource)), None)


@dataclass(frozen=True)
class BundleFace:
    """One vendor object seen as several resource types, which are written together."""

    thing: VendorObject
    module: BundleModule

    def roots(self, resource_type: str) -> tuple[Branch, ...]:
        """The elements that the module owns in resources of one type, as trees."""
        shapes = self.module.shapes.values()
        return tuple(shape.root for shape in shapes if shape.type == resource_type)


@dataclass(frozen=True)
class Connection:
    """`modules` are by the name of their file; `settings` hold no secrets."""

    name: str
    vendor: Vendor
    modules: Mapping[str, ObjectModule]
    settings: Mapping[str, str]

    @cached_property
    def faces(self) -> Mapping[str, Faces]:
        """What is behind each resource type that is read and written by itself."""
        found: dict[str, list[Face]] = defaultdict(list)
        for thing, module in self._mapped():
            for one in _maps(module):
                face = Face(thing, one)
                found[face.resource_type].append(face)
        return {type_name: Faces(tuple(faces)) for type_name, faces in found.items()}

    @cached_property
    def bundle_face(self) -> BundleFace | None:
        """The object that takes a whole Bundle at once, where the vendor has one."""
        faces = (
            BundleFace(thing, module)
            for thing, module in self._mapped()
            if isinstance(module, BundleModule)
        )
        return next(faces, None)

    @property
    def resource_types(self) -> tuple[str, ...]:
        bundled = self.bundle_face.module.resource_types if self.bundle_face else ()
        return tuple(dict.fromkeys((*self.faces, *bundled)))

    def _mapped(self) -> Iterator[tuple[VendorObject, ObjectModule]]:
        for thing in self.vendor.objects.values():
            module = self.modules.get((thing.module or thing.name).removesuffix(".yaml"))
            if module is not None:
                yield thing, module


def _maps(module: ObjectModule) -> Iterator[Map]:
    match module:
        case SingleModule():
            yield module
        case FanModule():
            yield from (RowPart(module, name) for name in module.parts)


def _is_unmarked(face: Face) -> bool:
    identity = face.module.identity
    return identity is None or not identity.is_marked
