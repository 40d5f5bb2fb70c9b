"""How much of an object is decided: the members of its vendor, the elements of its profiles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from portico.errors import Place
from portico.fhir import definitions
from portico.mapping.checking.filling import Filling, fillings, meets
from portico.mapping.checking.members import covered, covers, lanes_by_member, parts_of
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.lane import Lane
from portico.mapping.language.rule import Direction, Part
from portico.mapping.load import ObjectModule

ElementStanding = Literal["both", "lossy", "to-fhir", "to-vendor", "absent", "missing"]
"""Best first. lossy: both ways, but it may read back in another form that means the same."""

MemberStanding = Literal["both", "to-fhir", "to-vendor", "dropped", "unmapped"]

_RANKS: tuple[ElementStanding, ...] = ("both", "lossy", "to-fhir", "to-vendor")


@dataclass(frozen=True, slots=True)
class ElementCoverage:
    """An element that a profile wants; `element` as the profile names it: `deceased[x]`."""

    element: str
    kind: definitions.RequirementKind
    standing: ElementStanding
    reason: str = ""
    rules: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileCoverage:
    """A resource of the object held against one profile. `part` names it inside a bundle."""

    part: str
    type: str
    profile: str
    elements: tuple[ElementCoverage, ...]

    @property
    def answered(self) -> float:
        """The percentage of elements that are filled, or absent with a reason."""
        return percent(each.standing != "missing" for each in self.elements)


@dataclass(frozen=True, slots=True)
class MemberCoverage:
    """A member of the vendor, as a dotted path from the record."""

    member: str
    standing: MemberStanding
    reason: str = ""
    rules: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleCoverage:
    """One object, in percentages that are 100 where there is nothing to decide."""

    vendor: str
    object: str
    members: tuple[MemberCoverage, ...]
    profiles: tuple[ProfileCoverage, ...]

    @property
    def decided(self) -> float:
        """Members that are mapped, or dropped with a reason."""
        return percent(member.standing != "unmapped" for member in self.members)

    @property
    def mapped(self) -> float:
        """Members that are mapped in any direction."""
        return percent(one.standing not in ("unmapped", "dropped") for one in self.members)

    @property
    def answered(self) -> float:
        """Elements of all profiles that are filled, or absent with a reason."""
        found = (each for profile in self.profiles for each in profile.elements)
        return percent(each.standing != "missing" for each in found)


def percent(answers: Iterable[bool]) -> float:
    """How many are true, of a hundred, with one digit; rounded down so that 100 means all."""
    told = list(answers)
    return int(1000 * sum(told) / len(told)) / 10 if told else 100.0


def cover(module: ObjectModule) -> ModuleCoverage:
    """Hold one module against the vendor's schema and its profiles."""
    profiles = tuple(
        profile_coverage(part, shape, profile)
        for part, shape in parts_of(module)
        for profile in part.profiles
    )
    spec = module.spec
    return ModuleCoverage(spec.vendor, spec.object, tuple(member_coverage(module)), profiles)


def profile_coverage(part: Part, shape: CompiledShape, profile: str) -> ProfileCoverage:
    """Hold one resource of a module against one profile (by short name)."""
    filled = fillings(shape)
    elements = (
        _element(part, filled, requirement) for requirement in definitions.must_support(profile)
    )
    return ProfileCoverage(part.name, shape.type, profile, tuple(elements))


def _element(
    part: Part, filled: tuple[Filling, ...], requirement: definitions.Requirement
) -> ElementCoverage:
    name = requirement.path.partition(".")[2]
    met = [filling for filling in filled if meets(filling.element, name)]
    depth = max((filling.element.count(".") for filling in met), default=-1)
    inside = _absent(part, name, depth)
    if inside is not None:
        return ElementCoverage(name, requirement.kind, "absent", inside)
    if met:
        standing = min(map(_standing, met), key=_RANKS.index)
        rules = dict.fromkeys(lane.place for filling in met for lane in filling.lanes)
        reason = "" if rules else "a fixed value"
        return ElementCoverage(name, requirement.kind, standing, reason, tuple(rules))
    return ElementCoverage(name, requirement.kind, "missing")


def _absent(part: Part, name: str, depth: int) -> str | None:
    """Why the module leaves an element out; inside one that a rule fills as a whole, only if named.

    `depth` is the number of steps below the resource that the rules fill at; -1 where none does.
    """
    for reason, elements in part.absent.items():
        for element in elements:
            is_named = depth < element.count(".") <= name.count(".") or depth < 0
            if is_named and meets(element.replace("extension.", "extension:"), name):
                return reason
    return None


def _standing(filling: Filling) -> ElementStanding:
    """A fixed value is both ways where the entry that it tells is; alone it is only read."""
    lanes = filling.lanes
    if any(_two_way(lane) and (filling.fixed or not lane.lossy) for lane in lanes):
        return "both"
    if any(map(_two_way, lanes)):
        return "lossy"
    if not lanes or any(lane.direction.reads for lane in lanes):
        return "to-fhir"
    return "to-vendor"


def _two_way(lane: Lane) -> bool:
    return lane.direction is Direction.BOTH


def member_coverage(module: ObjectModule) -> Iterator[MemberCoverage]:
    """Every member of the vendor's schema, or of the rules where there is none."""
    by_member = tuple(lanes_by_member(module))
    schema = module.schemas.get("schema")
    known = [path.replace("[]", "") for path, _ in schema.leaves()] if schema else []
    named = known or [path for path, _ in by_member]
    for leaf in dict.fromkeys(named):
        lanes = [lane for path, lane in by_member if covers(path, leaf)]
        yield _member(module, leaf, lanes)


def _member(module: ObjectModule, leaf: str, lanes: list[Lane]) -> MemberCoverage:
    rules = tuple(dict.fromkeys(lane.place for lane in lanes))
    reads = any(lane.direction.reads for lane in lanes)
    writes = any(lane.direction.writes for lane in lanes)
    lock = module.lock
    if lock and lock.member == leaf:
        return MemberCoverage(leaf, "both", f"the lock, sent back as {lock.sent_as}", rules)
    if reads or writes:
        one_way: MemberStanding = "to-fhir" if reads else "to-vendor"
        return MemberCoverage(leaf, "both" if reads and writes else one_way, "", rules)
    dropped = module.spec.drop.items()
    reason = next((why for why, names in dropped if covered(names, leaf)), None)
    return MemberCoverage(leaf, "unmapped" if reason is None else "dropped", reason or "")
