r"""Values of search parameters, with `\` before `,`, `|`, `$` and `\` that mean themselves.

https://hl7.org/fhir/R4/search.html#escaping
"""

import re

_SPECIAL = re.compile(r"([\\,|$])")
_ESCAPED = re.compile(r"\\([\\,|$])")
_PARTS = {
    mark: re.compile(rf"((?:[^\\{mark}]|\\.|\\\Z)*)([{mark}]|\Z)", re.DOTALL) for mark in ",|"
}


def escape(text: str) -> str:
    """Write text so that it stands for itself in a search parameter."""
    return _SPECIAL.sub(r"\\\1", text)


def unescape(text: str) -> str:
    """Read text in which characters stand for themselves; a lone backslash is one."""
    return _ESCAPED.sub(r"\1", text)


def split(text: str, mark: str) -> list[str]:
    """Split at every `mark` (`,` or `|`) that is not escaped; the parts are escaped as before."""
    parts, at = [], 0
    while found := _PARTS[mark].match(text, at):
        parts.append(found[1])
        if not found[2]:
            break
        at = found.end()
    return parts
