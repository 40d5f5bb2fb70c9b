"""What is not a good request gets the status that R4 names, and an OperationOutcome.

https://hl7.org/fhir/R4/http.html
"""

import pytest
from tests.facade.desk import Desk, issues_of, open_desk, open_sandbox, resource_of

from portico import Json

PATIENT = {
    "resourceType": "Patient",
    "name": [{"use": "official", "family": "Okafor", "given": ["Adaeze"]}],
    "gender": "female",
}
UNKNOWN = "00000000-0000-4000-8000-00000000ffff"


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "Observation", 404),
        ("GET", "Nonsense/1", 404),
        ("GET", "Patient/a/b", 404),
        ("GET", f"Patient/{UNKNOWN}", 404),
        ("GET", "Patient/..", 404),
        ("GET", "Condition/not-packed", 404),
        ("GET", "Patient/x/_history", 501),
        ("GET", "Patient/x/$everything", 501),
        ("POST", "$match", 501),
        ("PATCH", "Patient/x", 501),
        ("PUT", "Patient?identifier=x", 501),
        ("DELETE", "Patient?identifier=x", 501),
        ("GET", "", 501),
        ("POST", "", 405),
        ("DELETE", "metadata", 405),
        ("PUT", "Patient/_search", 405),
    ],
)
async def test_what_is_not_offered_has_r4s_status(
    practice: Desk, method: str, url: str, status: int
) -> None:
    answer = await practice.ask(method, url, PATIENT if method in ("PUT", "POST") else None)
    assert answer.status == status
    assert issues_of(answer)


async def test_405_tells_what_is_allowed(practice: Desk) -> None:
    answer = await practice.ask("DELETE", "metadata")
    assert answer.header("Allow") == "GET"


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "structure"),
        (b"", {"content_type": "application/fhir+json"}, 400, "structure"),
        (b'{"resourceType":"Patient","resourceType":"Patient"}', {}, 400, "structure"),
        (b"[]", {}, 400, "invalid"),
        ({"resourceType": "Observation"}, {}, 400, "invalid"),
        ({**PATIENT, "gender": "femal"}, {}, 400, "code-invalid"),
        ({**PATIENT, "nonsense": 1}, {}, 400, "structure"),
        ({**PATIENT, "birthDate": "1984-02-30"}, {}, 400, "value"),
        (PATIENT, {"content_type": "application/xml"}, 415, "not-supported"),
        (PATIENT, {"accept": "text/turtle"}, 406, "not-supported"),
        (PATIENT, {"if_none_exist": "identifier=x"}, 501, "not-supported"),
        (b" " * (5 * 1024 * 1024 + 1), {}, 413, "too-long"),
    ],
)
async def test_a_body_that_is_no_patient_is_never_sent(
    practice: Desk, body: Json, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await practice.ask("POST", "Patient", body, **headers)
    assert (answer.status, issues_of(answer)[0]) == (status, ("error", code))
    assert await practice.calls() == []


async def test_the_id_in_the_body_must_be_the_one_in_the_url(practice: Desk) -> None:
    answer = await practice.ask("PUT", f"Patient/{UNKNOWN}", {**PATIENT, "id": "another"})
    assert answer.status == 400
    assert resource_of(answer)["issue"][0]["expression"] == ["Patient.id"]


async def test_an_update_of_nothing_is_404_where_the_vendor_makes_the_keys(
    practice: Desk,
) -> None:
    answer = await practice.ask("PUT", f"Patient/{UNKNOWN}", {**PATIENT, "id": UNKNOWN})
    assert answer.status == 404


async def test_an_update_of_nothing_with_if_match_is_412(practice: Desk) -> None:
    resource = {**PATIENT, "id": UNKNOWN}
    answer = await practice.ask("PUT", f"Patient/{UNKNOWN}", resource, if_match='W/"1"')
    assert answer.status == 412


async def test_a_search_by_post_is_the_same_search(practice: Desk) -> None:
    by_get = await practice.ask("GET", "Patient?family=N%C3%BA%C3%B1ez")
    form = {"content_type": "application/x-www-form-urlencoded"}
    by_post = await practice.ask("POST", "Patient/_search", b"family=N%C3%BA%C3%B1ez", **form)
    assert by_post.resource == by_get.resource


async def test_a_search_by_post_takes_a_form_only(practice: Desk) -> None:
    answer = await practice.ask("POST", "Patient/_search", {"family": "x"})
    assert answer.status == 415


async def test_a_read_of_what_the_client_holds_is_304(practice: Desk) -> None:
    url = "Patient/00000000-0000-4000-8000-0000000000a1"
    tag = str((await practice.ask("GET", url)).header("ETag"))
    answer = await practice.ask("GET", url, if_none_match=tag)
    assert (answer.status, answer.resource, answer.header("ETag")) == (304, None, tag)


async def test_the_current_version_is_readable_and_no_other(practice: Desk) -> None:
    url = "Patient/00000000-0000-4000-8000-0000000000a1"
    read = await practice.ask("GET", url)
    version_id = resource_of(read)["meta"]["versionId"]
    assert (await practice.ask("GET", f"{url}/_history/{version_id}")).status == 200
    assert (await practice.ask("GET", f"{url}/_history/0")).status == 404


async def test_a_refused_credential_is_the_vendors_failure_not_the_clients() -> None:
    desk = open_desk("practice", open_sandbox("practice"), token="wrong")  # noqa: S106
    answer = await desk.ask("GET", "Patient")
    assert (answer.status, issues_of(answer)) == (502, [("error", "security")])
