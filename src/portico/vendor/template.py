"""Texts with `{name}` placeholders, as a connection file writes paths, headers and bodies.

    /patients/{patient.id}/diseases/{id}        Bearer {token}        {{not a placeholder}}

A placeholder is a setting of the connection or a member of the object's key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_PART = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_.-]*)\}|[{}]")


class TemplateError(ValueError):
    """A brace that opens or closes nothing; `offset` is its position in the text."""

    def __init__(self, offset: int) -> None:
        super().__init__("a single brace; write {{ or }} for the character itself")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Template:
    """`parts` are (literal text, placeholder after it or None)."""

    text: str
    parts: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.parts if name is not None)

    def fill(self, values: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
        """Fill every placeholder. Raises KeyError for a name without a value."""
        return "".join(
            literal + (quote(values[name]) if name is not None else "")
            for literal, name in self.parts
        )

    def fill_if_known(self, values: Mapping[str, str]) -> str | None:
        """Fill, or None when a placeholder has no value (an optional setting)."""
        return self.fill(values) if all(name in values for name in self.names) else None


def parse_template(text: str) -> Template:
    """Read a template. Raises TemplateError."""
    parts: list[tuple[str, str | None]] = []
    literal, end = "", 0
    for match in _PART.finditer(text):
        literal += text[end : match.start()]
        end = match.end()
        if match.group(1):
            parts.append((literal, match.group(1)))
            literal = ""
        elif len(match.group()) == len("{{"):
            literal += match.group()[0]
        else:
            raise TemplateError(match.start())
    return Template(text, (*parts, (literal + text[end:], None)))
