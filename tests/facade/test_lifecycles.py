"""Create → read → search → update → stale update → delete → read, at every vendor with reads.

After each step the vendor's own state and its call log are looked at.
"""

import pytest
from tests.facade.desk import BASE, Desk, issues_of, matches_of, resource_of
from tests.facade.examples import PARTICLE_ID, PARTICLE_PATIENT, PATIENT, SEEDED, condition

from portico.document import copy


async def lines(desk: Desk) -> list[str]:
    """The calls since the last look as `METHOD last-segments status`."""
    return [f"{one['method']} {one['path']} {one['status']}" for one in await desk.calls()]


async def test_practice_patient(practice: Desk) -> None:
    created = await practice.ask("POST", "Patient", PATIENT)
    assert created.status == 201
    patient = resource_of(created)
    url = f"Patient/{patient['id']}"
    assert created.header("Location") == f"{BASE}/{url}/_history/1"
    assert created.header("ETag") == 'W/"1"'
    records = (await practice.state())["patient"]
    assert records[patient["id"]]["last_name"] == "Okafor"
    assert await lines(practice) == ["POST /api/v1/demo/patients 201"]

    read = await practice.ask("GET", url)
    assert (read.status, resource_of(read)) == (200, patient)
    assert read.header("ETag") == 'W/"1"'
    assert await lines(practice) == [f"GET /api/v1/demo/patients/{patient['id']} 200"]

    found = await practice.ask("GET", "Patient?family=okafor&birthdate=1984-02-29")
    assert [one["id"] for one in matches_of(found)] == [patient["id"]]
    (call,) = await practice.calls()
    assert call["path"].endswith("/patients/cursor")
    assert call["query"]["search"] == ["okafor"]
    assert call["query"]["dob_from"] == call["query"]["dob_to"] == ["1984-02-29"]

    changed = copy(patient)
    changed["name"][0]["family"] = "Obi"
    updated = await practice.ask("PUT", url, changed, if_match='W/"1"')
    assert (updated.status, updated.header("ETag")) == (200, 'W/"2"')
    patch = (await practice.calls())[-1]
    assert (patch["method"], patch["body"]) == ("PATCH", {"last_name": "Obi", "base_version": 1})

    stale = await practice.ask("PUT", url, patient, if_match='W/"1"')
    assert (stale.status, issues_of(stale)) == (412, [("error", "conflict")])
    assert await lines(practice) == [f"GET /api/v1/demo/patients/{patient['id']} 200"]

    assert (await practice.ask("DELETE", url)).status == 204
    records = (await practice.state())["patient"]
    assert records[patient["id"]]["deleted_at"]
    gone = await practice.ask("GET", url)
    assert (gone.status, issues_of(gone)) == (410, [("error", "deleted")])


async def test_practice_condition(practice: Desk) -> None:
    created = await practice.ask("POST", "Condition", condition(SEEDED))
    assert created.status == 201
    problem = resource_of(created)
    url = f"Condition/{problem['id']}"
    records = (await practice.state())["disease"].values()
    (record,) = [one for one in records if one.get("date_start") == "2020-05-23"]
    assert record["disease_definition"]["name"] == "Essential hypertension"

    read = await practice.ask("GET", url)
    assert (read.status, resource_of(read)) == (200, problem)

    await practice.calls()
    query = f"Condition?patient={SEEDED}&clinical-status=active&code=I10"
    found = await practice.ask("GET", query)
    assert problem["id"] in [one["id"] for one in matches_of(found)]
    (call,) = await practice.calls()
    assert call["path"] == f"/api/v1/demo/patients/{SEEDED}/diseases"
    assert call["query"]["problem_status"] == ["active"]

    changed = {**problem, "onsetDateTime": "2019-05-01"}
    tag = str(created.header("ETag"))
    updated = await practice.ask("PUT", url, changed, if_match=tag)
    assert updated.status == 200
    body = {"date_start": "2019-05-01", "base_version": 1}
    assert (await practice.calls())[-1]["body"] == body

    stale = await practice.ask("PUT", url, problem, if_match=tag)
    assert stale.status == 412
    assert all(one["method"] == "GET" for one in await practice.calls())

    assert (await practice.ask("DELETE", url)).status == 204
    assert (await practice.ask("GET", url)).status in (404, 410)


async def test_particle_patient(particle: Desk) -> None:
    created = await particle.ask("POST", "Patient", PARTICLE_PATIENT)
    assert created.status == 201
    patient = resource_of(created)
    url = f"Patient/{patient['id']}"
    assert patient["id"] == "okafor-1"
    post = [one for one in await particle.calls() if one["method"] == "POST"]
    assert [one["body"]["patient_id"] for one in post] == ["okafor-1"]
    assert post[0]["body"]["purpose_of_use"] == "TREATMENT"

    read = await particle.ask("GET", url)
    assert (read.status, resource_of(read)) == (200, patient)
    assert read.header("ETag") == created.header("ETag")

    await particle.calls()
    found = await particle.ask("GET", f"Patient?identifier={PARTICLE_ID}|okafor-1")
    assert [one["id"] for one in matches_of(found)] == ["okafor-1"]
    assert await lines(particle) == ["GET /api/v1/patients/okafor-1 200"]

    changed = copy(patient)
    changed["address"][0]["city"] = "Quincy"
    tag = str(created.header("ETag"))
    updated = await particle.ask("PUT", url, changed, if_match=tag)
    assert (updated.status, resource_of(updated)["address"][0]["city"]) == (200, "Quincy")
    assert updated.header("ETag") != tag

    await particle.calls()
    assert (await particle.ask("PUT", url, patient, if_match=tag)).status == 412
    assert await lines(particle) == ["GET /api/v1/patients/okafor-1 200"]

    assert (await particle.ask("DELETE", url)).status == 204
    assert "okafor-1" not in (await particle.state())["patient"]
    assert (await particle.ask("GET", url)).status == 404


async def test_heidi_patient(heidi: Desk) -> None:
    created = await heidi.ask("POST", "Patient", PATIENT)
    assert created.status == 201
    patient = resource_of(created)
    url = f"Patient/{patient['id']}"
    read = await heidi.ask("GET", url)
    assert (read.status, resource_of(read)) == (200, patient)
    assert read.header("ETag") == created.header("ETag")

    found = await heidi.ask("GET", "Patient?family=Okafor")
    assert [one["id"] for one in matches_of(found)] == [patient["id"]]

    changed = {**patient, "birthDate": "1984-03-01"}
    tag = str(created.header("ETag"))
    await heidi.calls()
    updated = await heidi.ask("PUT", url, changed, if_match=tag)
    assert updated.status == 200
    patches = [one["body"] for one in await heidi.calls() if one["method"] == "PATCH"]
    text = "Adaeze Okafor, F, 1984-03-01"
    assert patches == [{"birth_date": "1984-03-01", "demographic_string": text}]

    assert (await heidi.ask("PUT", url, patient, if_match=tag)).status == 412
    assert all(one["method"] == "GET" for one in await heidi.calls())

    assert (await heidi.ask("DELETE", url)).status == 204
    (call,) = [one for one in await heidi.calls() if one["method"] == "DELETE"]
    assert call["body"] == {"patient_profile_ids": [patient["id"]]}
    assert (await heidi.ask("GET", url)).status == 404


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/xml, */*;q=0.1"])
async def test_metadata_says_what_the_vendor_supports(heidi: Desk, accept: str) -> None:
    answer = await heidi.ask("GET", "metadata", accept=accept)
    (patient,) = resource_of(answer)["rest"][0]["resource"]
    codes = {one["code"] for one in patient["interaction"]}
    assert codes == {"read", "vread", "search-type", "create", "update", "delete"}
