"""YAML nodes as what a section expects of them, with a finding where they are something else.

C100 another shape of value · C101 unknown key · C102 missing key · C103 not one of the words ·
C104 unknown placeholder · C105 a single brace · C106 not a request line · C107 not a dotted path ·
C108 unknown paging · C109 a name with two meanings · C110 a file that cannot be used ·
C111 operations that need one another · C112 a rule that can never be right
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from portico.errors import Finding, Findings, Place
from portico.mapping.language.source import Node, Sequence, Table, Text
from portico.vendor.dotted import DottedPath, parse_dotted
from portico.vendor.pagination import HeaderValue, Source
from portico.vendor.template import Template, TemplateError, parse_template

W = TypeVar("W", bound=str)
_DURATION = re.compile(r"([0-9]+)(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Rejected(Exception):  # noqa: N818 it carries a finding, and never leaves this package
    """A section that cannot be read; it is left out, and the rest is read on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True)
class Desk:
    """Where findings are written, and the names that placeholders may have here.

    Some of the names may have no value; `secrets` are names that only the credential may use, so
    that a secret never leaves the transport; `secret_parameters` are where it sends them.
    """

    findings: Findings
    names: frozenset[str] = frozenset()
    may_lack: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    secret_parameters: frozenset[str] = frozenset()

    @contextmanager
    def section(self) -> Iterator[None]:
        """What is rejected within becomes a finding, and reading goes on after it."""
        try:
            yield
        except Rejected as rejected:
            self.findings.found.append(rejected.finding)

    def with_names(self, names: Collection[str], *, may_lack: Collection[str] = ()) -> "Desk":
        every = self.names | {*names, *may_lack}
        return replace(self, names=every, may_lack=self.may_lack | {*may_lack})

    def with_secrets(self, secrets: Collection[str], parameters: Collection[str]) -> "Desk":
        return replace(self, secrets=frozenset(secrets), secret_parameters=frozenset(parameters))

    def table(self, node: Node | None, what: str, keys: Collection[str] | None = None) -> Table:
        """A table; with `keys`, every other key is a finding."""
        if not isinstance(node, Table):
            raise rejection("C100", node, f"{what} must be a table of keys and values")
        for key, _ in node if keys is not None else ():
            if key.text not in (keys or ()):
                self.findings.add(
                    "C101",
                    key.place,
                    f"{what} has no '{key.text}'",
                    did_you_mean(key.text, keys or ()),
                )
        return node

    def template(self, node: Node | None, what: str, *, required: bool = False) -> Template:
        """A text whose placeholders all have known names (`required`: and surely a value)."""
        text = as_text(node, what)
        try:
            template = parse_template(text.text)
        except TemplateError as error:
            raise Rejected(Finding("C105", text.at(error.offset), str(error))) from error
        for name in template.names:
            place = text.at(text.text.index("{" + name))
            self._check_name(name, place, required=required)
        return template

    def _check_name(self, name: str, place: Place, *, required: bool) -> None:
        if name in self.secrets:
            self.findings.add("C104", place, f"'{name}' is a secret", "use it in the credential")
        elif name not in self.names:
            remedy = did_you_mean(name, self.names)
            self.findings.add("C104", place, f"nothing here is called '{name}'", remedy)
        elif required and name in self.may_lack:
            what = f"'{name}' may have no value, and this needs one"
            self.findings.add("C104", place, what, "give the setting a default")


def rejection(code: str, node: Node | None, what: str, remedy: str = "") -> Rejected:
    return Rejected(Finding(code, node.place if node else Place("vendor.yaml"), what, remedy))


def did_you_mean(word: str, words: Collection[str]) -> str:
    near = get_close_matches(word, words, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"there are: {', '.join(sorted(words))}" if words else "there are none"


def needed(table: Table, key: str, what: str) -> Node:
    node = table.get(key)
    if node is None:
        raise rejection("C102", table, f"{what} lacks '{key}'")
    return node


def as_text(node: Node | None, what: str) -> Text:
    if not isinstance(node, Text) or node.value is None:
        raise rejection("C100", node, f"{what} must be a text")
    return node


def as_word(node: Node | None, what: str, words: Collection[W]) -> W:
    text = as_text(node, what).text
    found = next((word for word in words if word == text), None)
    if found is None:
        raise rejection("C103", node, f"{what} cannot be '{text}'", did_you_mean(text, words))
    return found


def as_flag(node: Node | None, what: str) -> bool:
    return as_word(node, what, ("yes", "no", "true", "false")) in {"yes", "true"}


def as_number(node: Node | None, what: str) -> int:
    value = as_text(node, what).value
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise rejection("C100", node, f"{what} must be a number")
    return value


def as_seconds(node: Node | None, what: str) -> float:
    match = _DURATION.fullmatch(as_text(node, what).text)
    if not match:
        raise rejection("C100", node, f"{what} must be a duration", "like 10s, 5m, 1h or 1d")
    return float(match.group(1)) * _SECONDS[match.group(2)]


def as_dotted(node: Node | None, what: str) -> DottedPath:
    text = as_text(node, what)
    try:
        return parse_dotted(text.text)
    except ValueError as error:
        raise rejection("C107", text, f"{what} is not a dotted path", str(error)) from error


def as_source(node: Node | None, what: str) -> Source:
    if isinstance(node, Table) and node.keys() == ("header",):
        return HeaderValue(as_text(node.get("header"), what).text.lower())
    return as_dotted(node, what)


def as_nodes(node: Node | None) -> tuple[Node, ...]:
    """A list's entries; a single value is a list of one."""
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)
