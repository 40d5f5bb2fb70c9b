"""Rule lines and paths, read by hand so that every error knows its column.

line    := target (" ; " target)*
target  := [arrow] ( path (" + " path)* | '"' text '"' | "template" text ) (" | " name arg*)*
path    := step ("." step)*       step := name [ "[" selector "]" ]
selector:= "0" [" prefer " test ("|" value)*] | "has" | test ("," test)*
test    := name ("." name)* ("=" | "?=") value
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from portico.errors import Finding, MappingError, Place
from portico.mapping.language.rule import (
    Call,
    Cell,
    Direction,
    FhirPath,
    Member,
    Selector,
    Step,
    Target,
    Test,
)
from portico.mapping.language.source import Text

_STEP = re.compile(r"(_?[A-Za-z][A-Za-z0-9]*|[a-z][a-z0-9-]*)(?:\[([^\]]*)\])?")
_TEST = re.compile(r"([A-Za-z_.]+)(\?=|=)(.+)")
_MEMBER = re.compile(r"\^?[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*(\[\])?|\.")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_PATH = "names with dots between, a list's entry in brackets: name[use=official].family"
_ARROWS = {arrow.value: arrow for arrow in Direction}


def fail(code: str, place: Place, what: str, remedy: str = "") -> MappingError:
    return MappingError(Finding(code, place, what, remedy))


def split(text: str, separator: str) -> Iterator[tuple[int, str]]:
    """Split at a separator outside quotes and brackets; yields (offset, part)."""
    start = depth = 0
    quoted = False
    for index, char in enumerate(text):
        if char == '"' and text[index - 1 : index] != "\\":
            quoted = not quoted
        depth += (char in "[{") - (char in "]}") if not quoted else 0
        if not quoted and not depth and text.startswith(separator, index):
            yield start, text[start:index]
            start = index + len(separator)
    yield start, text[start:]


def parse_targets(line: Text) -> tuple[Target, ...]:
    """Read the right-hand side of a rule."""
    return tuple(_target(line, offset, part) for offset, part in split(line.text, " ; "))


def _target(line: Text, offset: int, text: str) -> Target:
    pieces = list(split(text, " | "))
    head = pieces[0][1]
    start = offset + len(head) - len(head.lstrip())
    arrow, head = _arrow(head.strip())
    place = line.at(start)
    start += len(arrow.value) + 1 if text.lstrip().startswith(arrow.value) else 0
    calls = tuple(_call(line, offset + at, part) for at, part in pieces[1:])
    if head.startswith('"'):
        return Target(arrow, (), calls, place, constant=_unquote(head))
    if head.startswith("template "):
        return Target(arrow, (), calls, place, template=_unquote(head[9:].strip()))
    paths = tuple(parse_path(part, line.at(start + at)) for at, part in split(head, " + "))
    return Target(arrow, paths, calls, place)


def _arrow(head: str) -> tuple[Direction, str]:
    word, _, rest = head.partition(" ")
    return (_ARROWS[word], rest.strip()) if word in _ARROWS else (Direction.BOTH, head)


def _unquote(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if text.startswith('"') else text


def _call(line: Text, offset: int, text: str) -> Call:
    words = [quoted or word for quoted, word in _WORD.findall(text)]
    place = line.at(offset + len(text) - len(text.lstrip()))
    if not words:
        raise fail("E111", place, "a converter is missing after '|'")
    return Call(words[0], tuple(words[1:]), place)


def parse_calls(text: Text) -> tuple[Call, ...]:
    """Read `date | default x` where only converters stand."""
    return tuple(_call(text, offset, part) for offset, part in split(text.text, " | "))


def parse_path(text: str, place: Place) -> FhirPath:
    """Read one FHIR path."""
    place = _along(place, len(text) - len(text.lstrip()))
    text = text.strip()
    steps = []
    position = 0
    while position <= len(text):
        match = _STEP.match(text, position)
        here = _along(place, position)
        if not match:
            raise fail("E120", here, f"'{text}' is not a FHIR path", _PATH)
        steps.append(_step(match, text, here))
        position = match.end()
        if position < len(text) and text[position] != ".":
            raise fail("E120", _along(place, position), f"'{text}' is not a FHIR path", _PATH)
        position += 1
    return FhirPath(tuple(steps), text, place)


def _step(match: re.Match[str], text: str, place: Place) -> Step:
    selector = parse_selector(match[2], place) if match[2] is not None else None
    if match[1] == "extension" and selector and any(one.soft for one in selector.tests):
        raise fail("E127", place, f"every extension has a url (in {text})", "write url=")
    return Step(match[1], selector, place)


def _along(place: Place, columns: int) -> Place:
    return replace(place, column=place.column + columns)


def parse_selector(text: str, place: Place) -> Selector:
    """Read what stands in brackets."""
    if text == "has":
        return Selector(has=True)
    if text == "0":
        return Selector(position=True)
    if text.startswith("0 prefer "):
        path, _, values = text[9:].partition("=")
        tests = (Test((path.strip(),), value.strip()) for value in values.split("|"))
        return Selector(position=True, prefer=tuple(tests))
    if text.isdigit():
        raise fail(
            "E124",
            place,
            f"'[{text}]' would shift when an earlier entry is missing",
            "write the whole list as one rule:  a + b: path | list",
        )
    return Selector(tests=tuple(_test(part.strip(), place) for part in text.split(",")))


def _test(text: str, place: Place) -> Test:
    match = _TEST.fullmatch(text)
    if not match:
        raise fail("E125", place, f"'{text}' selects nothing", "write element=value")
    return Test(tuple(match[1].split(".")), match[3].strip(), soft=match[2] == "?=")


def parse_members(key: Text) -> tuple[tuple[Member, ...], bool]:
    """Read the left-hand side; the flag tells that it is a list (`addresses[]`)."""
    members = []
    is_list = False
    for offset, raw in split(key.text, " + "):
        text = raw.strip()
        if not _MEMBER.fullmatch(text):
            raise fail("E130", key.at(offset), f"'{text}' is not a vendor field")
        is_list = text.endswith("[]")
        name = text.removesuffix("[]").removeprefix("^")
        steps = tuple(name.split(".")) if name != "." else ()
        members.append(Member(steps, text.startswith("^"), key.at(offset)))
    return tuple(members), is_list


def parse_cell(cell: Text) -> Cell:
    """Read one cell of a decision table."""
    if cell.text == "none" and not cell.quoted:
        return Cell("none")
    if cell.text == "_":
        return Cell("any")
    if cell.text.startswith("$"):
        return Cell("value", cell.text[1:])
    return Cell("literal", cell.value)
