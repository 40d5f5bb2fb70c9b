"""What a write means for the vendor, and what the client is told of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from tests.facade.desk import BASE, Desk, issues_of, resource_of
from tests.facade.examples import PARTICLE_ID, PARTICLE_PATIENT, PATIENT, SEEDED, condition

from portico import Json
from portico.document import copy
from portico.errors import Issue, VendorError
from portico.facade.dispatch import Facade
from portico.facade.ports import T, VendorPort
from portico.vendor.message import Exchange

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


async def created(desk: Desk, resource: Json) -> Json:
    answer = await desk.ask("POST", resource["resourceType"], resource)
    assert answer.status == 201
    await desk.calls()
    return resource_of(answer)


class Interfering:
    """The vendor's port with something that happens right before the n-th conversation."""

    def __init__(self, port: VendorPort, at: int, what: Callable[[], Awaitable[None]]) -> None:
        self._port = port
        self._left = at
        self._what = what

    async def run(self, exchange: Exchange[T]) -> T:
        self._left -= 1
        if self._left == 0:
            await self._what()
        return await self._port.run(exchange)


class Refusing:
    """A vendor that complains about members, whatever it is asked."""

    def __init__(self, members: tuple[str, ...]) -> None:
        self._members = members

    async def run(self, exchange: Exchange[T]) -> T:
        exchange.close()
        refusal = Issue("business-rule", "refused")
        raise VendorError(422, refusal, kind="business-rule", members=self._members)


def interfered(desk: Desk, at: int, what: Callable[[], Awaitable[None]]) -> Desk:
    """The desk with a façade whose vendor is interfered with."""
    ports = replace(desk.ports, vendor=Interfering(desk.ports.vendor, at, what))
    return replace(desk, facade=Facade(desk.connection, ports))


def changed_elsewhere(desk: Desk, patient: Json) -> Callable[[], Awaitable[None]]:
    """Somebody else changes the patient at the vendor."""
    other = {**copy(patient), "telecom": [{"system": "email", "value": "else@example.org"}]}

    async def change() -> None:
        assert (await desk.ask("PUT", f"Patient/{patient['id']}", other)).status == 200

    return change


async def test_an_update_sends_only_what_changed(practice: Desk) -> None:
    patient = await created(practice, PATIENT)
    patient["telecom"] = [{"system": "email", "value": "a@example.org"}]
    answer = await practice.ask("PUT", f"Patient/{patient['id']}", patient)
    assert answer.status == 200
    assert (await practice.calls())[-1]["body"] == {"email": "a@example.org", "base_version": 1}


async def test_an_update_that_changes_nothing_writes_nothing(practice: Desk) -> None:
    url = f"Patient/{SEEDED}"
    before = await practice.ask("GET", url)
    await practice.calls()
    answer = await practice.ask("PUT", url, resource_of(before))
    assert (answer.status, answer.header("ETag")) == (200, before.header("ETag"))
    assert [one["method"] for one in await practice.calls()] == ["GET"]


async def test_a_write_of_several_steps_feeds_the_version_forward(practice: Desk) -> None:
    patient = await created(practice, {**PATIENT, "active": True})
    patient["active"] = False
    patient["name"][0]["family"] = "Obi"
    answer = await practice.ask("PUT", f"Patient/{patient['id']}", patient)
    assert answer.status == 200
    steps = [(one["path"].split("/")[-1], one["body"]) for one in (await practice.calls())[1:]]
    assert steps[0][1]["base_version"] == 1
    assert steps[-1] == ("transition-status", {"new_status": "inactive", "base_version": 2})
    read = resource_of(await practice.ask("GET", f"Patient/{patient['id']}"))
    assert (read["active"], read["name"][0]["family"]) == (False, "Obi")


async def test_a_later_step_that_fails_says_what_took_effect(practice: Desk) -> None:
    patient = await created(practice, {**PATIENT, "active": True})
    url = f"Patient/{patient['id']}"

    async def patch_behind() -> None:
        await changed_elsewhere(practice, resource_of(await practice.ask("GET", url)))()

    patient["active"] = False
    patient["name"][0]["family"] = "Obi"
    desk = interfered(practice, 3, patch_behind)
    answer = await desk.ask("PUT", url, patient)
    assert answer.status == 409
    assert issues_of(answer)[-1] == ("error", "incomplete")
    said = resource_of(answer)["issue"][-1]["diagnostics"]
    assert "update took effect" in said
    assert "transition-status did not" in said


@pytest.mark.parametrize(("headers", "status"), [({}, 409), ({"if_match": 'W/"1"'}, 412)])
async def test_a_conflict_that_the_vendor_sees(
    practice: Desk, headers: dict[str, str], status: int
) -> None:
    patient = await created(practice, PATIENT)
    url = f"Patient/{patient['id']}"
    desk = interfered(practice, 2, changed_elsewhere(practice, patient))
    patient["birthDate"] = "1984-03-01"
    answer = await desk.ask("PUT", url, patient, **headers)
    assert answer.status == status
    read = resource_of(await practice.ask("GET", url))
    assert read["birthDate"] == "1984-02-29"


async def test_a_create_is_told_as_the_client_prefers(practice: Desk) -> None:
    minimal = await practice.ask("POST", "Patient", PATIENT, prefer="return=minimal")
    assert (minimal.status, minimal.resource) == (201, None)
    assert minimal.header("Location")
    outcome = await practice.ask("POST", "Patient", PATIENT, prefer="return=OperationOutcome")
    assert issues_of(outcome)


async def test_what_is_lost_is_counted_and_named(heidi: Desk) -> None:
    patient = {**PATIENT, "maritalStatus": {"text": "married"}}
    answer = await heidi.ask("POST", "Patient", patient, prefer="return=OperationOutcome")
    assert (answer.status, answer.header("Portico-Loss")) == (201, "1")
    expressions = [issue["expression"] for issue in resource_of(answer)["issue"]]
    assert ["Patient.maritalStatus"] in expressions


async def test_a_modifier_that_the_vendor_cannot_hold_is_refused(heidi: Desk) -> None:
    answer = await heidi.ask("POST", "Patient", {**PATIENT, "deceasedBoolean": True})
    assert answer.status == 422
    assert await heidi.calls() == []


async def test_implicit_rules_that_nobody_knows_are_refused(heidi: Desk) -> None:
    answer = await heidi.ask("POST", "Patient", {**PATIENT, "implicitRules": "urn:example:rules"})
    assert answer.status == 422
    assert resource_of(answer)["issue"][0]["expression"] == ["Patient.implicitRules"]


async def test_the_clients_idempotency_key_reaches_the_vendor(practice: Desk) -> None:
    for status in (201, 409):
        answer = await practice.ask("POST", "Patient", PATIENT, idempotency_key="once")
        assert answer.status == status


async def test_every_create_has_an_idempotency_key(practice: Desk) -> None:
    await practice.ask("POST", "Patient", PATIENT)
    (call,) = await practice.calls()
    headers = {name.lower(): value for name, value in call["headers"].items()}
    assert len(headers["idempotency-key"]) == 36


async def test_a_key_that_exists_is_never_overwritten(particle: Desk) -> None:
    await created(particle, PARTICLE_PATIENT)
    answer = await particle.ask("POST", "Patient", {**PARTICLE_PATIENT, "birthDate": "1990-01-01"})
    assert (answer.status, issues_of(answer)) == (409, [("error", "duplicate")])
    assert all(one["method"] == "GET" for one in await particle.calls())


async def test_a_patient_without_a_key_gets_a_minted_one(particle: Desk) -> None:
    bare = {name: value for name, value in PARTICLE_PATIENT.items() if name != "identifier"}
    patient = await created(particle, bare)
    assert len(patient["id"]) == 36
    assert patient["identifier"][0]["value"] == patient["id"]


async def test_a_put_of_a_new_id_creates_where_the_vendor_takes_it(particle: Desk) -> None:
    bare = {name: value for name, value in PARTICLE_PATIENT.items() if name != "identifier"}
    answer = await particle.ask("PUT", "Patient/okafor-9", {**bare, "id": "okafor-9"})
    assert answer.status == 201
    assert resource_of(answer)["id"] == "okafor-9"
    assert (await particle.ask("GET", "Patient/okafor-9")).status == 200


async def test_a_put_whose_identifier_names_another_record_is_refused(particle: Desk) -> None:
    answer = await particle.ask("PUT", "Patient/other", {**PARTICLE_PATIENT, "id": "other"})
    assert answer.status == 422
    assert all(one["method"] == "GET" for one in await particle.calls())


async def test_a_key_that_no_id_can_hold_is_refused(particle: Desk) -> None:
    long = {"system": PARTICLE_ID, "value": "ü" * 60}
    answer = await particle.ask("POST", "Patient", {**PARTICLE_PATIENT, "identifier": [long]})
    assert (answer.status, issues_of(answer)) == (422, [("error", "processing")])
    assert await particle.calls() == []


async def test_a_definition_that_the_catalogue_lacks_is_refused(practice: Desk) -> None:
    problem = condition(SEEDED) | {"code": {"coding": [{"system": ICD, "code": "Z99.89"}]}}
    answer = await practice.ask("POST", "Condition", problem)
    assert (answer.status, issues_of(answer)) == (422, [("error", "code-invalid")])
    assert resource_of(answer)["issue"][0]["expression"] == ["Condition.code"]
    assert all(one["method"] == "GET" for one in await practice.calls())


async def test_what_the_vendor_complains_about_is_named_in_fhirs_words(practice: Desk) -> None:
    ports = replace(practice.ports, vendor=Refusing(("date_of_birth",)))
    desk = replace(practice, facade=Facade(practice.connection, ports))
    answer = await desk.ask("POST", "Patient", PATIENT)
    assert answer.status == 422
    assert resource_of(answer)["issue"][0]["expression"] == ["Patient.birthDate"]


async def test_a_problem_of_an_unknown_patient_is_refused(practice: Desk) -> None:
    answer = await practice.ask(
        "POST", "Condition", condition("0" * 8 + "-0000-4000-8000-" + "f" * 12)
    )
    assert answer.status in (404, 422)
    assert issues_of(answer)


async def test_deleting_twice_is_the_same_as_once(practice: Desk) -> None:
    patient = await created(practice, PATIENT)
    url = f"Patient/{patient['id']}"
    assert [(await practice.ask("DELETE", url)).status for _ in range(2)] == [204, 204]


async def test_a_stale_delete_is_refused(practice: Desk) -> None:
    patient = await created(practice, PATIENT)
    answer = await practice.ask("DELETE", f"Patient/{patient['id']}", if_match='W/"7"')
    assert answer.status == 412
    assert [one["method"] for one in await practice.calls()] == ["GET"]


@pytest.mark.parametrize("base", ["", f"{BASE}/"])
async def test_a_reference_to_this_server_is_its_relative_form(practice: Desk, base: str) -> None:
    problem = condition(SEEDED) | {"subject": {"reference": f"{base}Patient/{SEEDED}"}}
    answer = await practice.ask("POST", "Condition", problem)
    assert resource_of(answer)["subject"]["reference"] == f"Patient/{SEEDED}"


async def test_a_patient_of_another_server_is_nobody_here(practice: Desk) -> None:
    elsewhere = f"https://elsewhere.example/fhir/Patient/{SEEDED}"
    problem = condition(SEEDED) | {"subject": {"reference": elsewhere}}
    answer = await practice.ask("POST", "Condition", problem)
    assert answer.status == 422
    assert resource_of(answer)["issue"][0]["expression"] == ["Condition.subject.reference"]
    assert await practice.calls() == []


async def test_a_problem_without_a_patient_is_refused(practice: Desk) -> None:
    answer = await practice.ask(
        "POST", "Condition", condition(SEEDED) | {"subject": {"display": "x"}}
    )
    assert (answer.status, issues_of(answer)) == (422, [("error", "required")])


async def test_a_problem_does_not_move_to_another_patient(practice: Desk) -> None:
    problem = await created(practice, condition(SEEDED))
    other = {"reference": "Patient/00000000-0000-4000-8000-0000000000a2"}
    answer = await practice.ask("PUT", f"Condition/{problem['id']}", {**problem, "subject": other})
    assert (answer.status, issues_of(answer)) == (422, [("error", "business-rule")])
    assert all(one["method"] == "GET" for one in await practice.calls())


async def test_a_list_entry_with_extensions_only_is_left_out_and_named(practice: Desk) -> None:
    initial = {"extension": [{"url": "https://example.org/initial", "valueString": "Q"}]}
    name = {"family": "Okafor", "given": ["Adaeze", None], "_given": [None, initial]}
    answer = await practice.ask(
        "POST", "Patient", {**PATIENT, "name": [name]}, prefer="return=OperationOutcome"
    )
    assert answer.status == 201
    named = [path for issue in resource_of(answer)["issue"] for path in issue["expression"]]
    assert "Patient.name[0]._given" in named
    assert (await practice.calls())[0]["body"]["first_name"] == "Adaeze"
