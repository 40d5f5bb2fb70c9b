"""What is odd in a module and keeps nobody from reading it: names that are unused or mislead.

A name counts as used where any text of the module could mean it, so that a remark is never wrong.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from portico.errors import Finding
from portico.mapping.language.source import Node, Sequence, Table, Text

_USES: Mapping[str, tuple[str, str]] = {
    "slices": ("slice", r"(?:^|[\s;+(])({name})(?=[.\[\s;|+]|$)"),
    "types": ("type", r"\|\s*({name})(?=[\s;|]|$)"),
    "codes": ("code table", r"(?:\|\s|^)[^|;\n]*\s({name})(?=[\s;|]|$)"),
    "systems": ("system", r"(?<![\w:-])({name})(?![\w:-])"),
}
_KEYED = frozenset({"constants", "fallback"})
_REASONS = frozenset({"drop", "absent"})


def remarks(root: Table, path: Path) -> Iterator[Finding]:
    """E131 for a module that calls itself by another file's name, E204 for names without use."""
    yield from _misnamed(root, path)
    text = "\n".join(_texts(root))
    for section, (kind, pattern) in _USES.items():
        for name in _names(root.get(section)):
            use = pattern.format(name=re.escape(name.text))
            if not re.search(use, text, re.MULTILINE):
                what = f"nothing uses the {kind} '{name.text}'"
                yield Finding("E204", name.place, what, "use it in a rule, or remove it")


def _misnamed(root: Table, path: Path) -> Iterator[Finding]:
    given, meant = root.get("module"), f"{path.parent.name}.{path.stem}"
    if isinstance(given, Text) and given.text != meant:
        what = f"the module calls itself '{given.text}', and its file is {path.parent.name}/"
        yield Finding("E131", given.place, f"{what}{path.name}", f"write 'module: {meant}'")


def _names(node: Node | None) -> Iterator[Text]:
    yield from (key for key, _ in node) if isinstance(node, Table) else ()


def _texts(node: Node, section: str = "") -> Iterator[str]:
    """Every text of a module that may use a name: values, and keys that are paths."""
    if isinstance(node, Table):
        for key, value in node:
            if section in _KEYED:
                yield key.text
            if key.text not in _REASONS:
                yield from _texts(value, key.text)
    elif isinstance(node, Sequence):
        for item in node:
            yield from _texts(item)
    else:
        yield node.text
