"""How a vendor's lists are paged, and how one page leads to the next.

    paging:
      whole:   {kind: none,   items: data}
      page:    {kind: page,   page: page, size: page_size, max: 200, items: items, total: total}
      offset:  {kind: offset, offset: skip, size: limit, items: rows, more: has_more}
      cursor:  {kind: cursor, after: after, size: first, items: data, next: page_info.end_cursor,
                more: page_info.has_next_page}
      link:    {kind: link,   size: limit, items: ., next: {header: link}}

`items` reaches the records (`results[].patient` unwraps each), `item` does so for each entry.
`total`, `next` and `more` are dotted paths, or `{header: name}`. A page ends the list when `more`
says so, else when the total is reached, else when the page is shorter than asked for.

`Position.after` is the vendor's own text for where a page begins; how it is made is the kind's.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from portico import Json
from portico.vendor.dotted import DottedPath
from portico.vendor.message import Response

_NEXT_LINK = re.compile(
    r"""<([^>]*)>(?:\s*;\s*[^\s;,="]+\s*(?:=\s*(?:"[^"]*"|[^\s;,"]*))?)*?"""
    r"""\s*;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=\s*(?:[;,]|$)))""",
    re.IGNORECASE,
)

Parameters = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """Something that the vendor tells in a response header; the name is lower case."""

    name: str


Source = DottedPath | HeaderValue


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page as it came: where it began, the size asked for, and how many items it held."""

    after: str | None
    size: int | None
    count: int
    document: Json
    response: Response

    def value(self, source: Source | None) -> Json:
        if isinstance(source, HeaderValue):
            return self.response.header(source.name)
        return source.first(self.document) if source else None


@dataclass(frozen=True, slots=True)
class Whole:
    """The vendor answers everything at once."""


@dataclass(frozen=True, slots=True)
class ByPage:
    """Pages are numbered, from `first` on."""

    page: str
    first: int = 1


@dataclass(frozen=True, slots=True)
class ByOffset:
    """A page begins after so many items."""

    offset: str


@dataclass(frozen=True, slots=True)
class ByCursor:
    """Each page tells the text with which to ask for the next."""

    after: str
    next: Source


@dataclass(frozen=True, slots=True)
class ByLink:
    """Each page tells the address of the next, in a member or in a Link header (RFC 8288).

    `secret` names parameters of the credential: a vendor that repeats them in its links would
    tell them to whoever gets the cursor, so they are taken out.
    """

    next: Source
    secret: frozenset[str] = frozenset()

    def shareable(self, link: str) -> str:
        """The link without the credential's parameters."""
        if not self.secret:
            return link
        parts = urlsplit(link)
        query = parse_qsl(parts.query, keep_blank_values=True)
        kept = [pair for pair in query if pair[0] not in self.secret]
        return urlunsplit(parts._replace(query=urlencode(kept)))


@dataclass(frozen=True, slots=True)
class Paging:
    """`size` names the parameter that asks for a page size, `limit` is the largest of them.

    `missing_is_empty` accepts an answer without the list; else such an answer is garbage, because
    a list that the vendor renamed would look like an empty one.
    """

    turn: Whole | ByPage | ByOffset | ByCursor | ByLink
    items: DottedPath
    total: Source | None = None
    more: Source | None = None
    size: str | None = None
    limit: int | None = None
    missing_is_empty: bool = False

    def size_for(self, wanted: int | None) -> int | None:
        """The page size to ask the vendor for; None when it cannot be asked."""
        if self.size is None:
            return None
        sizes = [size for size in (wanted, self.limit) if size]
        return min(sizes, default=None)

    def query(self, after: str | None, size: int | None) -> Parameters:
        """The parameters of the page that begins at `after`; numbers are numbers in a body."""
        sizes = ((self.size, size),) if self.size and size else ()
        match self.turn:
            case ByPage(page, first):
                return ((page, int(after or first)), *sizes)
            case ByOffset(offset):
                return ((offset, int(after or 0)), *sizes)
            case ByCursor(name, _) if after:
                return ((name, after), *sizes)
            case _:
                return sizes

    def following(self, leaf: Leaf) -> str | None:
        """Where the next page begins, or None after the last."""
        match self.turn:
            case Whole():
                return None
            case ByPage(_, first):
                number = int(leaf.after or first)
                seen = (number - first) * (leaf.size or 0) + leaf.count
                return str(number + 1) if self._has_more(leaf, seen) else None
            case ByOffset():
                seen = int(leaf.after or 0) + leaf.count
                return str(seen) if leaf.count and self._has_more(leaf, seen) else None
            case ByCursor(_, source):
                return self._told(leaf, source)
            case ByLink(source):
                link = self._told(leaf, source)
                return self.turn.shareable(link) if link else None

    def total_of(self, leaf: Leaf) -> int | None:
        """How many records the whole list has, where the vendor says so."""
        total = leaf.value(self.total)
        return int(total) if str(total).isdecimal() else None

    def _has_more(self, leaf: Leaf, seen: int) -> bool:
        if self.more:
            return _is_true(leaf.value(self.more))
        total = self.total_of(leaf)
        if total is not None and leaf.size:
            return leaf.count > 0 and seen < total
        return leaf.count >= (leaf.size or 1)

    def _told(self, leaf: Leaf, source: Source) -> str | None:
        if self.more and not _is_true(leaf.value(self.more)):
            return None
        told = leaf.value(source)
        if source == HeaderValue("link"):
            found = _NEXT_LINK.search(str(told or ""))
            return found.group(1) if found else None
        return str(told) if told not in (None, "", False) else None


def _is_true(value: Json) -> bool:
    return str(value).lower() in {"true", "1", "yes"}
