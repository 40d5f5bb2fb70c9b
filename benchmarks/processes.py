"""Contenders in processes of their own, for those whose pins or language ask for it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contenders import PEERS, SkippedError, liquid_source
from benchmarks.subjects import Subject, tables
from portico.document import dump, parse

Json = Any
INSTALLED = Path(__file__).parent.parent / ".peers"
SUBSET = ("id", "gender", "birthDate")


@dataclass(frozen=True)
class Worker:
    """A process that converts one record on request, in either form."""

    process: subprocess.Popen[bytes]
    answer: Json

    def seconds(self, form: str, loops: int) -> float:
        """How long some rounds take, as the process itself measures them."""
        return float(asked(self.process, {"form": form, "loops": loops})["seconds"])

    def stop(self) -> None:
        self.process.communicate()


def asked(process: subprocess.Popen[bytes], line: Json) -> Json:
    """The answer to one line. Raises SkippedError when the process has ended."""
    if process.stdin is None or process.stdout is None:
        raise SkippedError("it has no standard input and output")
    try:
        process.stdin.write(dump(line) + b"\n")
        process.stdin.flush()
    except BrokenPipeError as error:
        raise SkippedError("its process ended") from error
    answer = process.stdout.readline()
    if not answer:
        raise SkippedError("its process ended without an answer")
    return parse(answer)


def started(name: str, subject: Subject) -> Worker:
    """A contender that has shown what it makes. Raises SkippedError."""
    command, setup = _COMMANDS[name](subject)
    process = subprocess.Popen(  # noqa: S603  # the commands are those below
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return Worker(process, asked(process, {**setup, "given": subject.record})["answer"])


def _jsonata(subject: Subject) -> tuple[list[str], Json]:
    modules = INSTALLED / "node"
    if not (modules / "node_modules" / "jsonata").is_dir():
        raise SkippedError("jsonata is not installed; benchmarks/setup.sh installs it")
    expression = PEERS / f"{subject.name.split()[-1]}.jsonata"
    if not expression.is_file():
        raise SkippedError(f"nobody has written the {subject.name} for it")
    command = ["node", str(PEERS / "jsonata_worker.mjs"), str(modules.resolve())]
    return command, {"expression": str(expression), "tables": tables()}


def _healthchain(subject: Subject) -> tuple[list[str], Json]:
    template = PEERS / f"{subject.name.split()[-1]}.template"
    if not template.is_file():
        raise SkippedError(f"nobody has written the {subject.name} for it")
    written = liquid_source(template.read_text(encoding="utf-8"))
    return _python("healthchain"), {"template": written, "tables": tables()}


def _linkml(_subject: Subject) -> tuple[list[str], Json]:
    return _python("linkml"), {"elements": list(SUBSET)}


def _python(name: str) -> list[str]:
    interpreter = INSTALLED / name / "bin" / "python"
    if not interpreter.is_file():
        raise SkippedError(f"{name} is not installed; benchmarks/setup.sh installs it")
    return [str(interpreter), str(PEERS / f"{name}_worker.py")]


_COMMANDS = {"JSONata (node)": _jsonata, "HealthChain": _healthchain, "linkml-map": _linkml}
