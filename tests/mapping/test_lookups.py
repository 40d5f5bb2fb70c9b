"""Look-ups in a vendor's catalogue: one entry on which all codes agree, or a refusal."""

import pytest

from portico import Json
from portico.mapping.conversion.catalogue import Catalogue, CatalogueEntry
from portico.mapping.conversion.context import Context
from portico.mapping.conversion.lookup import lookup
from portico.mapping.conversion.transform import RefusalError

ICD, SCT, OWN = "icd", "sct", "own"
CATALOGUE = Catalogue(
    [
        CatalogueEntry("1", "Asthma", ((ICD, "J45", None), (SCT, "195967001", None))),
        CatalogueEntry("2", "Flu", ((ICD, "J10", None), (OWN, "2", "Flu"))),
        CatalogueEntry("3", "Flu, seasonal", ((ICD, "J10", None),)),
    ]
)
KNOWN = Context(catalogues={"d": CATALOGUE})
CONVERTER = lookup("d", OWN)


def put(concept: Json, context: Context = KNOWN) -> Json:
    return CONVERTER.put(concept, (None, None), context=context)


def coded(*codes: tuple[str, str], text: str | None = None) -> Json:
    concept: Json = {"coding": [{"system": system, "code": code} for system, code in codes]}
    return concept | ({"text": text} if text else {})


def test_an_entry_is_read_with_its_own_code_the_standard_codes_and_its_text() -> None:
    assert CONVERTER.get("1", "Asthma", context=KNOWN) == {
        "coding": [
            {"system": OWN, "code": "1", "display": "Asthma"},
            {"system": ICD, "code": "J45"},
            {"system": SCT, "code": "195967001"},
        ],
        "text": "Asthma",
    }


def test_its_own_code_stands_once_even_where_the_catalogue_lists_it() -> None:
    codings = CONVERTER.get("2", "Flu", context=KNOWN)["coding"]
    assert [coding["system"] for coding in codings] == [OWN, ICD]


def test_a_key_that_the_catalogue_lacks_keeps_its_text() -> None:
    assert CONVERTER.get("9", "House list", context=KNOWN) == {
        "coding": [{"system": OWN, "code": "9", "display": "House list"}],
        "text": "House list",
    }


@pytest.mark.parametrize(
    ("concept", "key"),
    [
        (coded((OWN, "1")), "1"),
        (coded((ICD, "J45")), "1"),
        (coded((SCT, "195967001"), ("elsewhere", "x")), "1"),
        (coded((ICD, "J10"), (OWN, "3")), "3"),
        (coded((ICD, "J10"), text="flu"), "2"),
        ({"text": "ASTHMA"}, "1"),
    ],
)
def test_the_one_entry_on_which_all_agree_is_found(concept: Json, key: str) -> None:
    assert put(concept)[0] == key


@pytest.mark.parametrize(
    ("concept", "code"),
    [
        (coded((ICD, "Z99")), "code-invalid"),
        ({"text": "something else"}, "code-invalid"),
        (coded((ICD, "J10")), "multiple-matches"),
        (coded((OWN, "1"), (ICD, "J10")), "conflict"),
        (coded((OWN, "1"), (ICD, "Z99")), "conflict"),
        (coded((ICD, "J45"), (SCT, "1")), "conflict"),
        (coded((OWN, "9")), "conflict"),
    ],
)
def test_none_several_and_contradictions_are_refused(concept: Json, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        put(concept)
    assert caught.value.code == code


def test_without_a_catalogue_only_the_vendors_own_code_is_taken() -> None:
    assert put(coded((OWN, "1"), text="Asthma"), Context()) == ("1", "Asthma")
    with pytest.raises(RefusalError, match="catalogue 'd' is needed"):
        put(coded((ICD, "J45")), Context())
