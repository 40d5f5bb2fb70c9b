"""YAML with positions: the text of people's files as nodes that know their line and column.

Plain scalars follow the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema), so
that `NO` is Norway and `2020-01-01` is text; duplicate keys, anchors and tags are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import yaml

from portico.errors import Finding, MappingError, Place

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REFUSED = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)


@dataclass(frozen=True)
class Text:
    """A scalar: `text` as written, `value` as YAML 1.2 reads it."""

    place: Place
    text: str
    quoted: bool = False

    @cached_property
    def value(self) -> str | int | bool | None:
        if self.quoted:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        return int(self.text) if _INTEGER.fullmatch(self.text) else self.text

    def at(self, offset: int) -> Place:
        """The place of the character `offset` within this scalar."""
        return Place(self.place.file, self.place.line, self.place.column + offset + self.quoted)


@dataclass(frozen=True)
class Table:
    """A YAML mapping, in the order of the file."""

    place: Place
    entries: tuple[tuple[Text, "Node"], ...]

    @cached_property
    def _by_key(self) -> dict[str, "Node"]:
        return {key.text: node for key, node in self.entries}

    def get(self, key: str) -> "Node | None":
        return self._by_key.get(key)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._by_key)

    def __iter__(self) -> Iterator[tuple[Text, "Node"]]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True)
class Sequence:
    """A YAML sequence."""

    place: Place
    items: tuple["Node", ...]

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


Node: TypeAlias = Text | Table | Sequence


def read_yaml(path: Path, name: str | None = None) -> Node:
    """Read one file; `name` is how findings call it. Raises MappingError."""
    return parse_yaml(path.read_text(encoding="utf-8"), name or str(path))


def parse_yaml(text: str, name: str) -> Node:
    """Parse one YAML document. Raises MappingError."""
    try:
        _refuse_indirection(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise MappingError(_syntax(error, name)) from error
    if root is None:
        raise MappingError(Finding("E101", Place(name), "the file is empty"))
    return _convert(root, name)


def _refuse_indirection(text: str, name: str) -> None:
    """What stands on a line has to be what it says."""
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, _REFUSED):
            mark = token.start_mark
            place = Place(name, mark.line + 1, mark.column + 1)
            raise MappingError(Finding("E100", place, "anchors, aliases and tags are not read"))


def plain(node: Node | None) -> object:
    """The node as plain Python data, without positions."""
    if isinstance(node, Table):
        return {key.text: plain(value) for key, value in node}
    if isinstance(node, Sequence):
        return [plain(item) for item in node]
    return node.value if node else None


def numbers_too(node: Node) -> object:
    """As `plain`, with numbers that have a fraction or an exponent as decimals."""
    if isinstance(node, Table):
        return {key.text: numbers_too(value) for key, value in node}
    if isinstance(node, Sequence):
        return [numbers_too(item) for item in node]
    is_number = not node.quoted and _NUMBER.fullmatch(node.text)
    return Decimal(node.text) if is_number else node.value


def _syntax(error: yaml.YAMLError, name: str) -> Finding:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        return Finding(
            "E100", Place(name, mark.line + 1, mark.column + 1), f"not YAML: {error.problem}"
        )
    return Finding("E100", Place(name), "not YAML")


def _convert(node: yaml.Node, name: str) -> Node:
    place = Place(name, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.ScalarNode):
        return Text(place, node.value, quoted=bool(node.style))
    if isinstance(node, yaml.SequenceNode):
        return Sequence(place, tuple(_convert(item, name) for item in node.value))
    if isinstance(node, yaml.MappingNode):
        return _table(node, place, name)
    raise MappingError(Finding("E100", place, "not YAML"))


def _table(node: yaml.MappingNode, place: Place, name: str) -> Table:
    entries = []
    seen: dict[str, Place] = {}
    for key_node, value_node in node.value:
        key = _convert(key_node, name)
        if not isinstance(key, Text):
            raise MappingError(Finding("E103", key.place, "a key must be text"))
        if key.text in seen:
            raise MappingError(
                Finding(
                    "E104", key.place, f"'{key.text}' stands twice", f"first at {seen[key.text]}"
                )
            )
        seen[key.text] = key.place
        entries.append((key, _convert(value_node, name)))
    return Table(place, tuple(entries))
