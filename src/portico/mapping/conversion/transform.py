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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from portico import Json
from portico.mapping.conversion.date_form import DateForm

Get = Callable[..., Json]
Put = Callable[..., Json]

AS_IT_IS = "{0}"
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
    looks things up in; `codes` are the FHIR codes that it says how to write;
    `inline` is `get` as a Python expression of {0}, {1} and the names of `uses`, and unless it
    `can_fail` it neither refuses nor makes nothing.
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
    inline: str | None = None
    uses: Mapping[str, object] = field(default_factory=dict)
    can_fail: bool = True


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

    return Transform(str, put, inline="str({0})", can_fail=False)


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

    return Transform(_same, put, inline=AS_IT_IS, can_fail=False)


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

    return Transform(_same, put, inline=AS_IT_IS, can_fail=False)


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

    return Transform(_same, put, lossy=True, inline=AS_IT_IS, can_fail=False)


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

    written = repr(prefix).replace("{", "{{").replace("}", "}}")
    return Transform(get, put, inline=f"{written} + str({{0}})", can_fail=False)


def same() -> Transform:
    """The value as it is."""
    return Transform(_same, lambda value, _old: value, inline=AS_IT_IS, can_fail=False)


def _same(value: Json) -> Json:
    return value


def _digits(value: str) -> str:
    undashed = value.replace("-", "")
    if undashed.isdecimal() and undashed.isascii():
        return undashed
    return "".join(_DIGITS.findall(value))
