"""Alerts on charts of the practice system, and the kinds of alerts that it defines."""

import httpx
import pytest

from portico import Json

JOSE = "00000000-0000-4000-8000-0000000000a1"
NOBODY = "00000000-0000-4000-8000-00000000ffff"
ALERTS = f"/patients/{JOSE}/alerts"
DEFINITIONS = "/patient-alert-definitions"


async def patient(practice: httpx.AsyncClient, search: str) -> str:
    answer = await practice.get("/patients", params={"search": search})
    return str(answer.json()["items"][0]["id"])


async def definition(practice: httpx.AsyncClient, search: str = "fall") -> Json:
    return (await practice.get(DEFINITIONS, params={"search": search})).json()["items"][0]


async def create(practice: httpx.AsyncClient, path: str = ALERTS, **members: Json) -> Json:
    body = {"alert_definition_uuid": (await definition(practice))["id"]} | members
    answer = await practice.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(practice: httpx.AsyncClient, path: str = ALERTS, **query: str) -> list[str]:
    items = (await practice.get(path, params=query)).json()["items"]
    return [each["alert_definition"]["name"] for each in items]


async def test_a_created_alert_is_active_for_this_chart_and_not_urgent(
    practice: httpx.AsyncClient,
) -> None:
    made = await create(practice)
    assert (made["status"], made["alert_scope"], made["is_urgent"]) == ("active", "patient", False)
    assert made["alert_definition"]["name"] == "Fall risk"
    assert "Fall risk" in await listed(practice)


async def test_archived_alerts_are_listed_on_demand_only(practice: httpx.AsyncClient) -> None:
    assert await listed(practice) == ["Outstanding forms"]
    assert await listed(practice, status="archived") == ["Needs an interpreter"]
    assert await listed(practice, status="active") == []


async def test_a_status_that_does_not_exist_is_refused(practice: httpx.AsyncClient) -> None:
    answer = await practice.get(ALERTS, params={"status": "gone"})
    assert answer.json()["detail"][0]["loc"] == ["query", "status"]


async def test_family_alerts_show_on_the_charts_of_the_family(
    practice: httpx.AsyncClient,
) -> None:
    amelia = f"/patients/{await patient(practice, 'amelia')}/alerts"
    assert await listed(practice, amelia) == ["Custody agreement on file"]
    assert await listed(practice, amelia, include_family="true") == [
        "Custody agreement on file",
        "Do not leave messages",
    ]


async def test_disabling_tells_when(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    path = f"{ALERTS}/{made['id']}/disable"
    stale = await practice.post(path, json={"base_version": 9})
    disabled = (await practice.post(path, json={"base_version": 1})).json()
    again = await practice.post(path, json={"base_version": 2})
    assert stale.status_code == 409
    assert (disabled["status"], disabled["date_disabled"]) == ("disabled", disabled["updated_at"])
    assert (again.status_code, again.json()) == (422, {"detail": "Alert is not active"})


async def test_archiving_twice_is_archiving_once(practice: httpx.AsyncClient) -> None:
    made = await create(practice)
    first = await practice.post(f"{ALERTS}/{made['id']}/archive")
    again = await practice.post(f"{ALERTS}/{made['id']}/archive")
    assert (first.json()["status"], first.json()["version"]) == ("archived", 2)
    assert again.json() == first.json()


async def test_many_are_dismissed_at_once(practice: httpx.AsyncClient) -> None:
    made = [await create(practice) for _ in range(3)]
    await practice.post(f"{ALERTS}/{made[0]['id']}/archive")
    body = {"alert_uuids": [each["id"] for each in made]}
    answer = await practice.post(f"{ALERTS}/bulk-dismiss", json=body)
    assert [each["status"] for each in answer.json()["items"]] == ["archived"] * 3
    assert [each["version"] for each in answer.json()["items"]] == [2, 2, 2]


async def test_one_alert_of_somebody_else_stops_the_whole_dismissal(
    practice: httpx.AsyncClient,
) -> None:
    mine = await create(practice)
    theirs = await create(practice, f"/patients/{await patient(practice, 'zoe')}/alerts")
    body = {"alert_uuids": [mine["id"], theirs["id"]]}
    answer = await practice.post(f"{ALERTS}/bulk-dismiss", json=body)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Alert not found"})
    assert "Fall risk" in await listed(practice)


@pytest.mark.parametrize(("count", "status"), [(50, 404), (51, 422)])
async def test_at_most_fifty_are_dismissed_at_once(
    practice: httpx.AsyncClient, count: int, status: int
) -> None:
    body = {"alert_uuids": [NOBODY] * count}
    answer = await practice.post(f"{ALERTS}/bulk-dismiss", json=body)
    assert answer.status_code == status


async def test_update_changes_clears_and_counts(practice: httpx.AsyncClient) -> None:
    made = await create(practice, note="Stairs.", disable_on="2026-01-31")
    body = {"base_version": 1, "status": "disabled", "is_urgent": True, "note": None}
    updated = (await practice.patch(f"{ALERTS}/{made['id']}", json=body)).json()
    assert (updated["status"], updated["is_urgent"], updated["note"]) == ("disabled", True, None)
    assert (updated["disable_on"], updated["version"]) == ("2026-01-31", 2)
    assert (await practice.patch(f"{ALERTS}/{made['id']}", json=body)).status_code == 409


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"base_version": 1, "status": "gone"}, "status"),
        ({"base_version": 1, "status": None}, "status"),
        ({"base_version": 1, "alert_scope": "practice"}, "alert_scope"),
        ({"base_version": 1, "alert_definition_uuid": NOBODY}, "alert_definition_uuid"),
        ({}, "base_version"),
    ],
)
async def test_update_refuses_what_it_does_not_take(
    practice: httpx.AsyncClient, body: Json, member: str
) -> None:
    made = await create(practice)
    answer = await practice.patch(f"{ALERTS}/{made['id']}", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", member]


async def test_a_definition_is_made_changed_and_archived(practice: httpx.AsyncClient) -> None:
    made = (await practice.post(DEFINITIONS, json={"name": "Pacemaker"})).json()
    path = f"{DEFINITIONS}/{made['id']}"
    assert (made["default_scope"], made["default_is_urgent"]) == ("patient", False)
    changed = await practice.patch(path, json={"base_version": 1, "category": "medical"})
    assert (await practice.get(path)).json() == changed.json()
    assert (await practice.post(f"{path}/archive", json={"base_version": 1})).status_code == 409
    assert (await practice.post(f"{path}/archive", json={"base_version": 2})).status_code == 200
    assert (await practice.get(path)).status_code == 404


async def test_an_alert_is_not_made_of_an_archived_definition(
    practice: httpx.AsyncClient,
) -> None:
    one = await definition(practice)
    await practice.post(f"{DEFINITIONS}/{one['id']}/archive", json={"base_version": one["version"]})
    answer = await practice.post(ALERTS, json={"alert_definition_uuid": one["id"]})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Alert definition not found"})


async def test_definitions_are_found_by_category(practice: httpx.AsyncClient) -> None:
    found = (await practice.get(DEFINITIONS, params={"category": "safety"})).json()["items"]
    assert [each["name"] for each in found] == ["Fall risk"]
