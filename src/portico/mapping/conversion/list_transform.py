"""Converters between members and lists: several members, a text with separators, or lines."""

from portico import Json
from portico.mapping.conversion.transform import RefusalError, Transform


def listed(separator: str, members: int) -> Transform:
    """One or more text members ↔ a list; surplus entries join in the last member."""

    def get(*values: Json) -> Json:
        return [value for value in values if value is not None] or None

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        texts = [text for text in value if text is not None]  # null: an entry with extensions only
        head, rest = texts[: members - 1], texts[members - 1 :]
        parts = [*head, separator.join(rest)] if rest else list(head)
        parts += [None] * (members - len(parts))
        return parts[0] if members == 1 else tuple(parts)

    return Transform(
        get, put, members=members, lossy=True, inline=_inline_list(members), can_fail=False
    )


def _inline_list(members: int) -> str | None:
    """The list as an expression, for the short ones that modules have most."""
    one = "[{0}]"
    two = "[{0}, {1}] if {0} is not None and {1} is not None else [{1} if {0} is None else {0}]"
    return {1: one, 2: two}.get(members)


def split(separator: str) -> Transform:
    """A text ↔ the list of its parts; an entry that holds the separator is refused."""

    def get(value: Json) -> Json:
        return [part.strip() for part in value.split(separator) if part.strip()] or None

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        parts = [part for part in value if part is not None]
        if any(separator in part for part in parts):
            raise RefusalError("an entry holds the text that parts entries at the vendor")
        return separator.join(parts)

    return Transform(get, put, lossy=True)


def spread(members: int) -> Transform:
    """One text member or several, and a last one that is a list ↔ a list."""

    def get(*values: Json) -> Json:
        heads = [value for value in values[:-1] if value is not None]
        return [*heads, *(values[-1] or ())] or None

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        heads, rest = value[: members - 1], value[members - 1 :]
        parts = [*heads, *[None] * (members - 1 - len(heads)), rest or None]
        return parts[0] if members == 1 else tuple(parts)

    return Transform(get, put, members=members)


def lines() -> Transform:
    """A list of lines ↔ text with line feeds."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        return value.split("\n")

    return Transform("\n".join, put)
