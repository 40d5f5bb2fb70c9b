"""A configured vendor instance, and which of its objects stand behind which resource types."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from portico.mapping.compiling.tree import Branch
from portico.mapping.load import ObjectModule
from portico.mapping.running.bundle import BundleModule
from portico.mapping.running.module import SingleModule
from portico.vendor.model import Vendor, VendorObject


@dataclass(frozen=True)
class Face:
    """One vendor object seen as one resource type."""

    thing: VendorObject
    module: SingleModule

    @property
    def resource_type(self) -> str:
        return self.module.resource_types[0]

    @property
    def roots(self) -> tuple[Branch, ...]:
        """The elements that the module owns, as a tree."""
        return (self.module.shape.root,)


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
    def faces(self) -> Mapping[str, tuple[Face, ...]]:
        """The single objects behind each resource type, in the order of the connection file."""
        found: dict[str, list[Face]] = defaultdict(list)
        for thing, module in self._mapped():
            if isinstance(module, SingleModule):
                face = Face(thing, module)
                found[face.resource_type].append(face)
        return {type_name: tuple(faces) for type_name, faces in found.items()}

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
