"""A vendor's catalogue is loaded when it is needed, kept for its lifetime, and once at a time."""

import asyncio

from tests.facade.desk import Desk
from tests.facade.examples import SEEDED, condition

from portico import Json


async def loads(desk: Desk) -> int:
    """How many times the catalogue's first page was asked for since the last look."""
    calls = await desk.calls()
    listed = [one for one in calls if one["path"].endswith("/disease-definitions")]
    return sum(one["query"].get("page", ["1"]) == ["1"] for one in listed)


def unknown() -> Json:
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z99.89"}]}
    return condition(SEEDED) | {"code": code}


async def test_it_is_loaded_at_the_first_need_only(practice: Desk) -> None:
    await practice.ask("GET", "Patient?_count=1")
    assert await loads(practice) == 0
    for _ in range(3):
        await practice.ask("GET", f"Condition?patient={SEEDED}")
    assert await loads(practice) == 1


async def test_it_is_loaded_again_after_its_lifetime(practice: Desk) -> None:
    await practice.ask("GET", f"Condition?patient={SEEDED}")
    practice.clock.now += 601
    await practice.ask("GET", f"Condition?patient={SEEDED}")
    assert await loads(practice) == 2


async def test_concurrent_requests_share_one_load(practice: Desk) -> None:
    url = f"Condition?patient={SEEDED}"
    await asyncio.gather(*(practice.ask("GET", url) for _ in range(5)))
    assert await loads(practice) == 1


async def test_a_fresh_catalogue_is_believed_to_lack_a_code(practice: Desk) -> None:
    await practice.ask("GET", f"Condition?patient={SEEDED}")
    practice.clock.now += 29
    assert (await practice.ask("POST", "Condition", unknown())).status == 422
    assert await loads(practice) == 1


async def test_an_older_one_is_loaded_once_more_before_a_code_is_refused(practice: Desk) -> None:
    await practice.ask("GET", f"Condition?patient={SEEDED}")
    practice.clock.now += 31
    assert (await practice.ask("POST", "Condition", unknown())).status == 422
    assert await loads(practice) == 2
