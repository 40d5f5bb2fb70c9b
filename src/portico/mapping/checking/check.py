"""What can be known to be wrong with a module before it meets a record.

Reading a module already refuses what cannot be compiled (grammar, unknown elements, converters,
two rules for one element). These checks hold the compiled module against the vendor's schemas,
against R4 and against its profile, and report everything at once.
"""

from collections.abc import Iterator
from pathlib import Path

from portico.errors import Finding, Findings, MappingError, Place
from portico.mapping.checking.codes import check_codes
from portico.mapping.checking.coverage import parts_of, profile_coverage
from portico.mapping.checking.types import check_types
from portico.mapping.checking.writes import check_writes, member_paths
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.tree import close
from portico.mapping.conversion.template import members_of
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
    """All findings about one compiled module."""
    findings = Findings()
    mapped = dict(_mapped_members(module))
    _check_members(module, mapped, findings)
    for part, shape in parts_of(module):
        _check_profile(part, shape, findings)
        check_codes(part.shape, shape, module, findings)
        check_types((*part.origin, *part.inner), shape, module, findings)
    check_writes(module, findings)
    return tuple(findings.found)


def _mapped_members(module: ObjectModule) -> Iterator[tuple[str, Place]]:
    """Every vendor member that a rule names, as a path from the record's root."""
    for path, lane in member_paths(module):
        yield path, lane.place
        for name in sorted(members_of(lane.template)) if lane.template else ():
            yield name, lane.place
    lock = module.spec.write.lock
    if lock:
        yield lock.member, module.spec.place


def _check_members(module: ObjectModule, mapped: dict[str, Place], findings: Findings) -> None:
    schema = module.schemas.get("schema")
    if schema is None:
        return
    spec = module.spec
    leaves = [path.replace("[]", "") for path, _ in schema.leaves()]
    dropped = [name for names in spec.drop.values() for name in names]
    for leaf in leaves:
        is_mapped = any(_covers(name, leaf) for name in mapped)
        is_dropped = any(_covers(name, leaf) for name in dropped)
        if not is_mapped and not is_dropped:
            findings.add(
                "E301",
                spec.places.get("rules", spec.place),
                f"vendor field '{leaf}' is neither mapped nor dropped",
                "add a rule, or name it under drop with a reason",
            )
        if leaf in mapped and leaf in dropped:
            findings.add("E303", mapped[leaf], f"'{leaf}' is mapped and dropped")
    known = {*leaves, *(name for role in ("create", "update") for name in _tops(module, role))}
    known |= spec.write.url  # a part of the address, which a record need not repeat
    for name, place in mapped.items():
        if not any(_covers(name, leaf) for leaf in known):
            near = close(name, known)
            remedy = f"did you mean '{near}'?" if near else ""
            findings.add("E302", place, f"the vendor schema has no field '{name}'", remedy)
    for name in dropped:
        if not any(_covers(name, leaf) for leaf in known):
            place = spec.places.get("drop", spec.place)
            findings.add("E302", place, f"the vendor schema has no field '{name}' to drop")


def _tops(module: ObjectModule, role: str) -> tuple[str, ...]:
    schema = module.schemas.get(role)
    return tuple(schema.members) if schema else ()


def _covers(name: str, leaf: str) -> bool:
    """`a` covers `a` and `a.b`; `*.b` covers every `.b`."""
    if name.startswith("*."):
        return leaf.endswith(name[1:])
    return leaf == name or leaf.startswith(f"{name}.")


def _check_profile(part: Part, shape: CompiledShape, findings: Findings) -> None:
    for profile in part.profiles:
        for element in profile_coverage(part, shape, profile).elements:
            if element.standing == "missing":
                findings.add(
                    "E304",
                    part.shape.place,
                    f"{profile}: {element.kind} element '{element.element}' is not filled",
                    "add a rule, or name it under absent with a reason",
                )
