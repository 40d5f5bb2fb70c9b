"""Conversions side by side: `python -m benchmarks.mapping [--quick] [--json] [--load]`.

Every contender's answer is compared with Portico's before anything is timed. In each round every
contender of a race has one turn, so that noise hits all alike, and only its own processor time
counts, so that a busy machine tells much the same; what is reported are medians and quartiles of
the ratios to the hand-written converter of the same round, which hold from machine to
machine as microseconds do not. `benchmarks/setup.sh` installs the contenders.
"""

import argparse
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.contenders import TO_FHIR, TO_FHIR_BYTES, Race, SkippedError, races
from benchmarks.processes import Worker, started
from benchmarks.subjects import load_all, patient, record
from benchmarks.subset import subset_races
from portico.document import dump, parse

Json = Any
Turn = Callable[[int], float]
BASE = "hand-written"
ROUNDS, TURN_SECONDS = 60, 0.01
_LOAD = """
import time
from benchmarks.subjects import load_all
start = time.perf_counter()
load_all()
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Row:
    """One contender in one race: ratios to the hand-written one, and its own microseconds."""

    subject: str
    task: str
    contender: str
    low: float
    median: float
    high: float
    microseconds: float


@dataclass(frozen=True)
class Skipped:
    subject: str
    task: str
    contender: str
    reason: str


class UnequalError(Exception):
    """A contender that makes something else than Portico does: its time would mean nothing."""


def check(race: Race) -> None:
    """Raise UnequalError unless all make the same."""
    for name, run in race.runners.items():
        made = run(race.given)
        if (parse(made) if isinstance(made, bytes) else made) != race.agree:
            raise UnequalError(f"{race.subject}, {race.task}: {name} makes something else")


def measured(race: Race, workers: dict[str, Worker], rounds: int) -> Iterator[Row]:
    """Run one race."""
    form = "bytes" if isinstance(race.given, bytes) else "dict"
    turns: dict[str, Turn] = {name: _turn(run, race.given) for name, run in race.runners.items()}
    turns |= {name: _asked(worker, form) for name, worker in workers.items()}
    loops = {name: _loops(turn) for name, turn in turns.items()}
    times: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            times[name].append(turn(loops[name]) / loops[name])
    for name, taken in times.items():
        ratios = [one / base for one, base in zip(taken, times[BASE], strict=True)]
        low, median, high = statistics.quantiles(ratios, n=4)
        spent = statistics.median(taken) * 1e6
        yield Row(race.subject, race.task, name, low, median, high, spent)


def _turn(run: Callable[[Json], Json], given: Json) -> Turn:
    def turn(loops: int) -> float:
        gc.collect()
        gc.disable()
        start = time.process_time()
        for _ in range(loops):
            run(given)
        taken = time.process_time() - start
        gc.enable()
        return taken

    return turn


def _asked(worker: Worker, form: str) -> Turn:
    return lambda loops: worker.seconds(form, loops)


def _loops(turn: Turn) -> int:
    """How many conversions make a turn of about a hundredth of a second, after a warm-up."""
    turn(3)
    return max(1, int(TURN_SECONDS / (min(turn(3), turn(3)) / 3)))


def run(rounds: int, *, peers: bool) -> tuple[list[Row], list[Skipped]]:
    """All races: what was measured, and who did not run, why."""
    rows: list[Row] = []
    skipped: list[Skipped] = []
    every = [*races(peers=peers), *((race, {}) for race in subset_races())]
    for race, absent in every:
        check(race)
        skipped += [Skipped(race.subject, race.task, *one) for one in absent.items()]
        workers = {}
        for name in _processes(race) if peers else ():
            try:
                workers[name] = _agreeing(name, race)
            except SkippedError as error:
                skipped.append(Skipped(race.subject, race.task, name, str(error)))
        rows += measured(race, workers, rounds)
        for worker in workers.values():
            worker.stop()
    return rows, skipped


def _processes(race: Race) -> tuple[str, ...]:
    if race.subject.endswith("subset"):
        return ("linkml-map",)
    return ("JSONata (node)", "HealthChain") if race.task in {TO_FHIR, TO_FHIR_BYTES} else ()


def _agreeing(name: str, race: Race) -> Worker:
    worker = started(name, record() if race.subject.startswith("connective") else patient())
    if worker.answer != race.agree:
        worker.stop()
        raise SkippedError("it makes something else")
    return worker


def loading() -> list[float]:
    """Seconds to read and compile all modules, each time in a fresh process."""
    taken = []
    for _ in range(7):
        done = subprocess.run(  # noqa: S603  # this interpreter and our own line
            [sys.executable, "-c", _LOAD], capture_output=True, check=True
        )
        taken.append(float(done.stdout))
    return taken


def table(rows: list[Row], skipped: list[Skipped]) -> Iterator[str]:
    """The results as Markdown."""
    yield "| subject | task | contender | ratio | quartiles | µs |"
    yield "|---|---|---|---:|---:|---:|"
    for row in rows:
        spread = f"{row.low:.2f} to {row.high:.2f}"
        yield (
            f"| {row.subject} | {row.task} | {row.contender} | {row.median:.2f} | {spread} "
            f"| {row.microseconds:.1f} |"
        )
    for one in skipped:
        yield f"\nSkipped: {one.contender} ({one.subject}, {one.task}): {one.reason}."


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="one short round, this process only")
    options.add_argument("--json", action="store_true", help="results as JSON")
    options.add_argument("--load", action="store_true", help="time to load all modules, only")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    if given.load:
        taken = sorted(loading())
        print(
            f"{load_all()} modules loaded and compiled in {statistics.median(taken) * 1e3:.0f} ms"
        )
        return
    rows, skipped = run(2 if given.quick else given.rounds, peers=not given.quick)
    if given.json:
        found = {"rows": list(map(asdict, rows)), "skipped": list(map(asdict, skipped))}
        print(dump(found, pretty=True).decode())
    else:
        print("\n".join(table(rows, skipped)))


if __name__ == "__main__":
    main()
