"""The practice system's lists of patients."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"


async def found(practice: httpx.AsyncClient, path: str = "/patients", **query: str) -> list[str]:
    answer = await practice.get(path, params={"page_size": "200", "first": "200"} | query)
    assert answer.status_code == 200, answer.text
    items = answer.json().get("items") or answer.json().get("data") or []
    return [f"{each['first_name']} {each['last_name']}" for each in items]


async def walk(practice: httpx.AsyncClient, **query: str) -> list[Json]:
    """Follow the cursors to the end."""
    pages: list[Json] = []
    after: dict[str, str] = {}
    while True:
        answer = (await practice.get("/patients/cursor", params={**query, **after})).json()
        pages.append(answer["data"])
        if not answer["page_info"]["has_next_page"]:
            return pages
        after = {"after": answer["page_info"]["end_cursor"]}


async def test_pages_are_numbered_from_one_and_count_all(practice: httpx.AsyncClient) -> None:
    third = await practice.get("/patients", params={"page": "3", "page_size": "10"})
    assert len(third.json()["items"]) == 5
    assert {name: third.json()[name] for name in ("page", "page_size", "total")} == {
        "page": 3,
        "page_size": 10,
        "total": 25,
    }


async def test_a_page_beyond_the_last_is_empty(practice: httpx.AsyncClient) -> None:
    beyond = await practice.get("/patients", params={"page": "9"})
    assert (beyond.json()["items"], beyond.json()["total"]) == ([], 25)


async def test_archived_patients_are_in_no_list(practice: httpx.AsyncClient) -> None:
    assert await found(practice, search="castellano") == []
    assert await found(practice, status="archived") == []
    assert await found(practice, "/patients/cursor", search="castellano") == []
    assert await found(practice, "/patients/search", q="castellano") == []


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("NUNEZ", ["José Núñez", "Lucía Núñez", "Mateo Núñez"]),
        ("jose núñez", ["José Núñez"]),
        ("zoe", ["Zoë Fitzgerald"]),
        ("C-1004", ["Zoë Fitzgerald"]),
        ("8575550161", ["Priya Raghunathan"]),
        ("priya.r@", ["Priya Raghunathan"]),
        ("1980-11-02", ["Lucía Núñez", "Elena Petrova"]),
        ("teo", ["Mateo Núñez"]),
        ("nobody", []),
    ],
)
async def test_search_finds_words_in_names_phones_email_chart_and_birth(
    practice: httpx.AsyncClient, search: str, names: list[str]
) -> None:
    assert await found(practice, search=search) == names
    assert sorted(await found(practice, "/patients/cursor", search=search)) == sorted(names)


async def test_birth_range_includes_both_ends(practice: httpx.AsyncClient) -> None:
    one_day = {"dob_from": "1978-05-14", "dob_to": "1978-05-14"}
    assert await found(practice, **one_day) == ["José Núñez"]
    assert await found(practice, dob_from="2016-01-01") == ["Amelia Brooks"]


async def test_status_selects(practice: httpx.AsyncClient) -> None:
    assert sorted(await found(practice, status="prospective")) == [
        "Chloé Dubois-Martin",
        "Oluwaseun Adeyemi",
    ]


async def test_provider_selects_and_must_exist(practice: httpx.AsyncClient) -> None:
    jose = (await practice.get(f"/patients/{JOSE}")).json()
    provider = jose["primary_provider"]["id"]
    assert "Lucía Núñez" in await found(practice, primary_provider_uuid=provider)
    answer = await practice.get("/patients", params={"primary_provider_uuid": JOSE})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Provider not found"})


async def test_the_list_is_sorted_by_last_name_unless_told(practice: httpx.AsyncClient) -> None:
    default = await found(practice)
    assert default[:2] == ["Oluwaseun Adeyemi", "Rowan Ashby"]
    down = await found(practice, sort_by="chart_number", sort_dir="desc")
    assert down[0] == "Elena Petrova"


async def test_absent_values_sort_last(practice: httpx.AsyncClient) -> None:
    assert (await found(practice, sort_by="date_of_birth"))[-1] == "Lars Holm"


@pytest.mark.parametrize("sort_dir", ["asc", "desc"])
@pytest.mark.parametrize("sort_by", ["first_name", "date_of_birth", "status", "updated_at"])
async def test_cursors_visit_each_patient_once(
    practice: httpx.AsyncClient, sort_by: str, sort_dir: str
) -> None:
    pages = await walk(practice, first="4", sort_by=sort_by, sort_dir=sort_dir)
    ids = [each["id"] for page in pages for each in page]
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 4, 1]
    assert len(set(ids)) == 25


async def test_a_patient_archived_meanwhile_does_not_disturb_the_walk(
    practice: httpx.AsyncClient,
) -> None:
    first = (await practice.get("/patients/cursor", params={"first": "5"})).json()
    await practice.post(f"/patients/{first['data'][4]['id']}/archive")
    query = {"first": "200", "after": first["page_info"]["end_cursor"]}
    rest = (await practice.get("/patients/cursor", params=query)).json()
    assert len(rest["data"]) == 20
    assert not rest["page_info"]["has_next_page"]


@pytest.mark.parametrize("after", ["nonsense", "", "IiI", "WzEsMl0"])
async def test_a_broken_cursor_is_422(practice: httpx.AsyncClient, after: str) -> None:
    answer = await practice.get("/patients/cursor", params={"after": after})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "after"]


async def test_a_cursor_serves_the_sort_that_it_came_from(practice: httpx.AsyncClient) -> None:
    page = (await practice.get("/patients/cursor", params={"first": "5"})).json()
    query = {"after": page["page_info"]["end_cursor"], "sort_by": "last_name"}
    assert (await practice.get("/patients/cursor", params=query)).status_code == 422


async def test_typed_search_is_brief_and_needs_text(practice: httpx.AsyncClient) -> None:
    typed = (await practice.get("/patients/search", params={"q": "bro", "limit": "1"})).json()
    assert (len(typed["items"]), typed["total"]) == (1, 2)
    assert "address_line1" not in typed["items"][0]
    assert (await practice.get("/patients/search")).json() == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "signal",
    [
        {"last_name": "Nunez", "date_of_birth": "1978-05-14"},
        {"last_name": "x", "email": "Jose.Nunez@example.com"},
        {"last_name": "x", "mobile_phone": "(617) 555 0143"},
        {"last_name": "x", "social_security_number": "900123456"},
    ],
)
async def test_each_signal_alone_makes_a_duplicate(
    practice: httpx.AsyncClient, signal: dict[str, str]
) -> None:
    answer = await practice.post("/patients/check-duplicates", json=signal)
    assert [each["id"] for each in answer.json()["items"]] == [JOSE]


async def test_a_family_name_alone_makes_no_duplicate(practice: httpx.AsyncClient) -> None:
    answer = await practice.post("/patients/check-duplicates", json={"last_name": "Núñez"})
    assert answer.json() == {"items": [], "total": 0}
