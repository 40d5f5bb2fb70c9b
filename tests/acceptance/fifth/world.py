"""Both made-up vendors behind one `portico serve`, configured by file and environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.acceptance.fifth.larkspur import Larkspur
from tests.acceptance.fifth.people import CROWD, larkspur_person, quill_patient
from tests.acceptance.fifth.quill import API_KEY, Quill
from tests.acceptance.fifth.serving import on_a_port, portico_serving

from portico import Json

MAPPINGS = Path(__file__).parents[1] / "mappings"
VARIABLES = {"LARKSPUR_SECRET": "s3cret", "PORTICO_MAPPINGS": str(MAPPINGS)}


@dataclass
class World:
    """Both vendors, and a client of the façade before them."""

    larkspur: Larkspur
    quill: Quill
    fhir: httpx.Client
    log: Path

    def quieten(self) -> None:
        for vendor in (self.larkspur, self.quill):
            vendor.calls.clear()
            vendor.mood.now = ""

    def get(self, path: str, status: int = 200) -> Json:
        answer = self.fhir.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    def put(self, resource: Json, connection: str, etag: str | None = None) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        path = f"{connection}/{resource['resourceType']}/{resource['id']}"
        return self.fhir.put(path, json=resource, headers=headers)


@contextmanager
def both_vendors(folder: Path) -> Iterator[World]:
    """Two vendors with a crowd each, and `portico serve` with connections to them."""
    larkspur, quill = Larkspur(), Quill()
    for number in range(CROWD):
        larkspur.add_person(larkspur_person(number))
        quill.add(quill_patient(number))
    with on_a_port(larkspur.app()) as one, on_a_port(quill.app()) as other:
        (folder / "portico.toml").write_text(settings(one, other), encoding="utf-8")
        with (
            portico_serving(folder, **VARIABLES) as (base, log),
            httpx.Client(base_url=base, timeout=10) as fhir,
        ):
            yield World(larkspur, quill, fhir, log)


def settings(larkspur: str, quill: str) -> str:
    people = f'vendor = "larkspur"\nbase_url = "{larkspur}"\ntenant = "north"\nclient_id = "c1"'
    pens = f'vendor = "quill"\nbase_url = "{quill}"'
    return f"""
        [connections.people]\n{people}\nclient_secret = "env:LARKSPUR_SECRET"
        [connections.locked-people]\n{people}\nclient_secret = "wrong"
        [connections.pens]\n{pens}\napi_key = "{API_KEY}"
        [connections.locked-pens]\n{pens}\napi_key = "wrong"
    """
