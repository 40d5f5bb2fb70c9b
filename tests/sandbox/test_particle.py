"""Particle Health's Patients API."""

from collections.abc import Callable

import httpx
import pytest

from portico import Json

Connect = Callable[..., httpx.AsyncClient]

PATIENTS = "/api/v1/patients"
DOCUMENTED = {
    "given_name": "Henrick",
    "family_name": "Testingson",
    "date_of_birth": "1957-03-23",
    "gender": "MALE",
    "postal_code": "12345",
    "purpose_of_use": "TREATMENT",
    "patient_id": "new-1",
    "ssn": "123-45-6789",
    "email": "henrick.testingson@example.com",
    "telephone": "123-456-7890",
    "address_lines": ["123 Mulberry Court"],
    "address_city": "Roxbury",
    "address_state": "MA",
}


async def test_the_token_comes_as_plain_text(connect: Connect) -> None:
    headers = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    async with connect("/particle", scope="projects/demo", **headers) as client:
        answer = await client.get("/auth", headers={"accept": "text/plain"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert len(answer.text.split(".")) == 3


@pytest.mark.parametrize(
    ("secret", "scope", "status"),
    [("wrong", "projects/demo", 401), ("sandbox-secret", "", 403)],
)
async def test_no_token_for_a_wrong_client_or_without_a_project(
    connect: Connect, secret: str, scope: str, status: int
) -> None:
    headers = {"client_id": "sandbox-client", "client_secret": secret, "scope": scope}
    async with connect("/particle", **headers) as client:
        answer = await client.get("/auth")
    assert answer.status_code == status
    assert list(answer.json()) == ["message"]


async def test_the_token_is_taken_with_and_without_a_scheme(particle: httpx.AsyncClient) -> None:
    bare = particle.headers["authorization"].removeprefix("Bearer ")
    answers = [
        await particle.get(PATIENTS),
        await particle.get(PATIENTS, headers={"authorization": bare}),
        await particle.get(PATIENTS, headers={"authorization": f"{bare}x"}),
        await particle.get(PATIENTS, headers={"authorization": ""}),
    ]
    assert [each.status_code for each in answers] == [200, 200, 401, 401]


async def test_a_token_ends_after_an_hour(particle: httpx.AsyncClient, clock: Json) -> None:
    clock.pass_time(minutes=59)
    assert (await particle.get(PATIENTS)).status_code == 200
    clock.pass_time(minutes=1)
    assert (await particle.get(PATIENTS)).status_code == 401


async def test_what_was_posted_is_echoed_and_read_without_purpose_of_use(
    particle: httpx.AsyncClient,
) -> None:
    posted = await particle.post(PATIENTS, json=DOCUMENTED)
    read = await particle.get(f"{PATIENTS}/new-1")
    expected = {name: value for name, value in DOCUMENTED.items() if name != "purpose_of_use"}
    assert (posted.status_code, posted.json(), read.json()) == (200, expected, expected)


async def test_a_second_post_replaces_the_record(particle: httpx.AsyncClient) -> None:
    await particle.post(PATIENTS, json=DOCUMENTED)
    without = {name: value for name, value in DOCUMENTED.items() if name not in {"ssn", "email"}}
    await particle.post(PATIENTS, json=without | {"family_name": "Tester"})
    read = (await particle.get(f"{PATIENTS}/new-1")).json()
    assert read["family_name"] == "Tester"
    assert "ssn" not in read


async def test_another_person_under_the_same_id_is_an_overlay(
    particle: httpx.AsyncClient,
) -> None:
    other = {"patient_id": "examplepatientid1", "family_name": "Doe", "gender": "FEMALE"}
    answer = await particle.post(PATIENTS, json=DOCUMENTED | other)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Overlay detected")
    read = (await particle.get(f"{PATIENTS}/examplepatientid1")).json()
    assert read["family_name"] == "Testingson"


@pytest.mark.parametrize(
    "wrong",
    [
        {"gender": "OTHER"},
        {"address_state": "Massachusetts"},
        {"postal_code": "1234"},
        {"telephone": "1234567890"},
        {"ssn": "123456789"},
        {"date_of_birth": "23.03.1957"},
        {"patient_id": ""},
        {"patient_id": "x" * 201},
        {"family_name": "x" * 101},
        {"middle_name": "J"},
    ],
)
async def test_an_invalid_member_is_400_with_a_message_that_names_it(
    particle: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    answer = await particle.post(PATIENTS, json=DOCUMENTED | wrong)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(*wrong)


@pytest.mark.parametrize(
    "missing",
    [
        "given_name",
        "family_name",
        "date_of_birth",
        "gender",
        "postal_code",
        "patient_id",
        "address_city",
        "address_state",
    ],
)
async def test_a_required_member_must_be_there(particle: httpx.AsyncClient, missing: str) -> None:
    body = {name: value for name, value in DOCUMENTED.items() if name != missing}
    answer = await particle.post(PATIENTS, json=body)
    assert answer.status_code == 400
    assert answer.json() == {"message": f"{missing}: Field required"}


async def test_the_list_pages_at_200(particle: httpx.AsyncClient) -> None:
    first = (await particle.get(PATIENTS)).json()
    query = {"continuation_token": first["continuation_token"]}
    second = (await particle.get(PATIENTS, params=query)).json()
    assert (len(first["patients"]), len(second["patients"])) == (200, 20)
    assert len({*first["patients"], *second["patients"]}) == 220
    assert "continuation_token" not in second


async def test_a_wrong_continuation_token_is_400(particle: httpx.AsyncClient) -> None:
    answer = await particle.get(PATIENTS, params={"continuation_token": "%%%"})
    assert (answer.status_code, answer.json()) == (400, {"message": "Invalid continuation_token"})


async def test_a_deleted_patient_is_gone(particle: httpx.AsyncClient) -> None:
    path = f"{PATIENTS}/examplepatientid1"
    answers = [await particle.delete(path), await particle.get(path), await particle.delete(path)]
    assert [each.status_code for each in answers] == [200, 404, 404]
    assert answers[0].json() == "delete successful"


async def test_an_id_may_hold_what_a_path_must_quote(particle: httpx.AsyncClient) -> None:
    await particle.post(PATIENTS, json=DOCUMENTED | {"patient_id": "a/b c:é"})
    read = await particle.get(f"{PATIENTS}/a%2Fb%20c%3A%C3%A9")
    assert read.json()["patient_id"] == "a/b c:é"
