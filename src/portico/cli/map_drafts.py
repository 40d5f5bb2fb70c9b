"""The files of a new vendor's folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico import Json
from portico.document import dump
from portico.mapping.draft import Draft, draft_module
from portico.mapping.infer import infer_schema
from portico.mapping.schema import Schema

_CONNECTION = """\
# A draft: what stands here is read, what is behind a '#' is a guess. docs/connection-file.md shows
# every word by example.
portico: 1
vendor: {vendor}
title: {vendor}

settings:
  token: secret

credential: {{kind: bearer, token: "{{token}}"}}   # a guess: how does the vendor know its callers?

objects:
"""
_OBJECT = """\
  {name}:
    module: {name}.yaml
    key: id                              # the member that addresses a record
    # read:   GET /{name}s/{{id}}
    # search: GET /{name}s
    # create: POST /{name}s
    # update: PATCH /{name}s/{{id}}
"""


@dataclass(frozen=True)
class Drafted:
    """A file of the folder: its path there, and its text."""

    path: str
    text: str


def drafts(
    vendor: str, samples: Mapping[str, Sequence[Json]], _contract: Json = None
) -> Iterator[Drafted]:
    """All files of the folder."""
    objects = "".join(_OBJECT.format(name=name) for name in samples)
    yield Drafted("vendor.yaml", _CONNECTION.format(vendor=vendor) + objects)
    for name, records in samples.items():
        schema = infer_schema(records)
        file = f"{name}.schema.json"
        yield Drafted(f"schemas/{file}", dump(schema, pretty=True).decode() + "\n")
        draft = Draft(vendor, name, Schema(schema), {"schema": file}, records)
        yield Drafted(f"{name}.yaml", draft_module(draft))
