"""How a vendor writes days: `YYYY-MM-DD`, `YYYYMMDD`, `DD.MM.YYYY`, `MM/DD/YYYY`.

A form holds YYYY, MM and DD once each; what stands between them is neither letter nor digit, so
that a text is a day of the form in one way only.
"""

import datetime as dt
import re
from dataclasses import dataclass, field

_FIELDS = {"YYYY": "(?P<year>[0-9]{4})", "MM": "(?P<month>[0-9]{2})", "DD": "(?P<day>[0-9]{2})"}
_FIELD = re.compile("YYYY|MM|DD")


@dataclass(frozen=True, slots=True)
class DateForm:
    """A form of days; `text` is as the author wrote it."""

    text: str
    _pattern: re.Pattern[str] = field(repr=False, compare=False)

    def read(self, written: str) -> dt.date:
        """The day of a text. Raises ValueError when it is none of this form."""
        match = self._pattern.fullmatch(written)
        if not match:
            raise ValueError(self.text)
        return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))

    def write(self, day: dt.date) -> str:
        parts = {"YYYY": f"{day.year:04}", "MM": f"{day.month:02}", "DD": f"{day.day:02}"}
        return _FIELD.sub(lambda field: parts[field[0]], self.text)


def parse_date_form(text: str) -> DateForm:
    """Read a form. Raises ValueError, whose text is the remedy."""
    separators = _FIELD.sub("", text)
    if sorted(_FIELD.findall(text)) != ["DD", "MM", "YYYY"] or any(map(str.isalnum, separators)):
        raise ValueError("write YYYY, MM and DD once each, like YYYYMMDD or DD.MM.YYYY")
    pattern = _FIELD.sub(lambda field: _FIELDS[field[0]], re.escape(text))
    return DateForm(text, re.compile(pattern))


ISO = parse_date_form("YYYY-MM-DD")
