"""Python source for the two functions that convert values: `to_fhir` and `put`."""

from collections.abc import Callable
from dataclasses import replace

from portico import Json
from portico.document import copy
from portico.mapping.compiling.emit import Members, Source, Value, slots
from portico.mapping.compiling.emit_build import ALWAYS, Builder
from portico.mapping.compiling.lane import Lane
from portico.mapping.compiling.tree import Branch
from portico.mapping.conversion.transform import RefusalError, Transform, same
from portico.mapping.language.rule import Cell, Direction, Row

_SAME = same()
_COPIED = replace(_SAME, inline="{copy}({0})", uses={"copy": copy})


def emit_to_fhir(source: Source, lanes: tuple[Lane, ...], root: Branch) -> bool:
    """`to_fhir(v, u, x, refs)`: the resource of a record, None if nothing is there.

    Tells whether there always is something.
    """
    with source.block("def to_fhir(v, u, x, refs):"):
        members = Members(source)
        values: dict[int, Value] = {}
        for lane in lanes:
            source.lane = lane
            if lane.cases:
                values |= _get_cases(source, lane, members)
            elif lane.direction.reads and lane.slots:
                values |= _get(source, lane, members)
        source.lane = None
        made = Builder(source, values).resource(root)
        source.line(f"return {_or_none(made)}")
    return made.there == ALWAYS


def _or_none(made: Value) -> str:
    if made.there == ALWAYS:
        return made.text
    return (
        f"{made.text} or None"
        if made.there == made.text
        else f"{made.text} if {made.there} else None"
    )


def _get(source: Source, lane: Lane, members: Members) -> dict[int, Value]:
    """The values of a lane's slots; what can fail stands on a line of the lane's own."""
    inline = _inline(source, lane, members)
    if inline:
        return {lane.slots[0]: inline}
    values = members.all(lane.members)
    slot = ", ".join(f"s{index}" for index in lane.slots)
    if lane.each is not None:
        made = f"(e := {source.use('each', lane.each.convert)}(i, EMPTY, x, EMPTY)) is not None"
        call = f"[e for i in {values} if i and {made}] or None"
    elif lane.transform and lane.transform.inline:
        call = _expression(source, lane.transform, values.split(", "))
    elif lane.transform:
        context = ", context=x" if lane.transform.contextual else ""
        call = f"{source.use('t', lane.transform.get)}({values}{context})"
    else:
        call = f"copy({values})" if lane.nested else values
    condition = " or ".join(members.value(member).there for member in lane.members)
    if lane.transform and lane.transform.total:
        condition = "True"
    if lane.reads_if:
        condition = f"({condition}) and x.on({lane.reads_if!r})"
    nothing = ", ".join("None" for _ in lane.slots)
    if condition == "True":
        source.line(f"{slot} = {call}")
    else:
        source.line(f"{slot} = ({call}) if {condition} else ({nothing})")
    return {index: Value(f"s{index}", f"s{index} is not None") for index in lane.slots}


def _inline(source: Source, lane: Lane, members: Members) -> Value | None:
    """What needs no line: a member as it is, or an expression that cannot fail."""
    transform = lane.transform or (_COPIED if lane.nested else _SAME)
    if transform.inline is None or transform.can_fail or lane.each is not None or lane.reads_if:
        return None
    if len(lane.members) > 1:
        members.all(lane.members)
    values = [members.value(member) for member in lane.members]
    there = " or ".join(value.there for value in values)
    return Value(_expression(source, transform, [value.text for value in values]), there)


def _expression(source: Source, transform: Transform, values: list[str]) -> str:
    names = {name: source.use(name, value) for name, value in transform.uses.items()}
    return str(transform.inline).format(*values, **names)


def _get_cases(source: Source, lane: Lane, members: Members) -> dict[int, Value]:
    assert lane.cases is not None  # noqa: S101  # the caller looked; this tells the type checker
    values = [members.local(member) for member in lane.members]
    source.line("".join(f"s{slot} = " for slot in lane.slots) + "None")
    keyword = "if"
    for row in lane.cases.rows:
        if row.direction is Direction.TO_VENDOR:
            continue
        tests = [
            _matches(source, lane, cell, value, "to_fhir")
            for cell, value in zip(row.vendor, values, strict=True)
        ]
        with source.block(f"{keyword} {_all(tests)}:"):
            given = dict(zip(row.vendor, values, strict=True))
            made = {
                slot: _output(source, lane, cell, given, "get")
                for slot, cell in zip(lane.slots, row.fhir, strict=True)
            }
            lines = [f"s{slot} = {text}" for slot, text in made.items() if text != "None"]
            for line in lines or ["pass"]:
                source.line(line)
        keyword = "elif"
    some = " or ".join(f"{value} is not None" for value in values)
    source.line(f"{'elif' if keyword == 'elif' else 'if'} {some}: raise {_refusal(source)}")
    return {slot: Value(f"s{slot}", f"s{slot} is not None") for slot in lane.slots}


def emit_put(source: Source, lanes: tuple[Lane, ...], count: int) -> None:
    """`put(n, o, v, u, x)`; only members whose slots differ are in the answer."""
    with source.block("def put(n, o, v, u, x):"):
        if count:
            source.line(f"{slots(count, 'n')} = n")
            source.line(f"{slots(count, 'o')} = o")
        source.line("c = {}")
        for lane in lanes:
            source.lane = lane
            if lane.cases:
                _put_cases(source, lane)
            elif lane.direction.writes and lane.slots:
                _put(source, lane, lanes)
        source.lane = None
        source.line("return c")


def _put(source: Source, lane: Lane, lanes: tuple[Lane, ...]) -> None:
    changed = " or ".join(f"n{slot} != o{slot}" for slot in lane.slots)
    if lane.fallback:
        found = " or ".join(_found(lane, lanes)) or "False"
        changed = f"not ({found}) and n{lane.slots[0]} is not None and ({changed})"
    if lane.writes_if:
        changed = f"x.on({lane.writes_if!r}) and ({changed})"
    keys = ", ".join(f"c[{source.use('m', member)}]" for member in lane.members)
    with source.block(f"if {changed}:"):
        old = Members(source).all(lane.members) if lane.transform or lane.each else ""
        source.line(f"{keys} = {_put_value(source, lane, old)}")


def _found(lane: Lane, lanes: tuple[Lane, ...]) -> list[str]:
    """The two-way slots that a fallback waits for: of its whole group, else of its own rule."""
    return [
        f"n{slot} is not None"
        for other in lanes
        if other.direction is Direction.BOTH
        and (other.group == lane.group if lane.group else other.members == lane.members)
        for slot in other.slots
    ]


def _put_value(source: Source, lane: Lane, old: str) -> str:
    value = ", ".join(f"n{slot}" for slot in lane.slots)
    absent = " and ".join(f"n{slot} is None" for slot in lane.slots)
    nothing = "None" if len(lane.members) == 1 else f"({'None, ' * len(lane.members)})"
    if lane.each is not None:
        name = source.use("each", lane.each)
        return f"{name}.put({value}, o{lane.slots[0]}, {old}, {lane.key!r}, x)"
    if lane.transform is None:
        return f"without_nulls({value})" if lane.nested else value
    put = source.use("t", lane.transform.put)
    if lane.transform.contextual:
        call = f"{put}({value}, ({old},), context=x)"
    else:
        call = f"hold({put}, {value}, ({old},))"
    if len(lane.members) > 1:
        call = f"({call} or {nothing})"
    return call if lane.transform.total else f"{call} if not ({absent}) else {nothing}"


def _put_cases(source: Source, lane: Lane) -> None:
    assert lane.cases is not None  # noqa: S101  # the caller looked; this tells the type checker
    values = [f"n{slot}" for slot in lane.slots]
    changed = " or ".join(f"n{slot} != o{slot}" for slot in lane.slots)
    keys = [source.use("m", member) for member in lane.members]
    with source.block(f"if {changed}:"):
        keyword = "if"
        for row in lane.cases.rows:
            if row.direction is Direction.TO_FHIR:
                continue
            _put_row(source, lane, row, (keyword, values, keys))
            keyword = "elif"
        source.line(f"else: raise {source.use('why', _reasoned(lane))}({', '.join(values)})")


def _put_row(source: Source, lane: Lane, row: Row, names: tuple[str, list[str], list[str]]) -> None:
    keyword, values, keys = names
    tests = [
        _matches(source, lane, cell, value, "to_vendor")
        for cell, value in zip(row.fhir, values, strict=True)
    ]
    with source.block(f"{keyword} {_all(tests)}:"):
        given = dict(zip(row.fhir, values, strict=True))
        source.line("pass")
        for key, cell in zip(keys, row.vendor, strict=True):
            if cell.kind != "any":
                source.line(f"c[{key}] = {_output(source, lane, cell, given, 'put')}")


def _matches(source: Source, lane: Lane, cell: Cell, value: str, side: str) -> str:
    if cell.kind == "any":
        return "True"
    if cell.kind == "none":
        return f"{value} is None"
    if cell.kind == "literal":
        same = "is" if isinstance(cell.value, bool) else "=="
        return f"{value} {same} {cell.value!r}"
    transform = (lane.variables or {}).get(str(cell.value))
    if transform and transform.accepts:
        accepted = source.use("accepts", transform.accepts)
        return f"{value} is not None and {accepted}({value}, {side!r})"
    return f"{value} is not None"


def _output(source: Source, lane: Lane, cell: Cell, given: dict[Cell, str], side: str) -> str:
    if cell.kind in {"none", "any"}:
        return "None"
    if cell.kind == "literal":
        return repr(cell.value)
    transform = (lane.variables or {}).get(str(cell.value))
    if transform is None:
        return given[cell]
    if side == "get":
        return f"{source.use('t', transform.get)}({given[cell]})"
    return f"{source.use('t', transform.put)}({given[cell]}, (None,))"


def _all(tests: list[str]) -> str:
    return " and ".join(test for test in tests if test != "True") or "True"


_NO_ROW = "no row of the table fits this combination of values"


def _refusal(source: Source) -> str:
    return f"{source.use('refusal', RefusalError)}({_NO_ROW!r})"


def _reasoned(lane: Lane) -> Callable[..., RefusalError]:
    """The refusal of values that no row writes, with the module's reason where it gives one."""
    reasons = lane.cases.reject if lane.cases else {}

    def refusal(*values: Json) -> RefusalError:
        known = [reasons[value] for value in values if isinstance(value, str) and value in reasons]
        return RefusalError(known[0], "business-rule") if known else RefusalError(_NO_ROW)

    return refusal
