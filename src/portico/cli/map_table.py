"""Rows of text in columns, without colours or frames, so that `grep` and `cut` work on them."""

from collections.abc import Iterator, Sequence

_GAP = "  "


def columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with cells below each other; a column in which no row has anything is left out."""
    shown = [at for at in range(len(head)) if any(row[at] for row in rows)]
    widths = {at: max(len(row[at]) for row in (head, *rows)) for at in shown}
    for row in (head, *rows):
        yield _GAP.join(row[at].ljust(widths[at]) for at in shown).rstrip()
