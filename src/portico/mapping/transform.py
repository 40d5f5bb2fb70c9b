"""The closed set of converters: each a lens between vendor values and FHIR values.

`get` turns vendor values into the FHIR value; `put` turns the FHIR value into vendor values and
may look at the old ones. Neither is called for absence on its side unless the transform is
`total`. A value that must not be written raises `RefusalError`; one that merely has no place at
the vendor raises `UnholdableError`, and the rule writes absence and reports it.
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portico import Json
from portico.mapping.date_form import DateForm

Get = Callable[..., Json]
Put = Callable[..., Json]

_DIGITS = re.compile(r"[0-9]")
_PHONE = re.compile(r"[0-9+().\-\s/]+")
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_US_NUMBER = 10
_SSN = 9


class RefusalError(ValueError):
    """The value must not be written; the text says why, without the value."""

    def __init__(self, reason: str, code: str = "value") -> None:
        super().__init__(reason)
        self.code = code


class UnholdableError(ValueError):
    """The vendor has no place for this value."""


@dataclass(frozen=True)
class Transform:
    """A converter ready for use.

    `members` vendor values meet `slots` FHIR values. `lossy` declares an equivalence: what reads
    back differently is normalised, not changed. `total` transforms also see absence.
    `contextual` ones take the Context as keyword `context`. `put` takes the FHIR values, then the
    old vendor values as one tuple. `companions` name further elements that it fills; `accepts`
    tells whether it knows a value on the way `to_fhir` or `to_vendor`; `catalogue` is the one it
    looks things up in; `codes` are the FHIR codes that it says how to write.
    """

    get: Get
    put: Put
    members: int = 1
    slots: int = 1
    lossy: bool = False
    total: bool = False
    contextual: bool = False
    one_way: bool = False
    companions: tuple[str, ...] = ()
    accepts: Callable[[Json, str], bool] | None = None
    catalogue: str | None = None
    codes: frozenset[str] = frozenset()


def chain(first: Transform, second: Transform) -> Transform:
    """Run two transforms one after the other: vendor → first → second → FHIR."""

    def get(*values: Json) -> Json:
        middle = first.get(*values)
        return None if middle is None and not second.total else second.get(middle)

    def put(value: Json, old: tuple[Json, ...]) -> Json:
        had = first.get(*old) if any(item is not None for item in old) else None
        middle = second.put(value, (had,))
        return first.put(middle, old) if middle is not None or first.total else None

    return Transform(
        get,
        put,
        members=first.members,
        lossy=first.lossy or second.lossy,
        total=first.total or second.total,
        one_way=first.one_way or second.one_way,
    )


def string() -> Transform:
    """Integer ↔ string."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        if not re.fullmatch(r"-?[0-9]+", value):
            raise RefusalError("the vendor needs a whole number")
        return int(value)

    return Transform(str, put)


def decimal() -> Transform:
    """`"98.60"` ↔ 98.60; the vendor's own spelling stays while the number is the same."""

    def get(value: Json) -> Json:
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise RefusalError("not a number") from error

    def put(value: Json, old: tuple[Json, ...]) -> Json:
        return old[0] if old[0] is not None and Decimal(old[0]) == value else str(value)

    return Transform(get, put, lossy=True)


def date() -> Transform:
    """Full date ↔ date or the day of a dateTime; a partial date is refused."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        try:
            return dt.date.fromisoformat(value[:10]).isoformat()
        except ValueError as error:
            raise RefusalError("the vendor needs a full date (YYYY-MM-DD)") from error

    return Transform(_same, put)


def date_written(form: DateForm) -> Transform:
    """A day in the vendor's own form (`19801210`) ↔ date, or the day of a dateTime."""

    def get(value: Json) -> Json:
        try:
            return form.read(value).isoformat()
        except ValueError as error:
            raise RefusalError(f"not a day of the form {form.text}") from error

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        try:
            return form.write(dt.date.fromisoformat(value[:10]))
        except ValueError as error:
            raise RefusalError("the vendor needs a full date (YYYY-MM-DD)") from error

    return Transform(get, put)


def instant() -> Transform:
    """date-time with zone ↔ dateTime or instant; a day never becomes an instant."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        if not _ZONED.fullmatch(value):
            raise RefusalError("the vendor needs a date with time and zone")
        return value

    return Transform(_same, put)


def ssn() -> Transform:
    """`123-45-6789` ↔ `123456789`."""

    def put(value: Json, old: tuple[Json, ...]) -> Json:
        digits = _digits(value)
        if len(digits) != _SSN:
            raise RefusalError("a social security number has nine digits")
        dashed = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        return digits if old[0] and old[0].isdigit() else dashed

    return Transform(_digits, put, lossy=True)


def phone(style: str) -> Transform:
    """As it came ↔ `dashed`: 123-456-7890, US numbers only; `digits`: ten digits if it is one."""

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        digits = _digits(value) if _PHONE.fullmatch(value) else ""
        digits = digits[1:] if len(digits) == _US_NUMBER + 1 and digits[0] == "1" else digits
        if len(digits) != _US_NUMBER:
            if style == "digits":
                return value
            raise UnholdableError("the vendor takes US telephone numbers only")
        return digits if style == "digits" else f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"

    return Transform(_same, put, lossy=True)


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

    return Transform(get, put, members=members, lossy=True)


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


def base64_text() -> Transform:
    """Text ↔ base64Binary of its UTF-8; bytes that are not text are refused."""

    def get(value: Json) -> Json:
        return base64.b64encode(value.encode()).decode()

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        try:
            return base64.b64decode("".join(value.split()), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise RefusalError("the content is not UTF-8 text") from error

    return Transform(get, put, lossy=True)


def default(value: str) -> Transform:
    """Absence ↔ a fixed value."""

    def get(found: Json) -> Json:
        return value if found is None else found

    def put(found: Json, _old: tuple[Json, ...]) -> Json:
        return None if found == value else found

    return Transform(get, put, total=True)


def prefixed(prefix: str) -> Transform:
    """A value ↔ the value with a fixed prefix (`urn:uuid:`)."""

    def get(value: Json) -> Json:
        return prefix + str(value)

    def put(value: Json, _old: tuple[Json, ...]) -> Json:
        if not value.startswith(prefix):
            raise UnholdableError(f"the vendor holds values that begin with {prefix}")
        return value.removeprefix(prefix)

    return Transform(get, put)


def same() -> Transform:
    """The value as it is."""
    return Transform(_same, lambda value, _old: value)


def _same(value: Json) -> Json:
    return value


def _digits(value: str) -> str:
    return "".join(_DIGITS.findall(value))
