"""Primitive values (https://hl7.org/fhir/R4/datatypes.html#primitive)."""

from decimal import Decimal

import pytest

from portico import Json
from portico.fhir import definitions
from portico.fhir.primitive import fault


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("boolean", False),
        ("integer", -7),
        ("positiveInt", 1),
        ("unsignedInt", 0),
        ("decimal", 3),
        ("decimal", Decimal("1.10")),
        ("string", "Zoë Núñez"),
        ("string", "two\nlines"),
        ("markdown", "# a *title*"),
        ("code", "not taken"),
        ("id", "A-1.b"),
        ("uri", "urn:oid:1.2.3"),
        ("url", "https://x.example/y"),
        ("canonical", "http://hl7.org/fhir/ValueSet/x|4.0.1"),
        ("oid", "urn:oid:1.2.840"),
        ("uuid", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
        ("base64Binary", "QUJD REVG\nRw=="),
        ("date", "1905"),
        ("date", "1905-08"),
        ("date", "2024-02-29"),
        ("dateTime", "2024-02"),
        ("dateTime", "2024-02-29T10:30:00.123Z"),
        ("dateTime", "2016-12-31T23:59:60Z"),
        ("instant", "2024-02-29T10:30:00+05:30"),
        ("time", "23:59:00"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">text</div>'),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml"><img src="#a"/></div>'),
    ],
)
def test_values_of_primitive_types(type_name: str, value: Json) -> None:
    assert fault(type_name, value) is None


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("boolean", "true"),
        ("boolean", 1),
        ("integer", "7"),
        ("integer", True),
        ("decimal", "1.10"),
        ("string", 7),
        ("string", True),
        ("string", ["a"]),
        ("code", {"code": "x"}),
        ("date", 1980),
    ],
)
def test_another_kind_of_json_value_is_a_fault_of_structure(type_name: str, value: Json) -> None:
    found = fault(type_name, value)
    assert found is not None
    assert found[0] == "structure"


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("integer", Decimal("1.0")),
        ("integer", 2**31),
        ("positiveInt", 0),
        ("unsignedInt", -1),
        ("string", ""),
        ("string", " \n"),
        ("string", "nothing\x00here"),
        ("markdown", "a bell\x07"),
        ("code", "ma\x00le"),
        ("uri", "urn:\x01"),
        ("string", "x" * (1024 * 1024 + 1)),
        ("code", " male"),
        ("code", "not  taken"),
        ("id", "a" * 65),
        ("id", "a/b"),
        ("uri", "has space"),
        ("oid", "1.2.3"),
        ("uuid", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"),
        ("base64Binary", "***"),
        ("base64Binary", "QUI"),
        ("base64Binary", " "),
        ("date", "1905-13"),
        ("date", "2023-02-29"),
        ("date", "05/01/1980"),
        ("date", "2024-02-29T10:30:00Z"),
        ("dateTime", "2024-02-29T10:30:00"),
        ("dateTime", "2024-02-29T10:30Z"),
        ("instant", "2024-02-29"),
        ("time", "24:00:00"),
        ("xhtml", "<p>text</p>"),
        ("xhtml", "<div> <p/> </div>"),
    ],
)
def test_a_wrong_value_is_a_fault_of_value(type_name: str, value: Json) -> None:
    found = fault(type_name, value)
    assert found is not None
    assert found[0] == "value"


def test_every_primitive_type_has_a_rule() -> None:
    for type_name in definitions.primitives():
        assert fault(type_name, None) is not None
