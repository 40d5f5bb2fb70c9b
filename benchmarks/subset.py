"""The race of those that can say only a part: single values of the patient, no lists."""

from collections.abc import Iterator
from typing import Any

from benchmarks import hand_written
from benchmarks.contenders import PEERS, TO_FHIR, TO_FHIR_BYTES, Race
from benchmarks.subjects import CONTEXT, MAPPINGS, patient
from portico.document import dump, parse
from portico.mapping.conversion.identity import escape
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import load_module

Json = Any
NAME = "practice patient, subset"


def subset_races() -> Iterator[Race]:
    """The id, the gender and the day of birth of the practice patient."""
    one = patient()
    terminology = load_terminology(MAPPINGS / "terminology")
    module = load_module(PEERS / "subset" / "patient.yaml", terminology)

    def ours(given: Json) -> Json:
        return module.to_fhir(given, CONTEXT)

    agree = ours(one.record)
    runners = {"hand-written": by_hand, "portico": ours}
    yield Race(NAME, TO_FHIR, one.record, runners, agree)
    texts = {
        "hand-written": lambda text: dump(by_hand(parse(text))),
        "portico": lambda text: dump(ours(parse(text))),
    }
    yield Race(NAME, TO_FHIR_BYTES, one.text, texts, agree)


def by_hand(v: Json) -> Json:
    made = {"resourceType": "Patient", "id": escape(v["id"])}
    if gender := v.get("gender"):
        made["gender"], _ = hand_written.GENDERS[gender]
    if born := v.get("date_of_birth"):
        made["birthDate"] = born
    return made
