"""Text as string searches compare it.

R4: a string search is "case and accent insensitive"; `:exact` is neither.
https://hl7.org/fhir/R4/search.html#string
"""

import re
import unicodedata

_PUNCTUATION = re.compile(r"[\s().\-/+]+")


def fold(text: str) -> str:
    """Text without case and accents, with single spaces; empty when nothing else was there."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(plain.split())


def compose(text: str) -> str:
    """Text as it is, however its accents were typed."""
    return unicodedata.normalize("NFC", text)


def digits(text: str) -> str:
    """A telephone number without the separators that people write."""
    return _PUNCTUATION.sub("", text)
