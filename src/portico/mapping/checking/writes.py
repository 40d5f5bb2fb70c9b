"""Whether what rules write has somewhere to go, and what requests take is written."""

from portico.errors import Findings
from portico.mapping.checking.members import lanes_by_member
from portico.mapping.language.rule import Direction
from portico.mapping.load import ObjectModule
from portico.mapping.running.bundle import BundleModule


def check_writes(module: ObjectModule, findings: Findings) -> None:
    """E501 for members that no request takes, E502 for what no rule writes."""
    _check_sent(module, findings)
    _check_taken(module, findings)


def _check_taken(module: ObjectModule, findings: Findings) -> None:
    """What a request takes is written by a rule, or dropped."""
    lanes = list(lanes_by_member(module))
    shape = module.spec.write
    written = {path for path, lane in lanes if lane.direction.writes}
    written |= {renamed for path, renamed in shape.renames.items() if path in written}
    written |= {action.sent_as for action in shape.actions.values()}
    written |= {name for names in module.spec.drop.values() for name in names}
    written |= {shape.lock.sent_as} if shape.lock else set()
    for taken in sorted(_taken(module)):
        if not any(_meet(name, taken) for name in written):
            reading = [lane.place for path, lane in lanes if _meet(path, taken)]
            place = reading[0] if reading else module.spec.places.get("rules", module.spec.place)
            findings.add(
                "E502",
                place,
                f"requests of the vendor take '{taken}', and no rule writes it",
                "let its rule work both ways, or name it under drop with a reason",
            )


def _taken(module: ObjectModule) -> set[str]:
    """What requests take that have a schema of their own; `readOnly` says what they ignore."""
    files = module.spec.schemas
    roles = [role for role in ("create", "update") if files.get(role) != files.get("schema")]
    leaves = [leaf for role in roles if role in files for leaf in module.schemas[role].leaves()]
    taken = {path.replace("[]", "") for path, leaf in leaves if not leaf.get("readOnly")}
    return {path for path in taken if path}


def _meet(name: str, taken: str) -> bool:
    """Whether one is the other, or holds it; `*.b` is every `.b`."""
    if name.startswith("*."):
        return taken.endswith(name[1:])
    return f"{taken}.".startswith(f"{name}.") or f"{name}.".startswith(f"{taken}.")


def _check_sent(module: ObjectModule, findings: Findings) -> None:
    """A rule that writes must have somewhere to send its member."""
    create, update = module.schemas.get("create"), module.schemas.get("update")
    if (create is None and update is None) or isinstance(module, BundleModule):
        return
    sent = {*(create.members if create else ()), *(update.members if update else ())}
    shape = module.spec.write
    for lane in (lane for one in module.shapes.values() for lane in one.lanes):
        for member in lane.members:
            name, top = str(member), member.steps[0] if member.steps else ""
            known = {name, top} & {*sent, *shape.actions, *shape.url, *shape.renames}
            companion = any(path.startswith(f"{top}.") for path in (*shape.renames, *shape.url))
            key = name in module.key_members
            if lane.direction is Direction.BOTH and not known and not companion and not key:
                findings.add(
                    "E501",
                    lane.place,
                    f"no request of the vendor has a field '{name}'",
                    "mark the rule '->', or name the field to send under vendor.write",
                )
