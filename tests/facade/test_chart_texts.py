"""Two texts of a patient's record at the practice, each a DocumentReference of its own."""

import base64

import pytest
from tests.facade.desk import BASE, Desk, issues_of, matches_of, resource_of
from tests.facade.examples import SEEDED

from portico import Json

LOINC = "http://loinc.org"
SUMMARY, PROGRESS = "60591-5", "11506-3"
NO_TEXT = "4255745d-eec5-4b0d-8a48-b136c6157e53"
BLANK = "b748a942-6d74-456b-a66d-969b1a38b018"  # its texts are "" at the vendor
NOBODY = "00000000-0000-4000-8000-00000000ffff"
ARCHIVED = "ea1a9752-3bf2-4bbb-a2b5-f7d99674b65c"


def document(code: str, text: str, patient: str = NO_TEXT, **elements: Json) -> dict[str, Json]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{patient}"},
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data}}],
        **elements,
    }


def text_of(resource: Json) -> str:
    return base64.b64decode(resource["content"][0]["attachment"]["data"]).decode()


async def writes(desk: Desk) -> list[tuple[str, Json]]:
    calls = [one for one in await desk.calls() if one["method"] != "GET"]
    return [(f"{one['method']} {one['path'].partition('/demo')[2]}", one["body"]) for one in calls]


async def test_create_read_search_update_conflict_delete(practice: Desk) -> None:
    before = (await practice.state())["patient"][NO_TEXT]["version"]
    sent = document(SUMMARY, "Zöe's history\nin two lines")
    created = await practice.ask("POST", "DocumentReference", sent)
    assert created.status == 201
    made = resource_of(created)
    url = f"DocumentReference/{NO_TEXT}-summary"
    assert created.header("Location") == f"{BASE}/{url}/_history/{before + 1}"
    body = {"medical_summary": "Zöe's history\nin two lines", "base_version": before}
    assert await writes(practice) == [(f"PATCH /patients/{NO_TEXT}", body)]

    read = await practice.ask("GET", url)
    assert (read.status, resource_of(read)) == (200, made)
    assert text_of(made) == "Zöe's history\nin two lines"

    found = await practice.ask("GET", f"DocumentReference?patient={NO_TEXT}&type={LOINC}|{SUMMARY}")
    assert [one["id"] for one in matches_of(found)] == [f"{NO_TEXT}-summary"]

    await practice.calls()
    changed = {**made, "content": document(SUMMARY, "Shorter")["content"]}
    tag = str(created.header("ETag"))
    updated = await practice.ask("PUT", url, changed, if_match=tag)
    assert (updated.status, text_of(resource_of(updated))) == (200, "Shorter")
    body = {"medical_summary": "Shorter", "base_version": before + 1}
    assert await writes(practice) == [(f"PATCH /patients/{NO_TEXT}", body)]

    stale = await practice.ask("PUT", url, made, if_match=tag)
    assert (stale.status, issues_of(stale)) == (412, [("error", "conflict")])
    assert await writes(practice) == []

    assert (await practice.ask("DELETE", url)).status == 204
    body = {"medical_summary": None, "base_version": before + 2}
    assert await writes(practice) == [(f"PATCH /patients/{NO_TEXT}", body)]
    assert (await practice.state())["patient"][NO_TEXT]["medical_summary"] is None
    assert (await practice.ask("GET", url)).status == 404


async def test_a_text_that_is_there_is_not_overwritten_by_a_create(practice: Desk) -> None:
    answer = await practice.ask("POST", "DocumentReference", document(SUMMARY, "New", SEEDED))
    assert (answer.status, issues_of(answer)) == (409, [("error", "duplicate")])
    assert await writes(practice) == []
    kept = (await practice.state())["patient"][SEEDED]["medical_summary"]
    assert kept == "Hypertension, well controlled."


@pytest.mark.parametrize("code", [SUMMARY, PROGRESS])
async def test_an_empty_text_is_none_and_can_be_filled(practice: Desk, code: str) -> None:
    assert matches_of(await practice.ask("GET", f"DocumentReference?patient={BLANK}")) == []
    answer = await practice.ask("POST", "DocumentReference", document(code, "Something", BLANK))
    assert answer.status == 201


async def test_the_two_texts_do_not_touch_each_other_nor_the_patient(practice: Desk) -> None:
    url = f"DocumentReference/{SEEDED}-treatment"
    before = (await practice.state())["patient"][SEEDED]
    assert (await practice.ask("DELETE", url)).status == 204
    after = (await practice.state())["patient"][SEEDED]
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"treatment_notes", "version", "updated_at"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["summary", "treatment"]),
        (f"&type={LOINC}|{PROGRESS}", ["treatment"]),
        ("&category=clinical-note", ["summary", "treatment"]),
        ("&status=current", ["summary", "treatment"]),
        ("&status=superseded", []),
        ("&type=34117-2", []),
    ],
)
async def test_one_read_of_the_patient_answers_a_search(
    practice: Desk, query: str, ids: list[str]
) -> None:
    found = await practice.ask("GET", f"DocumentReference?patient={SEEDED}{query}")
    assert [one["id"] for one in matches_of(found)] == [f"{SEEDED}-{suffix}" for suffix in ids]
    (call,) = await practice.calls()
    assert call["path"] == f"/api/v1/demo/patients/{SEEDED}"


@pytest.mark.parametrize("patient", [NOBODY, ARCHIVED, "no-uuid"])
async def test_nobodys_texts_are_none(practice: Desk, patient: str) -> None:
    found = await practice.ask("GET", f"DocumentReference?patient={patient}")
    assert (found.status, matches_of(found)) == (200, [])
    created = await practice.ask("POST", "DocumentReference", document(SUMMARY, "x", patient))
    assert (created.status, issues_of(created)) == (422, [("error", "not-found")])


async def test_a_search_without_a_patient_says_what_it_needs(practice: Desk) -> None:
    answer = await practice.ask("GET", f"DocumentReference?type={LOINC}|{SUMMARY}")
    assert answer.status == 400
    assert "_id or patient" in resource_of(answer)["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("elements", "expression"),
    [
        ({"status": "superseded"}, "DocumentReference.status"),
        ({"type": {"coding": [{"system": LOINC, "code": "34117-2"}]}}, "DocumentReference.type"),
        ({"docStatus": "preliminary"}, "DocumentReference.docStatus"),
    ],
)
async def test_what_is_no_such_text_is_refused(
    practice: Desk, elements: dict[str, Json], expression: str
) -> None:
    answer = await practice.ask("POST", "DocumentReference", document(SUMMARY, "x", **elements))
    assert answer.status == 422
    assert expression in resource_of(answer)["issue"][0]["expression"]
    assert await writes(practice) == []


async def test_the_statement_tells_what_can_be_done(practice: Desk) -> None:
    (rest,) = resource_of(await practice.ask("GET", "metadata"))["rest"]
    (texts,) = [one for one in rest["resource"] if one["type"] == "DocumentReference"]
    codes = {one["code"] for one in texts["interaction"]}
    assert codes == {"read", "vread", "search-type", "create", "update", "delete"}
