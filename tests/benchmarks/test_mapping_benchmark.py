"""The benchmark runs, and compares only what makes the same; its times are nobody's test."""

import pytest
from benchmarks.contenders import Race
from benchmarks.mapping import BASE, UnequalError, check, run, table
from benchmarks.subjects import load_all

RACES = {
    ("practice patient", "to FHIR, dict to dict"),
    ("practice patient", "to FHIR, bytes to bytes"),
    ("practice patient", "to the vendor, dict to dict"),
    ("practice patient", "to the vendor, bytes to bytes"),
    ("practice patient", "change set, one name edited"),
    ("connective record", "to FHIR, dict to dict"),
    ("connective record", "to FHIR, bytes to bytes"),
}


def test_a_quick_run_races_portico_against_the_hand_written_in_every_task() -> None:
    rows, skipped = run(2, peers=False)

    for contender in (BASE, "portico"):
        raced = {(row.subject, row.task) for row in rows if row.contender == contender}
        assert raced >= RACES
    assert skipped == []
    assert len(list(table(rows, skipped))) == len(rows) + 2


def test_a_contender_that_makes_something_else_is_not_timed() -> None:
    runners = {"hand-written": lambda given: given, "wrong": lambda _given: {"id": "2"}}

    with pytest.raises(UnequalError, match="wrong"):
        check(Race("a", "b", {"id": "1"}, runners, {"id": "1"}))


def test_all_modules_load() -> None:
    assert load_all() > 0
