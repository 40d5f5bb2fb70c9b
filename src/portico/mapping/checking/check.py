"""What can be known to be wrong with a module before it meets a record.

Reading a module already refuses what cannot be compiled (grammar, unknown elements, converters,
two rules for one element). These checks hold the compiled module against the vendor's schemas,
against R4 and against its profile, and report everything at once.
"""

from collections.abc import Iterator
from pathlib import Path

from portico.errors import Finding, Findings, MappingError, Place
from portico.mapping.checking.codes import check_codes
from portico.mapping.checking.coverage import member_coverage, profile_coverage
from portico.mapping.checking.fixed import check_fixed
from portico.mapping.checking.idle import check_idle
from portico.mapping.checking.members import (
    covered,
    covers,
    lanes_by_member,
    parts_of,
    read_by_templates,
)
from portico.mapping.checking.slices import check_slices
from portico.mapping.checking.types import check_claims, check_types
from portico.mapping.checking.writes import check_writes
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.tree import close
from portico.mapping.language.rule import Part
from portico.mapping.language.terminology import Terminology
from portico.mapping.load import ObjectModule, load_module, module_files


def check_folder(folder: Path, terminology: Terminology) -> tuple[Finding, ...]:
    """All findings about the modules of a vendor's folder."""
    files = module_files(folder)
    return tuple(found for path in files for found in check_file(path, terminology)[1])


def check_file(
    path: Path, terminology: Terminology
) -> tuple[ObjectModule | None, tuple[Finding, ...]]:
    """A module, None if it cannot be compiled, and all findings about it."""
    try:
        module = load_module(path, terminology)
    except MappingError as error:
        return None, error.findings
    return module, check_module(module)


def check_module(module: ObjectModule) -> tuple[Finding, ...]:
    """All findings about one compiled module, in the order of its lines."""
    spec = module.spec
    findings = Findings(list(spec.remarks))
    _check_members(module, findings)
    for part, shape in parts_of(module):
        _check_profile(part, shape, module, findings)
        check_codes(part, shape, module, findings)
        check_types((*part.origin, *part.inner), shape, module, findings)
        check_claims(part.shape, shape, findings)
        check_fixed(part.shape, shape, findings)
        check_slices(shape, findings)
        check_idle(part, shape, spec, findings)
    check_writes(module, findings)
    return tuple(sorted(dict.fromkeys(findings.found), key=lambda found: found.place))


def _check_members(module: ObjectModule, findings: Findings) -> None:
    """E301 to E303 and E305: every member of the schema is mapped or dropped, and no other is."""
    spec = module.spec
    if "schema" not in module.schemas:
        place = spec.places.get("vendor", spec.place)
        what = "the vendor's records have no schema here, so no forgotten member can be found"
        findings.add("E305", place, what, "name one: vendor: {schema: record.schema.json}")
        return
    told = tuple(member_coverage(module))
    for one in told:
        if one.standing == "unmapped":
            what = f"vendor field '{one.member}' is neither mapped nor dropped"
            remedy = "add a rule, or name it under drop with a reason"
            findings.add("E301", _home(module, one.member), what, remedy)
    _check_known(module, [one.member for one in told], findings)


def _check_known(module: ObjectModule, leaves: list[str], findings: Findings) -> None:
    """E302 for members that no schema has, E303 for those that are mapped and dropped."""
    spec = module.spec
    place = spec.places.get("drop", spec.place)
    dropped = [name for names in spec.drop.values() for name in names]
    known = {*leaves, *(name for role in ("create", "update") for name in _tops(module, role))}
    known |= spec.write.url  # a part of the address, which a record need not repeat
    mapped = dict(_mapped(module))
    names = {name: spec.places.get(f"drop.{name}", place) for name in dropped}
    for name, at in (*mapped.items(), *names.items()):
        if not any(covers(name, leaf) for leaf in known):
            near = close(name, known)
            remedy = f"did you mean '{near}'?" if near else f"its members are {_few(known)}"
            findings.add("E302", at, f"the vendor schema has no field '{name}'", remedy)
    for name, at in mapped.items():
        if name in leaves and covered((one for one in dropped if one[0] != "*"), name):
            findings.add("E303", at, f"'{name}' is mapped and dropped", "take it out of drop")


def _mapped(module: ObjectModule) -> Iterator[tuple[str, Place]]:
    """Every vendor member that the module names as one, and where."""
    for name, lane in (*lanes_by_member(module), *read_by_templates(module)):
        yield name, lane.place
    at, write = module.spec.places.get("vendor", module.spec.place), module.spec.write
    if write.lock:
        yield write.lock.member, at
    for name in write.starts:
        yield name, at


def _home(module: ObjectModule, member: str) -> Place:
    """The rules that a member would stand in."""
    spec = module.spec
    homes = [
        (len(part.origin), spec.places.get(f"resources.{part.name}.rules", part.shape.place))
        for part in spec.parts
        if part.name and covers(".".join(part.origin), member)
    ]
    return max(homes)[1] if homes else spec.places.get("rules", spec.place)


def _tops(module: ObjectModule, role: str) -> tuple[str, ...]:
    schema = module.schemas.get(role)
    return tuple(schema.members) if schema else ()


def _few(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (", …" if len(names) > len(shown) else "")


def _check_profile(
    part: Part, shape: CompiledShape, module: ObjectModule, findings: Findings
) -> None:
    """E304 for what a profile wants and nothing fills."""
    places = module.spec.places
    prefix = f"resources.{part.name}." if part.name else ""
    place = places.get(f"{prefix}absent", places.get(f"{prefix}profile", part.shape.place))
    for profile in part.profiles:
        for element in profile_coverage(part, shape, profile).elements:
            if element.standing == "missing":
                findings.add(
                    "E304",
                    place,
                    f"{profile}: {element.kind} element '{element.element}' is not filled",
                    "add a rule, or name it under absent with a reason",
                )
