"""The laws hold for modules that nobody wrote: rules drawn at random from what the language has."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn
from tests.vendors.loading import terminology

from portico import Json, Record
from portico.document import dump
from portico.laws import law
from portico.laws.edits import edited
from portico.laws.record_strategy import records
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule, load_module

HEAD = """portico: 1
module: made.patient
resource: Patient
on_loss: warn
vendor: {schema: record.json}
codes:
  sex: {m: male, f: female, x: -> other, o: other, none: <- unknown}
  kept: {m: male, f: female, x: other, u: unknown, q: -> unknown}
  marital: {system: marital, local: https://made.example, map: {a: M, b: [S, <- U], c: -> S}}
"""
TEXT: Json = {"type": ["string", "null"]}
NUMBER: Json = {"type": "string", "x-public-pattern": "^[0-9]{3}-[0-9]{2}-[0-9]{4}$"}
POOL: list[tuple[str, list[Json]]] = [
    ("name[use?=official].family", [TEXT]),
    ('name[use?=official].given | list " "', [TEXT, TEXT]),
    ("name[use=nickname].given[0]", [TEXT]),
    ("birthDate | date", [{"type": "string", "format": "date"}]),
    ("telecom[system=phone,use?=home].value", [TEXT]),
    ("telecom[system=phone,use=work].value", [TEXT]),
    ("telecom[system=email].value", [TEXT]),
    ("address[use?=home].line", [{"type": "array", "items": {"type": "string", "minLength": 1}}]),
    ("address[use?=home].city", [TEXT]),
    ("identifier[system=us-ssn].value | ssn", [NUMBER]),
    ("identifier[type=v2-0203#MR].value", [TEXT]),
    ("identifier[type=v2-0203#MR].system | oid", [{"type": "string", "enum": ["1.2.3", None]}]),
    ("generalPractitioner[0].reference | ref Practitioner", [TEXT]),
    ("maritalStatus | concept marital", [{"enum": ["a", "b", "c", None]}]),
    ("extension[url=x:amount].valueDecimal", [{"type": ["number", "null"]}]),
    ("extension[url=x:flag].valueBoolean", [{"type": ["boolean", "null"]}]),
    ("multipleBirthInteger | string", [{"type": ["string", "null"], "enum": ["7", "8", None]}]),
    ("-> extension[url=x:seen].valueDateTime", [{"type": "string", "format": "date-time"}]),
    ("contact[relationship=v2-0131#C].name.text", [TEXT]),
]
GENDERS = [
    ("gender | code sex", [{"enum": ["m", "f", "x", "o", None]}]),
    ("gender | code kept carry", [{"enum": ["m", "f", "x", "u", "q", None]}]),
]


@st.composite
def modules(draw: DrawFn) -> tuple[str, Json]:
    """The text of a module and the schema of its records; members lie one or two levels deep."""
    chosen = draw(
        st.lists(st.sampled_from(POOL), min_size=1, max_size=12, unique_by=lambda r: r[0])
    )
    chosen += draw(st.lists(st.sampled_from(GENDERS), max_size=1))
    lines, properties = ["rules:"], dict[str, Json]()
    for index, (rule, kinds) in enumerate(chosen):
        nested = draw(st.booleans())
        names = [f"m{index}{letter}" for letter, _ in zip("ab", kinds, strict=False)]
        inner = dict(zip(names, kinds, strict=True))
        properties |= {f"o{index}": {"type": "object", "properties": inner}} if nested else inner
        members = " + ".join(f"o{index}.{name}" if nested else name for name in names)
        lines.append(f"  {members}: '{rule}'")
    fallback = draw(st.sampled_from(["", "fallback: {gender: unknown}\n"]))
    return HEAD + fallback + "\n".join(lines), {"type": "object", "properties": properties}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    (made / "schemas").mkdir()
    return made


def compiled(folder: Path, text: str, schema: Json) -> ObjectModule:
    (folder / "patient.yaml").write_text(text, encoding="utf-8")
    (folder / "schemas" / "record.json").write_bytes(dump(schema))
    return load_module(folder / "patient.yaml", terminology())


_asked = settings().max_examples


@settings(max_examples=_asked if _asked > 100 else 40, suppress_health_check=[HealthCheck.too_slow])
@given(made=modules(), data=st.data())
def test_a_made_up_module_keeps_the_laws(
    folder: Path, made: tuple[str, Json], data: DataObject
) -> None:
    module, context = compiled(folder, *made), Context()
    one, other = data.draw(records(made[1], {})), data.draw(records(made[1], {}))
    if None in (law.read(module, record, context) for record in (one, other)):
        return
    resource = module.to_fhir(Record(one), context)
    law.get_put(module, one, context)
    law.transplant(module, one, other, context)
    law.aliasing(module, one, other, context)
    law.digits(module, one, context)
    sent = data.draw(edited(resource))
    law.no_silent_loss(module, sent, one, context)
    law.stability(module, sent, one, context)
