from dataclasses import dataclass
from typing import Literal

from portico import Json
from portico.vendor.template import Template

TemplatePairs = tuple[tuple[str, Template], ...]


@dataclass(frozen=True, slots=True)
class RequestTemplate:
    """A request with blanks. `path` begins with `prefix`, and so must the filled one.

    `body` is JSON whose texts are Templates, or `RECORD` where the record goes; None sends the
    record as it is. `add` are members laid over the record. `parameters` tells whether search and
    paging parameters go to the query or to members of the body.
    """

    method: str
    path: Template
    prefix: Template
    query: TemplatePairs = ()
    headers: TemplatePairs = ()
    body: Json = None
    add: TemplatePairs = ()
    form: TemplatePairs = ()
    parameters: Literal["query", "body"] = "query"
    idempotency_header: str | None = None
    timeout: float | None = None


class _Record:
    """The blank in a body that the record fills."""

    def __repr__(self) -> str:
        return "{record}"


RECORD = _Record()
