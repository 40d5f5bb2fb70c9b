#!/usr/bin/env python3
"""Derive `src/portico/fhir/definitions.json` from HL7's definitions.

    tools/derive_definitions.py SOURCE_FOLDER

SOURCE_FOLDER holds `r4/structure-definitions.json.gz` (R4 4.0.1 StructureDefinitions by id),
`r4/fhir.schema.json.gz` (the R4 JSON Schema), `terminology/bound_valuesets.json.gz` (expanded
required value sets) and `us-core/6.1.0/requirements.json`. All of it is HL7's, CC0-1.0.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/portico/fhir/definitions.json"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
RESOURCES = (
    "AllergyIntolerance",
    "Binary",
    "Bundle",
    "CapabilityStatement",
    "Communication",
    "Condition",
    "Consent",
    "Device",
    "DocumentReference",
    "Encounter",
    "Flag",
    "Location",
    "Medication",
    "MedicationRequest",
    "Observation",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "Provenance",
    "RelatedPerson",
    "Task",
)
ABSTRACT = ("Element", "BackboneElement", "Resource", "DomainResource")
# FHIRPath's System.String stands for the R4 types that have no value element of their own.
SYSTEM_STRING = {"Resource.id": "id", "Element.id": "string", "Extension.url": "uri"}

Facts = dict[str, Any]


def read(path: Path) -> Any:  # noqa: ANN401 - foreign JSON
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(data)


def type_of(element: Facts, code: str, backbones: set[str]) -> str:
    if element["path"] in backbones:
        return str(element["path"])
    if code.startswith("http://hl7.org/fhirpath/"):
        return SYSTEM_STRING[element["base"]["path"]]
    return code


def facts_of(element: Facts, type_name: str) -> Facts:
    facts: Facts = {"type": type_name}
    if element["max"] not in ("0", "1"):
        facts["list"] = True
    if element["min"]:
        facts["min"] = element["min"]
    if element.get("isModifier"):
        facts["modifier"] = True
    if element.get("isSummary"):
        facts["summary"] = True
    binding = element.get("binding", {})
    if binding.get("strength") == "required":
        facts["binding"] = binding["valueSet"].partition("|")[0]
    return facts


def targets_of(kind: Facts) -> list[str]:
    return sorted(profile.removeprefix(HL7) for profile in kind.get("targetProfile", ()))


def entries(element: Facts, backbones: set[str]) -> Iterator[tuple[str, Facts]]:
    """Yield the JSON members of one element; a choice has one for each of its types."""
    name = element["path"].rpartition(".")[2]
    if "contentReference" in element:
        yield name, facts_of(element, element["contentReference"].removeprefix("#"))
    for kind in element.get("type", ()):
        facts = facts_of(element, type_of(element, kind["code"], backbones))
        if targets := targets_of(kind):
            facts["targets"] = targets
        if name.endswith("[x]"):
            facts["choice"] = name.removesuffix("[x]")
            yield facts["choice"] + kind["code"][0].upper() + kind["code"][1:], facts
        else:
            yield name, facts


def types_of(definition: Facts) -> dict[str, Facts]:
    """One entry for the type itself and one for each backbone element, named by its path."""
    elements = definition["snapshot"]["element"]
    backbones = {element["path"].rpartition(".")[0] for element in elements} - {""}
    types: dict[str, Facts] = {path: {} for path in sorted(backbones)}
    for element in elements[1:]:
        types[element["path"].rpartition(".")[0]].update(entries(element, backbones))
    return types


def reachable(definitions: dict[str, Facts]) -> dict[str, Facts]:
    types: dict[str, Facts] = {}
    waiting = [*RESOURCES, *ABSTRACT]
    while waiting:
        name = waiting.pop()
        if name in types or definitions[name]["kind"] == "primitive-type":
            continue
        found = types_of(definitions[name])
        types.update(found)
        waiting += [e["type"] for t in found.values() for e in t.values() if "." not in e["type"]]
    return dict(sorted(types.items()))


def value_sets(types: dict[str, Facts], expanded: dict[str, Facts]) -> dict[str, Facts]:
    """The code lists of the required bindings; open ones such as MIME types have none."""
    bound = {e["binding"] for t in types.values() for e in t.values() if "binding" in e}
    found = {url: expanded.get(f"{url}|4.0.1", expanded.get(url)) for url in sorted(bound)}
    return {url: codes for url, codes in found.items() if codes}


def profiles(requirements: Facts, types: dict[str, Facts]) -> dict[str, Facts]:
    """US Core's demands on the elements of the types above; the strongest word counts."""
    found: dict[str, Facts] = {}
    for url, profile in sorted(requirements["profiles"].items()):
        if profile["type"] not in types:
            continue
        elements = dict.fromkeys(profile["uscdiOnly"], "uscdi")
        elements |= dict.fromkeys(profile["mustSupport"], "mustSupport")
        elements |= dict.fromkeys(profile["mandatory"], "mandatory")
        found[url.rpartition("/")[2]] = {
            "url": url,
            "type": profile["type"],
            "elements": dict(sorted(elements.items())),
        }
    return found


def lines(facts: Facts, depth: int) -> str:
    """JSON with one line for each member down to `depth`, so that differences can be read."""
    if not depth:
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    members = (f"{json.dumps(key)}:{lines(value, depth - 1)}" for key, value in facts.items())
    return "{\n" + ",\n".join(members) + "\n}"


def derive(source: Path) -> Facts:
    definitions = read(source / "r4/structure-definitions.json.gz")
    schema = read(source / "r4/fhir.schema.json.gz")
    types = reachable(definitions)
    expanded = read(source / "terminology/bound_valuesets.json.gz")["enumerated"]
    requirements = read(source / "us-core/6.1.0/requirements.json")
    primitives = [name for name, d in definitions.items() if d["kind"] == "primitive-type"]
    return {
        "names": {
            "resource": sorted(schema["discriminator"]["mapping"]),
            "primitive": sorted(primitives),
        },
        "types": types,
        "value_sets": value_sets(types, expanded),
        "profiles": profiles(requirements, types),
    }


def main() -> None:
    facts = derive(Path(sys.argv[1]))
    depths = {"names": 1, "types": 2, "value_sets": 1, "profiles": 1}
    parts = (f"{json.dumps(name)}:{lines(facts[name], depths[name])}" for name in facts)
    TARGET.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
