"""What names of members usually mean: the knowledge that drafts of rules are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_PEOPLE = frozenset({"Patient", "Practitioner", "RelatedPerson"})
_PATIENT = frozenset({"Patient"})
_CONDITION = frozenset({"Condition"})
_MEDICATION = frozenset({"MedicationRequest"})
_ALLERGY = frozenset({"AllergyIntolerance"})
_OBSERVATION = frozenset({"Observation"})
_DOCUMENT = frozenset({"DocumentReference"})
_ABOUT_A_PATIENT = _CONDITION | _MEDICATION | _OBSERVATION | _DOCUMENT
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"

RESOURCES: Mapping[str, tuple[str, str]] = {
    "practitioner": ("Practitioner", "us-core-practitioner"),
    "provider": ("Practitioner", "us-core-practitioner"),
    "doctor": ("Practitioner", "us-core-practitioner"),
    "condition": ("Condition", "us-core-condition-problems-health-concerns"),
    "diagnosis": ("Condition", "us-core-condition-problems-health-concerns"),
    "disease": ("Condition", "us-core-condition-problems-health-concerns"),
    "problem": ("Condition", "us-core-condition-problems-health-concerns"),
    "medication": ("MedicationRequest", "us-core-medicationrequest"),
    "prescription": ("MedicationRequest", "us-core-medicationrequest"),
    "allergy": ("AllergyIntolerance", "us-core-allergyintolerance"),
    "observation": ("Observation", "us-core-simple-observation"),
    "vital": ("Observation", "us-core-simple-observation"),
    "vitals": ("Observation", "us-core-simple-observation"),
    "document": ("DocumentReference", "us-core-documentreference"),
    "note": ("DocumentReference", "us-core-documentreference"),
    "patient": ("Patient", "us-core-patient"),
}
"""A word in an object's name: its resource type and profile."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Names with all of some `words` (alternatives by `|`) usually mean the element `right`.

    `join` is the separator of members that share one list. `day` and `text` ask for the converter
    of the vendor's form of a day, or of a number that is a text in FHIR. `codes` says what codes
    mean; `table` is how the code table is used; `system` is the code system of a concept.
    """

    words: str
    right: str
    why: str
    types: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset({"string", "integer", "number", "boolean", "array"})
    join: str = ""
    day: bool = False
    text: bool = False
    table: str = ""
    system: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def alternatives(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(each.split()) for each in self.words.split("|"))


_TEXT = frozenset({"string"})
_FLAG = frozenset({"boolean"})
_NUMBER = frozenset({"integer", "number"})
_GENDERS: Mapping[str, str] = {
    "m": "male", "male": "male", "f": "female", "w": "female", "female": "female",
    "o": "other", "x": "other", "d": "other", "other": "other", "u": "unknown",
    "unknown": "unknown",
}  # fmt: skip
_MARITAL: Mapping[str, str] = {
    "married": "M", "m": "M", "single": "S", "s": "S", "divorced": "D", "d": "D",
    "widowed": "W", "w": "W", "separated": "L", "l": "L",
}  # fmt: skip
_STATES: Mapping[str, str] = {
    name: name for name in ("active", "inactive", "resolved", "recurrence", "remission", "relapse")
}
_ORDERS: Mapping[str, str] = {
    "active": "active", "completed": "completed", "stopped": "stopped", "discontinued": "stopped",
    "cancelled": "cancelled", "canceled": "cancelled", "on-hold": "on-hold", "on_hold": "on-hold",
    "draft": "draft",
}  # fmt: skip
_URGENT = "contact[relationship=v2-0131#C]"
_NAME = "name[use?=official]"
_HOME = "address[use?=home]"
_PHONE = "telecom[system=phone"

HINTS = (
    Hint("version|revision", "-> meta.versionId", "counts changes", kinds=_NUMBER, text=True),
    Hint("updated|modified", "-> meta.lastUpdated", "the vendor's clock", kinds=_TEXT),
    Hint("npi", "identifier[system=us-npi].value", "a provider's national number", text=True),
    Hint("ssn|social security", "identifier[system=us-ssn].value | ssn", "a tax number", _PATIENT),
    Hint(
        "mrn|medical record|chart", "identifier[type=v2-0203#MR].value", "a chart's number",
        _PATIENT, text=True,
    ),
    Hint("medicaid", "identifier[type=v2-0203#MA].value", "an insurance number", _PATIENT),
    Hint("emergency phone", f"{_URGENT}.telecom[system=phone].value", "whom to call", _PATIENT),
    Hint("emergency name|emergency contact", f"{_URGENT}.name.text", "whom to call", _PATIENT),
    Hint("preferred name|nickname", "name[use=nickname].given[0]", "what to call them", _PEOPLE),
    Hint("last|family|surname|lastname", f"{_NAME}.family", "a family name", _PEOPLE, _TEXT),
    Hint(
        "first|given|forename|forenames|firstname|middle", f"{_NAME}.given", "given names",
        _PEOPLE, join=" ",
    ),
    Hint("prefix|title", f"{_NAME}.prefix", "a title", _PEOPLE, join=" "),
    Hint("suffix", f"{_NAME}.suffix", "a suffix", _PEOPLE, join=" "),
    Hint("birth|dob|birthdate|born", "birthDate", "a day of birth", _PEOPLE, _TEXT, day=True),
    Hint(
        "gender|sex", "gender", "administrative gender", _PEOPLE, _TEXT, table="code",
        codes=_GENDERS,
    ),
    Hint("mobile|cell", f"{_PHONE},use=mobile].value", "a mobile phone", _PEOPLE, text=True),
    Hint("work phone", f"{_PHONE},use=work].value", "a phone at work", _PEOPLE, text=True),
    Hint("fax", "telecom[system=fax].value", "a fax", _PEOPLE, text=True),
    Hint("phone|telephone|tel", f"{_PHONE},use?=home].value", "a phone", _PEOPLE, text=True),
    Hint("email|mail", "telecom[system=email].value", "an e-mail address", _PEOPLE, _TEXT),
    Hint("city|town", f"{_HOME}.city", "an address", _PEOPLE, _TEXT),
    Hint("zip|postal|postcode|zipcode", f"{_HOME}.postalCode", "an address", _PEOPLE, text=True),
    Hint("country", f"{_HOME}.country", "an address", _PEOPLE, _TEXT),
    Hint("state", f"{_HOME}.state", "an address", _PEOPLE, _TEXT),
    Hint(
        "address|street|line|line 1|line 2", f"{_HOME}.line", "an address", _PEOPLE,
        frozenset({"string", "array"}), join=", ",
    ),
    Hint(
        "marital", "maritalStatus", "marital status", _PATIENT, _TEXT, table="concept",
        system="marital", codes=_MARITAL,
    ),
    Hint("language", "communication[preferred=true].language.text", "a language", _PATIENT, _TEXT),
    Hint(
        "race", f"extension[url={_US_CORE}race].extension[url=text].valueString",
        "race, as US Core has it", _PATIENT, _TEXT,
    ),
    Hint(
        "ethnicity", f"extension[url={_US_CORE}ethnicity].extension[url=text].valueString",
        "ethnicity, as US Core has it", _PATIENT, _TEXT,
    ),
    Hint("deceased|dead", "deceasedBoolean", "whether they died", _PATIENT, _FLAG),
    Hint("deceased|death|died", "deceasedDateTime", "when they died", _PATIENT, _TEXT, day=True),
    Hint("active|enabled", "active", "whether the record is in use", _PEOPLE, _FLAG),
    Hint(
        "provider id|practitioner id|doctor id",
        "generalPractitioner[0].reference | ref Practitioner", "who cares for them", _PATIENT,
    ),
    Hint("name", f"{_NAME}.text", "a whole name", _PEOPLE, _TEXT),
    Hint("patient id", "patient.reference | ref Patient", "whom it is about", _ALLERGY),
    Hint("patient id", "subject.reference | ref Patient", "whom it is about", _ABOUT_A_PATIENT),
    Hint("patient name", "-> subject.display", "whom it is about", _ABOUT_A_PATIENT, _TEXT),
    Hint("icd|icd10", "code.coding[system=icd10cm].code", "an ICD-10-CM code", _CONDITION),
    Hint("snomed|sct", "code.coding[system=sct].code", "a SNOMED CT code", _CONDITION, text=True),
    Hint("onset|start", "onsetDateTime", "when it began", _CONDITION, _TEXT, day=True),
    Hint(
        "abatement|stop|end|resolved", "abatementDateTime", "when it ended", _CONDITION, _TEXT,
        day=True,
    ),
    Hint(
        "status", "clinicalStatus", "whether they have it", _CONDITION | _ALLERGY, _TEXT,
        table="concept", system="condition-clinical", codes=_STATES,
    ),
    Hint("created|recorded", "-> recordedDate", "when it was written", _CONDITION, _TEXT),
    Hint("rxnorm|rxcui|rx", "medicationCodeableConcept.coding[system=rxnorm].code",
         "an RxNorm code", _MEDICATION, text=True),
    Hint("ndc", "medicationCodeableConcept.coding[system=ndc].code", "a package", _MEDICATION),
    Hint(
        "status", "status", "the state of the order", _MEDICATION, _TEXT, table="code",
        codes=_ORDERS,
    ),
    Hint("start|prescribed|authored|ordered", "authoredOn", "when it was ordered", _MEDICATION,
         _TEXT, day=True),
    Hint("sig|instructions|directions|dosage", "dosageInstruction[0].text", "how to take it",
         _MEDICATION, _TEXT),
    Hint("refills|repeats", "dispenseRequest.numberOfRepeatsAllowed", "refills", _MEDICATION,
         frozenset({"integer"})),
    Hint("quantity", "dispenseRequest.quantity.value", "how much", _MEDICATION, _NUMBER),
    Hint("provider id|prescriber id", "requester.reference | ref Practitioner", "who ordered it",
         _MEDICATION),
    Hint("name|description|drug|display", "medicationCodeableConcept.text", "what it is called",
         _MEDICATION, _TEXT),
    Hint("loinc", "code.coding[system=loinc].code", "a LOINC code", _OBSERVATION),
    Hint("value|result", "valueQuantity.value", "what was measured", _OBSERVATION, _NUMBER),
    Hint("unit|units", "valueQuantity.unit", "its unit", _OBSERVATION, _TEXT),
    Hint("date|taken|measured|observed", "effectiveDateTime", "when it was measured",
         _OBSERVATION, _TEXT, day=True),
    Hint("title|subject|description", "description", "what it is called", _DOCUMENT, _TEXT),
    Hint("text|content|body", "content[0].attachment.data | base64", "what it says", _DOCUMENT,
         _TEXT),
    Hint("note|notes|comment|comments", "note[0].text", "a note",
         _CONDITION | _MEDICATION | _ALLERGY | _OBSERVATION, _TEXT),
    Hint("name|description|display|substance|allergen|diagnosis|problem", "code.text",
         "what it is called", _CONDITION | _ALLERGY | _OBSERVATION, _TEXT),
)  # fmt: skip
"""The first that fits is taken, so what is more special stands first."""

BY_FORM: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Condition", "icd10cm"): ("code.coding[system=icd10cm].code", "it looks like ICD-10-CM"),
    ("Patient", "email"): ("telecom[system=email].value", "it looks like an e-mail address"),
    ("Practitioner", "email"): ("telecom[system=email].value", "it looks like an e-mail address"),
}
"""(resource type, form of the texts): what they are, whatever the member is called."""

LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "telecom": (
        "phone|phones|telephone|email|emails|contact|telecom",
        {"number": "value", "value": "value", "phone": "value", "email": "value"},
    ),
    "address": (
        "address|addresses",
        {"lines": "line", "city": "city", "state": "state", "zip": "postalCode",
         "postal": "postalCode", "country": "country"},
    ),
    "identifier": ("identifier|identifiers|id|ids", {"value": "value", "number": "value"}),
    "name": ("name|names|alias|aliases", {"last": "family", "family": "family"}),
}  # fmt: skip
"""A FHIR list of people: words in a vendor list's name, and of its members."""
