"""The image is small, its process has no rights, and nothing secret is baked in."""

import re
from collections.abc import Callable
from pathlib import Path

SECRETS = re.compile(r"secret|token|passw|credential|api_?key", re.IGNORECASE)
SETTINGS = ("ENV", "ARG")

Plant = Callable[[str, str], Path]
Instruction = tuple[str, str]


def instructions(dockerfile: Path) -> list[Instruction]:
    text = dockerfile.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = [line.partition(" ") for line in lines if not line.startswith("#")]
    return [(word.upper(), rest.strip()) for word, _, rest in parts]


def last(dockerfile: Path, word: str) -> str:
    return next((rest for name, rest in reversed(instructions(dockerfile)) if name == word), "")


def faults(dockerfile: Path) -> list[str]:
    images = [rest.split()[0] for word, rest in instructions(dockerfile) if word == "FROM"]
    settings = [rest for word, rest in instructions(dockerfile) if word in SETTINGS]
    return [
        *(f"{image} is not slim" for image in images if not image.endswith("-slim")),
        *(["runs as root"] if last(dockerfile, "USER") in ("", "0", "root") else []),
        *(f"bakes in a secret: {setting}" for setting in settings if SECRETS.search(setting)),
        *(["no health check"] if not last(dockerfile, "HEALTHCHECK") else []),
    ]


def test_the_image_is_slim_unprivileged_and_without_secrets(root: Path) -> None:
    assert faults(root / "Dockerfile") == []


def test_the_demo_is_reachable_and_says_that_it_is_open(root: Path) -> None:
    dockerfile = root / "Dockerfile"
    assert ("ENV", "PORTICO_ALLOW_OPEN_ACCESS=true") in instructions(dockerfile)
    assert last(dockerfile, "ENTRYPOINT") == '["portico"]'
    assert last(dockerfile, "CMD") == '["demo", "--host", "0.0.0.0"]'
    assert last(dockerfile, "EXPOSE").split() == ["8000", "8001"]


def test_only_what_the_image_needs_reaches_the_build(root: Path) -> None:
    rules = (root / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        rest.split()[:-1] for word, rest in instructions(root / "Dockerfile") if word == "COPY"
    ]
    sources = {name for names in copied for name in names if not name.startswith(("-", "/"))}
    assert rules[0] == "*"
    assert sources == {rule.removeprefix("!") for rule in rules if rule.startswith("!")}


def test_a_careless_image_is_found(plant: Plant) -> None:
    careless = plant("Dockerfile", "FROM python:3.13\nENV API_TOKEN=x\nUSER root\n")
    assert len(faults(careless)) == 4
