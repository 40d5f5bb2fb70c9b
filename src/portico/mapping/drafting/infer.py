"""What samples of a vendor's records show: a JSON Schema, and the forms of their texts.

Codes are listed only where few of them repeat often and the member is not of a kind that tells a
person from another: no patient's data get into a schema.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from portico import Json

_FORMS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "uri": re.compile(r"https?://\S+"),
    "YYYYMMDD": re.compile(r"(19|20)\d\d(0\d|1[0-2])([0-2]\d|3[01])"),
    "MM/DD/YYYY": re.compile(r"(0\d|1[0-2])/([0-2]\d|3[01])/\d{4}"),
    "DD.MM.YYYY": re.compile(r"([0-2]\d|3[01])\.(0\d|1[0-2])\.\d{4}"),
    "icd10cm": re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"),
}
_IN_SCHEMAS = frozenset({"date", "date-time", "uuid", "email", "uri"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,23}")
_PERSONAL = re.compile(
    r"name|given|family|city|town|state|street|line|zip|postal|county|country|address|id$",
    re.IGNORECASE,
)
_FEW, _OFTEN = 6, 2


def infer_schema(samples: Sequence[Json]) -> Json:
    """A JSON Schema that all samples fit; a member is required if it is in each of several."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": f"Inferred from samples ({len(samples)}): complete it from the contract.",
        **_schema("", samples),
    }


def form_of(values: Sequence[Json]) -> str:
    """The form that all texts have: a format of JSON Schema, a form of days, or `icd10cm`."""
    texts = [value for value in values if isinstance(value, str) and value]
    matching = (name for name, form in _FORMS.items() if texts and all(map(form.fullmatch, texts)))
    return next(matching, "")


def codes_of(values: Sequence[Json]) -> tuple[str, ...]:
    """The few texts that look like codes, as they first occur; () if one does not."""
    texts = dict.fromkeys(value for value in values if isinstance(value, str) and value)
    return tuple(texts) if len(texts) <= _FEW and all(map(_CODE.fullmatch, texts)) else ()


def values_at(samples: Sequence[Json], path: str) -> list[Json]:
    """All values of a member in all samples; `[]` in the path goes through lists."""
    values: list[Json] = list(samples)
    for step in path.split("."):
        name = step.removesuffix("[]")
        values = [value[name] for value in values if isinstance(value, dict) and name in value]
        if step.endswith("[]"):
            values = [item for value in values if isinstance(value, list) for item in value]
    return values


def _schema(name: str, values: Sequence[Json]) -> dict[str, Json]:
    kinds = list(dict.fromkeys(map(_kind, values)))
    schema: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {}
    if kinds == ["null"]:
        schema = {"description": "only null was seen"}
    if "integer" in kinds and "number" in kinds:
        schema["type"] = [kind for kind in kinds if kind != "integer"]
    objects = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    if objects:
        schema |= _properties(objects)
    if lists:
        schema["items"] = _schema(name, [item for value in lists for item in value])
    if form_of(values) in _IN_SCHEMAS:
        schema["format"] = form_of(values)
    if _is_enumerated(name, values):
        schema["enum"] = [*codes_of(values), *([None] if "null" in kinds else [])]
    return schema


def _properties(objects: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    names = dict.fromkeys(name for one in objects for name in one)
    made: dict[str, Json] = {
        "properties": {
            name: _schema(name, [one[name] for one in objects if name in one]) for name in names
        }
    }
    everywhere = [name for name in names if all(name in one for one in objects)]
    return made | ({"required": everywhere} if len(objects) > 1 and everywhere else {})


def _is_enumerated(name: str, values: Sequence[Json]) -> bool:
    codes = codes_of(values)
    texts = [value for value in values if value is not None]
    repeated = len(texts) >= _OFTEN * len(codes) and len(texts) > _OFTEN
    return len(codes) > 1 and repeated and not _PERSONAL.search(name) and not form_of(values)


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float | Decimal):
        return "number"
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else "string"


def words_of(name: str) -> Iterator[str]:
    """`dateOfBirth`, `date_of_birth` → date, of, birth."""
    for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name):
        yield word.lower()
