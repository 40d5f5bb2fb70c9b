"""What a search finds (https://hl7.org/fhir/R4/search.html)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico import Json, Resource
from portico.fhir.search import matches, parse_query
from portico.fhir.search.escape import escape
from portico.fhir.search.folding import fold

BASE = "https://here.example/fhir/practice"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def finds(resource: dict[str, Json], name: str, text: str) -> bool:
    query = parse_query(resource["resourceType"], [(name, text)], BASE)
    return all(matches(Resource(resource), criterion) for criterion in query.criteria)


def patient(**members: Json) -> dict[str, Json]:
    return {"resourceType": "Patient", "id": "Ab-7", **members}


def condition(**members: Json) -> dict[str, Json]:
    return {"resourceType": "Condition", "id": "1", **members}


ZOE = patient(
    name=[
        {"use": "official", "family": "Núñez Smith", "given": ["Zoë", "Ann"], "prefix": ["Dr"]},
        {"use": "old", "family": "Straße"},
    ]
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("family", "Núñez Smith"),
        ("family", "nunez"),
        ("family", "NÚÑ"),
        ("family", "strasse"),
        ("given", "zoe"),
        ("given", "Ann"),
        ("name", "dr"),
        ("name", "Ann"),
        ("name", "zoë ann nuñez"),
        ("family", "Jones,Nunez"),
    ],
)
def test_a_string_search_finds_beginnings_whatever_the_case_and_accents(
    name: str, text: str
) -> None:
    assert finds(ZOE, name, text)


@pytest.mark.parametrize(
    ("name", "text"), [("family", "Smith"), ("given", "Smith"), ("family", "Núñez Smithson")]
)
def test_a_string_search_finds_beginnings_only(name: str, text: str) -> None:
    assert not finds(ZOE, name, text)


def test_exact_counts_case_and_accents_and_the_whole() -> None:
    assert finds(ZOE, "given:exact", "Zoë")
    assert finds(ZOE, "given:exact", "Zoe\u0308"), "however the accent is typed"
    for text in ("Zoe", "zoë", "Zo"):
        assert not finds(ZOE, "given:exact", text)


def test_contains_finds_any_piece() -> None:
    assert finds(ZOE, "family:contains", "SMITH")
    assert finds(ZOE, "name:contains", "nez")
    assert not finds(ZOE, "family:contains", "jones")


def test_an_address_is_searched_in_all_its_parts() -> None:
    home = patient(address=[{"line": ["1 Elm St"], "city": "Zürich", "postalCode": "8001"}])
    for text in ("1 elm", "zurich", "8001"):
        assert finds(home, "address", text)
    assert finds(home, "address-city", "Zur")
    assert not finds(home, "address-state", "Zur")


MRN = patient(identifier=[{"system": "http://x", "value": "A7"}, {"value": "no-system"}])


@pytest.mark.parametrize("text", ["A7", "a7", "http://x|A7", "http://x|", "|no-system"])
def test_an_identifier_is_found(text: str) -> None:
    assert finds(MRN, "identifier", text)


@pytest.mark.parametrize("text", ["A", "|A7", "http://y|A7", "http://x|no-system", "http://y|"])
def test_an_identifier_is_not_found_by_half(text: str) -> None:
    assert not finds(MRN, "identifier", text)


ACTIVE = condition(
    clinicalStatus={"coding": [{"system": CLINICAL, "code": "active"}]},
    code={
        "text": "Sugar sickness",
        "coding": [
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9", "display": "Type 2"},
            {"system": "http://snomed.info/sct", "code": "44054006"},
        ],
    },
    subject={"reference": "Patient/7"},
)


@pytest.mark.parametrize("text", ["E11.9", "http://snomed.info/sct|44054006", "x,e11.9"])
def test_a_concept_is_found_by_any_of_its_codings(text: str) -> None:
    assert finds(ACTIVE, "code", text)


def test_system_and_code_must_be_of_the_same_coding() -> None:
    assert not finds(ACTIVE, "code", "http://snomed.info/sct|E11.9")


def test_text_searches_the_words_beside_codes() -> None:
    assert finds(ACTIVE, "code:text", "sugar")
    assert finds(ACTIVE, "code:text", "type 2")
    assert not finds(ACTIVE, "code:text", "E11.9")


def test_text_of_an_identifier_is_that_of_its_type() -> None:
    typed = patient(identifier=[{"value": "1", "type": {"text": "Medical record number"}}])
    assert finds(typed, "identifier:text", "medical")
    assert not finds(MRN, "identifier:text", "medical")


def test_not_finds_what_has_no_such_value() -> None:
    assert not finds(ACTIVE, "clinical-status:not", "active")
    assert finds(ACTIVE, "clinical-status:not", "resolved")
    assert finds(condition(), "clinical-status:not", "active"), "also where there is no value"
    assert not finds(ACTIVE, "clinical-status:not", "resolved,active")


def test_a_code_has_the_system_of_its_binding() -> None:
    woman = patient(gender="female")
    assert finds(woman, "gender", "female")
    assert finds(woman, "gender", "http://hl7.org/fhir/administrative-gender|female")
    assert not finds(woman, "gender", "http://other|female")


def test_a_boolean_is_a_token() -> None:
    assert finds(patient(active=False), "active", "false")
    assert not finds(patient(active=False), "active", "true")
    assert not finds(patient(), "active", "false")


def test_an_id_is_compared_with_case() -> None:
    assert finds(patient(), "_id", "Ab-7")
    assert finds(patient(), "_id", "x,Ab-7")
    assert not finds(patient(), "_id", "ab-7")


def test_telephone_numbers_are_compared_without_separators() -> None:
    called = patient(telecom=[{"system": "phone", "value": "+1 (555) 010-2000", "use": "home"}])
    assert finds(called, "phone", "1-555-010-2000")
    assert finds(called, "telecom", "home|15550102000")
    assert not finds(called, "phone", "5550102000")
    assert not finds(called, "email", "15550102000")


def test_email_addresses_are_compared_without_case() -> None:
    mailed = patient(telecom=[{"system": "email", "value": "Zoe@Example.org"}])
    assert finds(mailed, "email", "zoe@example.org")
    assert not finds(mailed, "phone", "zoe@example.org")


@pytest.mark.parametrize("text", ["7", "Patient/7", f"{BASE}/Patient/7"])
def test_a_subject_is_found_however_it_is_named(text: str) -> None:
    assert finds(ACTIVE, "patient", text)
    assert finds(ACTIVE, "subject", text)


def test_a_subject_is_found_however_it_is_written() -> None:
    for written in ("Patient/7/_history/2", f"{BASE}/Patient/7"):
        assert finds(condition(subject={"reference": written}), "patient", "Patient/7")


def test_another_subject_is_not_found() -> None:
    for written in ("Patient/8", "Group/7", "https://there.example/Patient/7", "#7"):
        assert not finds(condition(subject={"reference": written}), "patient", "7")
    assert not finds(condition(subject={"display": "Zoë"}), "patient", "7")


def test_a_subject_is_found_by_its_identifier() -> None:
    known = condition(subject={"identifier": {"system": "http://x", "value": "A7"}})
    assert finds(known, "patient:identifier", "http://x|A7")
    assert not finds(ACTIVE, "patient:identifier", "http://x|A7")


def test_missing_asks_whether_there_is_a_value() -> None:
    assert finds(patient(), "birthdate:missing", "true")
    assert not finds(patient(birthDate="1980"), "birthdate:missing", "true")
    assert finds(patient(birthDate="1980"), "birthdate:missing", "false")
    assert finds(patient(_birthDate={"extension": []}), "birthdate:missing", "true")


def test_dates_are_compared_by_their_precision() -> None:
    born = patient(birthDate="1980-05-01")
    assert finds(born, "birthdate", "1980-05")
    assert finds(born, "birthdate", "ge1980-05-01")
    assert not finds(born, "birthdate", "gt1980-05-01")
    assert finds(born, "birthdate", "1979,1980")


def test_a_choice_is_searched_in_each_of_its_forms() -> None:
    assert finds(condition(onsetDateTime="2020-02-03"), "onset-date", "2020")
    assert finds(condition(onsetPeriod={"start": "2020-02-03"}), "onset-date", "gt2021")
    assert not finds(condition(onsetString="long ago"), "onset-date", "lt2021")


def test_us_cores_asserted_date_stands_in_an_extension() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate"
    asserted = condition(
        extension=[{"url": "http://x"}, {"url": url, "valueDateTime": "2020-02-03"}]
    )
    assert finds(asserted, "asserted-date", "2020-02-03")


def test_a_value_that_is_no_date_is_not_found() -> None:
    assert not finds(patient(birthDate="soon"), "birthdate", "ne1980")


@given(st.text(min_size=1).filter(fold))
def test_every_text_finds_itself(text: str) -> None:
    named = patient(name=[{"family": text}])
    assert finds(named, "family", escape(text))
    assert finds(named, "family:exact", escape(text))
    assert finds(named, "name:contains", escape(text))


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)
