"""Versions over vendors that have none."""

from tests.facade.desk import Desk, matches_of, resource_of


async def test_a_search_and_a_read_show_one_version(heidi: Desk) -> None:
    """The vendor's list has members that its read lacks; the version must not see them."""
    listed = matches_of(await heidi.ask("GET", "Patient?identifier=EHR123456"))[0]

    read = resource_of(await heidi.ask("GET", f"Patient/{listed['id']}"))

    assert listed["extension"] != read["extension"]
    assert listed["meta"]["versionId"] == read["meta"]["versionId"]
