"""Who gets in at the practice system, and what its refusals look like."""

from collections.abc import Callable

import httpx
import pytest

Connect = Callable[..., httpx.AsyncClient]


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer wrong"}, {"authorization": "x"}])
async def test_without_the_right_token_nothing_is_answered(
    connect: Connect, header: dict[str, str]
) -> None:
    async with connect("/practice/api/v1/demo", **header) as client:
        answer = await client.get("/patients")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})


async def test_a_token_that_may_only_read_may_not_write(connect: Connect) -> None:
    async with connect("/practice/api/v1/x", authorization="Bearer sandbox-read-token") as client:
        read = await client.get("/patients")
        written = await client.post("/patients", json={"first_name": "A", "last_name": "B"})
    assert read.status_code == 200
    assert (written.status_code, written.json()) == (403, {"detail": "Insufficient permissions"})


async def test_a_path_of_no_endpoint_is_404_in_the_vendors_shape(
    practice: httpx.AsyncClient,
) -> None:
    answer = await practice.get("/patients/counts/by-location")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


async def test_a_method_of_no_endpoint_is_405(practice: httpx.AsyncClient) -> None:
    answer = await practice.delete("/patients")
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})


async def test_text_that_is_not_json_is_400(practice: httpx.AsyncClient) -> None:
    answer = await practice.post("/patients", content=b'{"first_name": ')
    assert (answer.status_code, answer.json()) == (400, {"detail": "Malformed JSON"})


async def test_an_invalid_body_is_422_with_place_message_and_type(
    practice: httpx.AsyncClient,
) -> None:
    answer = await practice.post("/patients", json={"last_name": "A", "gender": "x", "foo": 1})
    assert answer.status_code == 422
    assert [(each["loc"], each["type"]) for each in answer.json()["detail"]] == [
        (["body", "first_name"], "missing"),
        (["body", "gender"], "enum"),
        (["body", "foo"], "extra_forbidden"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"date_of_birth": "1990-02-31"},
        {"date_time_deceased": "2020-01-01T00:00:00"},
        {"ask_to_arrive_early_mins": 121},
        {"location_uuid": "downtown"},
        {"email": "nobody"},
        {"receives_sms": "yes"},
    ],
)
async def test_a_value_of_the_wrong_form_is_422_at_its_member(
    practice: httpx.AsyncClient, wrong: dict[str, object]
) -> None:
    body = {"first_name": "A", "last_name": "B"} | wrong
    answer = await practice.post("/patients", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", *wrong]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page_size": "201"},
        {"status": "asleep"},
        {"sort_by": "shoe_size"},
        {"dob_from": "soon"},
    ],
)
async def test_a_query_outside_its_bounds_is_422_at_its_parameter(
    practice: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await practice.get("/patients", params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", *query]
