"""Narratives: the XHTML that R4 lets a resource carry.

R4's txt-1 allows "only the basic html formatting elements and attributes", so nothing that runs,
loads or asks; txt-2 wants "some non-whitespace content".
https://hl7.org/fhir/R4/narrative.html#xhtml
"""

import re
from collections.abc import Iterator

_NAME = r"[A-Za-z][A-Za-z0-9]*"
_ATTRIBUTE = r"""\s+([A-Za-z:_-]+)\s*=\s*("[^"<]*"|'[^'<]*')"""
_TOKEN = re.compile(
    rf"(?P<text>[^<]+)|<!--(?P<comment>(?:(?!--).)*)-->"
    rf"|</(?P<end>{_NAME})\s*>"
    rf"|<(?P<start>{_NAME})(?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_SPACE = re.compile(r"[\s\x00-\x1f]+")
_ELEMENT = re.compile(
    r"a|abbr|acronym|address|b|bdo|big|blockquote|br|caption|cite|code|col|colgroup|dd|del|dfn|div"
    r"|dl|dt|em|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre|q|samp|small|span|strong|sub|sup|table|tbody"
    r"|td|tfoot|th|thead|tr|tt|ul|var"
)
_ALLOWED = re.compile(
    r"abbr|align|alt|axis|border|cellpadding|cellspacing|char|charoff|cite|class|colspan|compact"
    r"|datetime|dir|frame|headers|height|href|id|lang|name|rowspan|rules|scope|span|src|start"
    r"|style|summary|title|type|valign|value|width|xml:lang|xmlns"
)
_ADDRESSES = frozenset({"href", "src", "cite"})
_RUNS = ("javascript:", "vbscript:", "data:text")


def is_narrative(text: str) -> bool:
    """Whether the text is one well-formed `div` that R4 allows, with an image or some text."""
    stack: list[str] = []
    has_content = False
    for at, token in enumerate(_tokens(text.strip())):
        if token is None or (not stack and not _opens(token, at)):
            return False
        if token["start"] and not _enters(token, stack):
            return False
        if token["end"] and (not stack or stack.pop() != token["end"]):
            return False
        has_content = has_content or token["start"] == "img" or bool((token["text"] or "").strip())
    return not stack and has_content


def _tokens(text: str) -> Iterator[re.Match[str] | None]:
    """Yield tags, texts and comments in order; None where the text is none of them."""
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        yield token
        if token is None:
            return
        at = token.end()


def _opens(token: re.Match[str], at: int) -> bool:
    """Whether a token may stand outside of all elements: the first, which opens the `div`."""
    return at == 0 and token["start"] == "div" and not token["empty"]


def _enters(token: re.Match[str], stack: list[str]) -> bool:
    if not _ELEMENT.fullmatch(token["start"]) or not _are_allowed(token["attributes"]):
        return False
    if not token["empty"]:
        stack.append(token["start"])
    return True


def _are_allowed(attributes: str) -> bool:
    return all(
        _ALLOWED.fullmatch(name) and not (name in _ADDRESSES and _runs(value))
        for name, value in _ATTRIBUTES.findall(attributes)
    )


def _runs(value: str) -> bool:
    """Whether an address is a program; character references could hide one, so none may stand."""
    address = _SPACE.sub("", value[1:-1]).lower()
    return address.startswith(_RUNS) or "&#" in address or "&colon" in address
