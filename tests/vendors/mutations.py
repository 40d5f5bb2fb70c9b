"""Faults planted in a module's text: one small edit each, at a line that is known.

The operators go over everything that a module says: rules, code tables, decision tables, slices,
fixed values and how writes differ from reads.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import yaml
from tests.vendors.lookalikes import altered, selectors
from tests.vendors.siblings import Scope

from portico.mapping.language.grammar import split

_ARROWS = {"": ("-> ", "<- "), "-> ": ("", "<- "), "<- ": ("", "-> ")}
_FIXED = ("constants", "fallback", "neutral", "refuse")
_STEP = re.compile(r"([A-Za-z][A-Za-z0-9-]*)((?:\[[^\]]*\])?)$")
_Entries = list[tuple[yaml.Node, yaml.Node]]
_Change = tuple[str, yaml.Node, str]


@dataclass(frozen=True)
class Mutant:
    """A module's text with one fault; `line` is where it was planted, `what` what was done."""

    operator: str
    line: int
    what: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every fault that the operators find a place for, in the order of the text."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return
    made = {mutant.text: mutant for mutant in _all(root, text) if mutant.text != text}
    yield from sorted(made.values(), key=lambda mutant: (mutant.line, mutant.operator))


def _all(root: yaml.Node, text: str) -> Iterator[Mutant]:
    for section, node, type_name in _sections(root, _scalar(root, "resource")):
        entries = node.value
        yield from (_without(text, node, index) for index in range(len(entries)))
        for operator, at, new in _OPERATORS[section](Scope(type_name, _slices_of(root)), entries):
            yield _replaced(text, operator, at, new)
        if section in {"codes", "write", "rules"}:
            yield from _swapped(text, entries)
        if section == "rules":
            for _, value in entries:
                yield from _cases(text, value)


def _slices_of(root: yaml.Node) -> dict[str, str]:
    found = _inner(root, "slices")
    return {key.value: value.value for key, value in found.value} if found else {}


def _sections(node: yaml.Node, type_name: str) -> Iterator[tuple[str, yaml.MappingNode, str]]:
    """The tables of a module: what stands in them, the table, the R4 type of its paths."""
    for section, found, name in _tables(node, type_name):
        if isinstance(found, yaml.MappingNode):
            yield section, found, name


def _tables(node: yaml.Node, type_name: str) -> Iterator[tuple[str, yaml.Node, str]]:
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in entries:
        if key.value == "rules":
            yield "rules", value, type_name
            for _, rule in value.value:
                yield from _sections(rule, "") if isinstance(rule, yaml.MappingNode) else ()
        elif key.value in {"slices", *_FIXED}:
            yield "slices" if key.value == "slices" else "fixed", value, type_name
        elif key.value == "codes":
            for _, table in value.value:
                yield "codes", _inner(table, "map") or table, ""
        elif key.value == "vendor":
            yield from (("write", found, "") for found in [_inner(value, "write")] if found)
        elif key.value in {"types", "resources"}:
            for _, part in value.value:
                yield from _sections(part, _scalar(part, "resource") or _scalar(part, "is"))


def _inner(node: yaml.Node, name: str) -> yaml.Node | None:
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in entries if key.value == name), None)


def _scalar(node: yaml.Node, name: str) -> str:
    found = _inner(node, name)
    return str(found.value) if isinstance(found, yaml.ScalarNode) else ""


def _rules(scope: Scope, entries: _Entries) -> Iterator[_Change]:
    for key, value in entries:
        name = key.value.removesuffix("[]")
        yield "rename member", key, f"{name}x{key.value.removeprefix(name)}"
        if isinstance(value, yaml.ScalarNode):
            yield from ((operator, value, new) for operator, new in _lines(scope, value.value))


def _lines(scope: Scope, line: str) -> Iterator[tuple[str, str]]:
    """The faults of one rule line."""
    targets = [part for _, part in split(line, " ; ")]
    for index, target in enumerate(targets):
        for operator, new in _targets(scope, target):
            yield operator, " ; ".join([*targets[:index], new, *targets[index + 1 :]])
        if len(targets) > 1:
            yield "drop target", " ; ".join([*targets[:index], *targets[index + 1 :]])


def _targets(scope: Scope, target: str) -> Iterator[tuple[str, str]]:
    arrow = target[:3] if target[:3] in _ARROWS else ""
    for other in _ARROWS[arrow]:
        yield "flip direction", other + target.removeprefix(arrow)
    head, *calls = [part for _, part in split(target.removeprefix(arrow), " | ")]
    for index, call in enumerate(calls):
        rest = [*calls[:index], *calls[index + 1 :]]
        yield "drop converter", arrow + " | ".join([head, *rest])
        name, _, argument = call.strip().partition(" ")
        if argument and name not in {"code", "concept", "coding", "lookup"}:
            changed = [*calls[:index], f"{name} {altered(argument)}", *calls[index + 1 :]]
            yield "change argument", arrow + " | ".join([head, *changed])
    if head.startswith(('"', "template")):
        yield "change constant", arrow + " | ".join([altered(head), *calls])
        return
    for operator, path in _paths(scope, head.strip()):
        yield operator, arrow + " | ".join([path, *calls])


def _paths(scope: Scope, path: str) -> Iterator[tuple[str, str]]:
    match = _STEP.search(path)
    if match:
        yield "rename element", f"{path[: match.start()]}{match[1]}x{match[2]}"
        sibling = scope.sibling(path[: match.start()], match[1])
        if sibling:
            yield "retarget", f"{path[: match.start()]}{sibling}{match[2]}"
    for selector in re.finditer(r"\[([^\]]*)\]", path):
        for operator, new in selectors(selector[1]):
            yield operator, f"{path[: selector.start(1)]}{new}{path[selector.end(1) :]}"


def _slices(_scope: Scope, entries: _Entries) -> Iterator[_Change]:
    for _, value in entries:
        yield from ((operator, value, new) for operator, new in _paths(Scope(), value.value))


def _fixed(_scope: Scope, entries: _Entries) -> Iterator[_Change]:
    for _, value in entries:
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            yield "change constant", item, altered(item.value)


def _codes(_scope: Scope, entries: _Entries) -> Iterator[_Change]:
    for key, value in entries:
        yield "change constant", key, altered(key.value)
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            yield "change constant", item, altered(item.value)
            arrow = item.value[:3] if item.value[:3] in _ARROWS else ""
            for other in _ARROWS[arrow]:
                yield "flip direction", item, other + item.value.removeprefix(arrow)


def _write(_scope: Scope, entries: _Entries) -> Iterator[_Change]:
    for key, value in entries:
        yield "rename member", key, f"{key.value}x"
        if isinstance(value, yaml.ScalarNode):
            yield "change constant", value, altered(value.value)


_OPERATORS = {
    "rules": _rules,
    "slices": _slices,
    "fixed": _fixed,
    "codes": _codes,
    "write": _write,
}


def _cases(text: str, rule: yaml.Node) -> Iterator[Mutant]:
    table = _inner(rule, "cases")
    if not isinstance(table, yaml.SequenceNode):
        return
    rows = table.value
    for row in rows:
        start = text.rindex("\n", 0, row.start_mark.index)
        end = text.index("\n", row.end_mark.index)
        yield _edited(text, "drop row", (start, end), "", row)
    for one, other in pairwise(rows):
        if _is_apart(one, other):
            continue
        first, second = (text[row.start_mark.index : row.end_mark.index] for row in (one, other))
        between = text[one.end_mark.index : other.start_mark.index]
        span = (one.start_mark.index, other.end_mark.index)
        yield _edited(text, "reorder rows", span, f"{second}{between}{first}", one)
    yield from _cells(text, rows)
    yield from _headed(text, _inner(rule, "to"))


def _cells(text: str, rows: list[yaml.SequenceNode]) -> Iterator[Mutant]:
    for column in range(len(rows[0].value)):
        seen = list(dict.fromkeys([row.value[column].value for row in rows]))
        for row in rows:
            cell = row.value[column]
            others = [value for value in [*seen, "none", "_"] if value != cell.value]
            arrows = {"<->", "->", "<-"}
            others = sorted(arrows - {cell.value}) if cell.value in arrows else others
            for other in others[:2]:
                yield _replaced(text, "flip cell", cell, other)


def _headed(text: str, to: yaml.Node | None) -> Iterator[Mutant]:
    """The elements that a decision table fills."""
    if to is None:
        return
    paths = [part for _, part in split(to.value, " + ")]
    for index, path in enumerate(paths):
        for operator, new in _paths(Scope(), path):
            changed = [*paths[:index], new, *paths[index + 1 :]]
            yield _replaced(text, operator, to, " + ".join(changed))


def _is_apart(one: yaml.Node, other: yaml.Node) -> bool:
    """Whether two rows never meet the same values, on either side, so that their order is free."""
    left, right = ([cell.value for cell in row.value] for row in (one, other))
    width = next(index for index, cell in enumerate(left) if cell in {"<->", "->", "<-"})
    sides = (slice(0, width), slice(width + 1, None))
    return all(any(map(_excludes, left[side], right[side])) for side in sides)


def _excludes(one: str, other: str) -> bool:
    if one == other or "_" in {one, other}:
        return False
    values = [cell for cell in (one, other) if cell.startswith("$")]
    return not values or "none" in {one, other}


def _swapped(text: str, entries: _Entries) -> Iterator[Mutant]:
    """Neighbours that have each other's right-hand side."""
    for (_, one), (_, other) in pairwise(entries):
        if isinstance(one, yaml.ScalarNode) and isinstance(other, yaml.ScalarNode):
            first, second = (
                text[node.start_mark.index : node.end_mark.index] for node in (one, other)
            )
            between = text[one.end_mark.index : other.start_mark.index]
            span = (one.start_mark.index, other.end_mark.index)
            yield _edited(text, "swap", span, f"{second}{between}{first}", one)


def _replaced(text: str, operator: str, node: yaml.Node, new: str) -> Mutant:
    quoted = isinstance(node, yaml.ScalarNode) and node.style in {'"', "'"}
    written = json.dumps(new, ensure_ascii=False) if quoted else new
    return _edited(text, operator, (node.start_mark.index, node.end_mark.index), written, node)


def _without(text: str, table: yaml.CollectionNode, index: int) -> Mutant:
    """The text without one entry of a table."""
    key, value = table.value[index]
    if not table.flow_style:
        start = text.rindex("\n", 0, key.start_mark.index)
        return _edited(text, "drop", (start, text.index("\n", _end(value))), "", key)
    start, end = key.start_mark.index, _end(value)
    if index + 1 < len(table.value):
        end = table.value[index + 1][0].start_mark.index
    elif index:
        start = _end(table.value[index - 1][1])
    return _edited(text, "drop", (start, end), "", key)


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends; a block's end mark stands after the blanks behind it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _edited(text: str, operator: str, span: tuple[int, int], new: str, at: yaml.Node) -> Mutant:
    start, end = span
    was = " ".join(text[start:end].split())
    what = f"{was} => {' '.join(new.split()) or 'nothing'}"
    return Mutant(operator, at.start_mark.line + 1, what, text[:start] + new + text[end:])
