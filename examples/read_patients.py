"""Read every patient of a connection, page by page, as any FHIR client does.

Start `portico demo`, then:

    python examples/read_patients.py http://127.0.0.1:8000/fhir/practice
"""

import sys
from collections.abc import Iterator
from typing import Any

import httpx


def patients(base: str) -> Iterator[dict[str, Any]]:
    """All patients, following `next` links to the end."""
    url: str | None = f"{base}/Patient?_count=10"
    with httpx.Client(headers={"Accept": "application/fhir+json"}) as client:
        while url:
            bundle = client.get(url).raise_for_status().json()
            for entry in bundle.get("entry", []):
                if entry["search"]["mode"] == "match":
                    yield entry["resource"]
            url = next_link(bundle)


def next_link(bundle: dict[str, Any]) -> str | None:
    links = {link["relation"]: link["url"] for link in bundle.get("link", [])}
    return links.get("next")


def full_name(patient: dict[str, Any]) -> str:
    name: dict[str, Any] = next(iter(patient.get("name", [])), {})
    return " ".join([*name.get("given", []), name.get("family", "")]) or name.get("text", "")


def main() -> None:
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/fhir/practice"
    for patient in patients(base.rstrip("/")):
        print(patient["id"], patient.get("birthDate", "?"), full_name(patient), sep="\t")


if __name__ == "__main__":
    main()
