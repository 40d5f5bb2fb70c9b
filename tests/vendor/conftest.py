"""A made-up vendor that resembles none of the real ones, and conversations held by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeVar

import pytest

from portico import Json
from portico.vendor.connection_file import load_vendor
from portico.vendor.message import Exchange, Request, Response
from portico.vendor.model import Vendor

T = TypeVar("T")

MERIDIAN = """
    portico: 1
    vendor: meridian
    title: Meridian Care Cloud
    settings:
      tenant:        required
      region:        {default: eu}
      site:          optional
      key:           secret
      client:        required
      client_secret: secret
    base: https://{region}.meridian.example/cloud
    environments: {trial: "https://trial.meridian.example"}
    credential:
      - {kind: query, name: key, value: "{key}"}
      - kind: exchange
        request: POST /oauth/token
        base: https://login.meridian.example
        form: {grant_type: client_credentials, id: "{client}", secret: "{client_secret}"}
        token: session.access
        expires_in: session.seconds
        send: {header: X-Session, value: "v2 {token}"}
    defaults:
      prefix: /t/{tenant}
      headers: {X-Site: "{site}"}
      unwrap: data.attributes
      error:
        message: ["errors[].title", fault.reason]
        code: "errors[0].code"
        member: "errors[].source.pointer"
        within: data.attributes
      status:
        200: {"NO_SUCH_*": not-found}
        409: {"STALE": version-conflict, "*": duplicate}
        418: business-rule
    paging:
      linked: {kind: link, size: "page[size]", max: 100, items: data, item: attributes,
               next: links.next, total: meta.count}
    objects:
      person:
        key: [org.code, number]
        schema: person.schema.json
        version: {header: ETag}
        gone: removed.at
        read: GET /orgs/{org.code}/people/{number}
        search: {request: GET /people, query: {include: all}, paging: linked}
        create:
          request: POST /orgs/{org.code}/people
          wrap: data.attributes
          answer: {location: yes}
          idempotency: {header: X-Once}
        update:
          request: PUT /orgs/{org.code}/people/{number}
          headers: {If-Match: "{etag}"}
          body: {data: {type: person, id: "{number}", attributes: "{record}"}}
          answer: none
        delete:
          request: POST /people:erase
          body: {numbers: ["{number}"], hard: true}
          answer: text
        actions:
          close: {request: "POST /orgs/{org.code}/people/{number}/close", add: {by: "{client}"}}
        search-parameters:
          name|family: {query: "filter[name]", superset: yes}
          birthdate:   {range: [born_from, born_to], format: DD.MM.YYYY}
          gender:      {query: sex, values: {male: M, female: F}, superset: no}
          organization: {path: org.code}
          phone:       filter
          address:     {refuse: the vendor keeps no addresses}
      note:
        key: ref
        read: GET /notes/{ref}
        search: {request: POST /notes/search, parameters: body, ids: result.refs, read: each,
                 paging: {kind: offset, offset: page.skip, size: page.take, max: 50,
                          total: {header: X-Total}}}
      visit:
        key: [person, id]
        read: {via: list}
        search: {request: "GET /people/{person}/visits", unwrap: visits,
                 paging: {kind: page, page: p, size: n, first: 0, max: 2, more: more}}
    catalogues:
      problems:
        request: GET /terms
        query: {list: problems}
        paging: {kind: cursor, after: from, items: terms, next: {header: X-Next}}
        key: id
        text: labels.long
        codes: {icd: http://hl7.org/fhir/sid/icd-10-cm}
        local: https://meridian.example/terms
        lifetime: 1h
"""

PERSON_SCHEMA = {
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "org": {"$ref": "org.schema.json"},
        "name": {"type": ["string", "null"]},
        "sex": {"enum": ["M", "F"]},
    },
    "required": ["number", "org"],
    "additionalProperties": False,
}
ORG_SCHEMA = {
    "$id": "https://schemas.invalid/org",
    "type": "object",
    "properties": {"code": {"type": "string"}},
    "required": ["code"],
}

Load = Callable[..., Vendor]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a connection file with its schemas, and load it."""

    def written(text: str, **schemas: Json) -> Vendor:
        (tmp_path / "schemas").mkdir()
        (tmp_path / "vendor.yaml").write_text(dedent(text), encoding="utf-8")
        for name, schema in schemas.items():
            path = tmp_path / "schemas" / f"{name}.schema.json"
            path.write_text(json.dumps(schema), encoding="utf-8")
        return load_vendor(tmp_path)

    return written


@pytest.fixture
def meridian(load: Load) -> Vendor:
    return load(MERIDIAN, person=PERSON_SCHEMA, org=ORG_SCHEMA)


@pytest.fixture
def values() -> dict[str, str]:
    return {
        "tenant": "acme", "region": "eu", "client": "portico",
        "base_url": "https://eu.meridian.example/cloud",
    }  # fmt: skip


@pytest.fixture
def answer() -> Callable[..., Response]:
    """An answer: `answer(json, status=200, etag="…")`."""

    def made(body: Any = None, status: int = 200, **headers: str) -> Response:  # noqa: ANN401 any JSON
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Response(status, named, text)

    return made


@pytest.fixture
def hold() -> Callable[..., tuple[list[Request], Any]]:
    """Hold a whole conversation: what was asked, in order, and what came of it."""

    def held(exchange: Exchange[T], *answers: Response) -> tuple[list[Request], T]:
        asked: list[Request] = []
        rest = iter(answers)
        try:
            batch = next(exchange)
            while True:
                asked += batch
                batch = exchange.send(tuple(next(rest) for _ in batch))
        except StopIteration as end:
            return asked, end.value

    return held
