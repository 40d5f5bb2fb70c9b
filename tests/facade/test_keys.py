"""The vendor's key says which record is meant: it can be searched by, and never be changed."""

from tests.facade.desk import Desk, issues_of, matches_of, resource_of
from tests.facade.examples import PARTICLE_PATIENT, PATIENT

from portico.document import copy

PROFILE_ID = "https://heidi.example/patient-profile-id"


async def test_the_key_as_an_identifier_is_a_read(heidi: Desk) -> None:
    profile = resource_of(await heidi.ask("POST", "Patient", PATIENT))
    await heidi.calls()
    found = await heidi.ask("GET", f"Patient?identifier={PROFILE_ID}|{profile['id']}")
    assert [one["id"] for one in matches_of(found)] == [profile["id"]]
    (call,) = await heidi.calls()
    assert call["path"].endswith(f"/patient-profiles/{profile['id']}")


async def test_the_identifier_that_is_the_key_cannot_be_changed(particle: Desk) -> None:
    patient = resource_of(await particle.ask("POST", "Patient", PARTICLE_PATIENT))
    renamed = copy(patient)
    renamed["identifier"][0]["value"] = "okafor-2"
    answer = await particle.ask("PUT", f"Patient/{patient['id']}", renamed)
    assert (answer.status, issues_of(answer)) == (422, [("error", "conflict")])
