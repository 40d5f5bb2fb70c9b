"""The `rules` table of a module, a type, a list or a bundle's resource: YAML nodes → rules."""

from collections.abc import Iterator, Mapping

from portico.errors import Findings, MappingError, Place
from portico.mapping.language.grammar import (
    fail,
    parse_calls,
    parse_cell,
    parse_members,
    parse_path,
    parse_targets,
    split,
)
from portico.mapping.language.rule import (
    Call,
    Cases,
    Constant,
    Direction,
    FhirPath,
    Member,
    Row,
    Rule,
    Shape,
    Target,
)
from portico.mapping.language.source import Node, Sequence, Table, Text, plain

_ARROWS = {arrow.value: arrow for arrow in Direction}
LONG_FORM = frozenset(
    {"to", "with", "cases", "each", "key", "rules", "constants", "reject", "template"}
)


def table(node: Node | None, what: str, place: Place) -> Table:
    """The node as a table; nothing after the colon is an empty one. Raises MappingError E105."""
    if isinstance(node, Text) and not node.text and not node.quoted:
        return Table(node.place, ())
    if not isinstance(node, Table):
        raise fail("E105", node.place if node else place, f"{what} must be a table of keys")
    return node


def text(node: Node | None, what: str, place: Place) -> Text:
    """The node as text. Raises MappingError E105."""
    if not isinstance(node, Text):
        raise fail("E105", node.place if node else place, f"{what} must be text")
    return node


def words(node: Node | None) -> tuple[str, ...]:
    """A word or a list of words."""
    if isinstance(node, Text):
        return tuple(node.text.split())
    return tuple(item.text for item in node if isinstance(item, Text)) if node else ()


def read_rules(node: Table) -> Iterator[Rule]:
    """All rules of a table. Raises MappingError with the findings of every rule."""
    findings = Findings()
    for key, value in node:
        try:
            yield _read_rule(key, value)
        except MappingError as error:
            findings.found.extend(error.findings)
    findings.raise_if_any()


def _read_rule(key: Text, value: Node) -> Rule:
    members, is_list = parse_members(key)
    if isinstance(value, Text):
        return Rule(members, key.place, parse_targets(value))
    if isinstance(value, Table):
        return _long_form(members, key, value, is_list=is_list)
    raise fail("E105", value.place, "a rule is a line of text or a table")


def _long_form(members: tuple[Member, ...], key: Text, node: Table, *, is_list: bool) -> Rule:
    for name, _ in node:
        if name.text not in LONG_FORM:
            known = ", ".join(sorted(LONG_FORM))
            raise fail(
                "E102", name.place, f"unknown key '{name.text}' of a rule", f"known: {known}"
            )
    if node.get("cases"):
        return Rule(members, key.place, cases=_cases(node, len(members)))
    if node.get("each") and is_list:
        return _each(members, key, node)
    raise fail("E106", node.place, "a rule needs 'cases', or 'each' on a list (name[])")


def _each(members: tuple[Member, ...], key: Text, node: Table) -> Rule:
    line = text(node.get("each"), "each", node.place)
    path = parse_path(line.text, line.place)
    rules = tuple(read_rules(table(node.get("rules"), "rules", node.place)))
    constants = tuple(read_constants(node.get("constants")))
    shape = Shape("", rules, key.place, constants)
    target = Target(Direction.BOTH, (path,), (), line.place)
    return Rule(members, key.place, (target,), each=shape, key=words(node.get("key")))


def _cases(node: Table, width: int) -> Cases:
    line = text(node.get("to"), "to", node.place)
    paths = tuple(parse_path(part, line.at(at)) for at, part in split(line.text, " + "))
    rows = node.get("cases")
    if not isinstance(rows, Sequence):
        raise fail("E105", node.place, "cases must be a list of rows")
    return Cases(
        paths,
        _variables(node.get("with")),
        tuple(_row(row, width, len(paths)) for row in rows),
        {code.text: reason for code, reason in _reasons(node.get("reject"), node.place)},
    )


def _reasons(node: Node | None, place: Place) -> Iterator[tuple[Text, str]]:
    for code, reason in table(node, "reject", place) if node else ():
        yield code, text(reason, "a reason", code.place).text


def _variables(node: Node | None) -> Mapping[str, tuple[Call, ...]]:
    if node is None:
        return {}
    entries = table(node, "with", node.place)
    return {key.text: parse_calls(text(value, "a converter", key.place)) for key, value in entries}


def _row(node: Node, width: int, slots: int) -> Row:
    cells = list(node) if isinstance(node, Sequence) else []
    texts = [cell for cell in cells if isinstance(cell, Text)]
    if len(texts) != width + 1 + slots or texts[width].text not in _ARROWS:
        raise fail(
            "E113",
            node.place,
            "a row has one cell per vendor field, an arrow, and one cell per FHIR path",
            f"write {width} cells, an arrow and {slots} cells",
        )
    left, right = texts[:width], texts[width + 1 :]
    return Row(
        tuple(map(parse_cell, left)),
        _ARROWS[texts[width].text],
        tuple(map(parse_cell, right)),
        node.place,
    )


def read_constants(node: Node | None) -> Iterator[Constant]:
    """`constants` and `fallback`: a path and a fixed value each."""
    if node is None:
        return
    for key, value in table(node, "constants", node.place):
        reference = None
        if isinstance(value, Text) and value.text.startswith("@"):
            reference = value.text[1:]
        yield Constant(parse_path(key.text, key.place), plain(value), key.place, reference)


def read_slices(node: Node | None) -> dict[str, FhirPath]:
    """`slices`: a name and a path each; a slice may build on an earlier one."""
    slices: dict[str, FhirPath] = {}
    for key, value in table(node, "slices", node.place) if node else ():
        line = text(value, "a slice", key.place)
        slices[key.text] = with_slices(parse_path(line.text, line.place), slices)
    return slices


def with_slices(path: FhirPath, slices: Mapping[str, FhirPath]) -> FhirPath:
    """Replace a leading slice name by what it stands for."""
    first = path.steps[0]
    if first.selector is not None or first.name not in slices:
        return path
    found = slices[first.name]
    return FhirPath(found.steps + path.steps[1:], path.text, path.place)
