"""The protocol of a contender in a process of its own: a line of JSON in, a line of JSON out.

The first line sets it up, and its answer is what the contender makes; each further line asks for
some rounds of work and is answered with the seconds that they took.
"""

import json
import time
from collections.abc import Callable
from typing import IO, Any

Json = Any
Convert = Callable[[Json], Json]
Make = Callable[[Json], tuple[Convert, Convert]]


def serve(source: IO[str], answers: IO[str], make: Make) -> None:
    """Answer until there is no further line."""
    setup = json.loads(source.readline())
    given = setup["given"]
    to_object, to_text = make(setup)
    text = json.dumps(given).encode()
    _say(answers, {"answer": to_object(given)})
    for line in source:
        asked = json.loads(line)
        run, value = (to_text, text) if asked["form"] == "bytes" else (to_object, given)
        start = time.process_time()
        for _ in range(asked["loops"]):
            run(value)
        _say(answers, {"seconds": time.process_time() - start})


def _say(answers: IO[str], value: Json) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()
