"""Runs a linkml-map transformation on request: a line in, a line out.

A documented subset: the members of the patient that become single values of the Patient. Lists
with entries that a condition makes are not within its slot derivations.
"""

import json
import sys
from typing import Any

import yaml
from linkml_map.transformer.object_transformer import ObjectTransformer
from linkml_runtime import SchemaView
from worker import serve

Json = Any

_SCHEMA = """
id: https://bench.example/{name}
name: {name}
prefixes: {{linkml: https://w3id.org/linkml/}}
imports: [linkml:types]
default_range: string
classes:
  {kind}:
    attributes:
      {slots}
"""
_RULES = """
class_derivations:
  Patient:
    populated_from: Record
    slot_derivations:
      resourceType: {expr: "'Patient'"}
      id: {populated_from: id}
      gender: {expr: "'other' if gender == 'non_binary' else gender"}
      birthDate: {populated_from: date_of_birth}
"""


def _make(setup: Json) -> Any:
    members = "\n      ".join(f"{name}: {{}}" for name in setup["given"])
    elements = "\n      ".join(f"{name}: {{}}" for name in ("resourceType", *setup["elements"]))
    transformer = ObjectTransformer()
    transformer.source_schemaview = SchemaView(
        _SCHEMA.format(name="vendor", kind="Record", slots=members)
    )
    transformer.target_schemaview = SchemaView(
        _SCHEMA.format(name="fhir", kind="Patient", slots=elements)
    )
    transformer.create_transformer_specification(yaml.safe_load(_RULES))

    def convert(given: Json) -> Json:
        return transformer.map_object(given, source_type="Record")

    return convert, lambda text: json.dumps(convert(json.loads(text))).encode()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout, _make)
