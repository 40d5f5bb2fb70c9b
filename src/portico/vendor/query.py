"""Requests with blanks, and how values fill them.

request: PATCH /patients/{id}            every blank in a path is quoted, and cannot leave it
query:   {expand: all, tenant: "{tenant}"}
headers: {If-Match: "{etag}"}            left out when `etag` has no value
wrap:    data.attributes                 the record goes there: {"data": {"attributes": {…}}}
body:    {type: patient, data: "{record}"}
add:     {purpose_of_use: "{purpose_of_use}"}     members laid over the record
parameters: body                         search and paging parameters go to the body
idempotency: {header: Idempotency-Key}   with the key that the caller gives
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from portico import Json
from portico.document import copy
from portico.errors import FhirError, Issue, VendorError
from portico.vendor.message import Request
from portico.vendor.template import Template

TemplatePairs = tuple[tuple[str, Template], ...]
Pairs = tuple[tuple[str, str], ...]
Parameters = tuple[tuple[str, str | int], ...]
ParametersIn = Literal["query", "body"]


@dataclass(frozen=True, slots=True)
class RequestTemplate:
    """A request with blanks. `path` begins with `prefix`, and so must the filled one.

    `body` is JSON whose texts are Templates, or `RECORD` where the record goes; None sends the
    record as it is. `add` are members laid over the record. `parameters` tells whether search and
    paging parameters go to the query or to members of the body. `timeout` is in seconds.
    """

    method: str
    path: Template
    prefix: Template
    query: TemplatePairs = ()
    headers: TemplatePairs = ()
    body: Json = None
    add: Mapping[str, Json] = field(default_factory=dict)
    form: TemplatePairs = ()
    parameters: ParametersIn = "query"
    idempotency_header: str | None = None
    timeout: float | None = None


class _Record:
    """The blank in a body that the record fills."""

    def __repr__(self) -> str:
        return "{record}"


RECORD = _Record()


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a request: settings and key members, the record, and further parameters."""

    values: Mapping[str, str]
    record: Json = None
    parameters: Parameters = ()
    idempotency_key: str | None = None


def build(operation: str, template: RequestTemplate, filling: Filling) -> Request:
    """Fill a request's blanks.

    Raises VendorError 404 when a value cannot be a segment of a path: nothing can be there; and
    FhirError 422 when one is missing, like the parent of a new child.
    """
    in_body = template.parameters == "body"
    parameters = () if in_body else tuple((n, str(value)) for n, value in filling.parameters)
    headers = fill_pairs(template.headers, filling.values)
    if template.idempotency_header and filling.idempotency_key:
        headers += ((template.idempotency_header, filling.idempotency_key),)
    return Request(
        operation,
        template.method,
        _path(operation, template, filling.values),
        fill_pairs(template.query, filling.values) + parameters,
        headers,
        _body(template, filling),
        fill_pairs(template.form, filling.values),
        template.timeout,
    )


def follow(request: Request, link: str, base_url: str, prefix: str) -> Request | None:
    """The same request at the address of a next page; None when that leads elsewhere."""
    base = urlsplit(base_url)
    target = urlsplit(urljoin(base_url.rstrip("/") + request.path, link))
    root = base.path.rstrip("/")
    inside = target.path.startswith(f"{root}{prefix}/") and _is_clean(target.path)
    if (target.scheme, target.netloc) != (base.scheme, base.netloc) or not inside:
        return None
    return Request(
        request.operation,
        request.method,
        target.path.removeprefix(root),
        tuple(parse_qsl(target.query, keep_blank_values=True)),
        request.headers,
        request.body,
        timeout=request.timeout,
    )


def fill_pairs(pairs: TemplatePairs, values: Mapping[str, str]) -> Pairs:
    """The pairs whose blanks all have values."""
    filled = ((name, template.fill_if_known(values)) for name, template in pairs)
    return tuple((name, text) for name, text in filled if text is not None)


def fill_prefix(template: RequestTemplate, values: Mapping[str, str]) -> str:
    """The part of the path that every request of the operation has."""
    return template.prefix.fill(values, _quote)


def _path(operation: str, template: RequestTemplate, values: Mapping[str, str]) -> str:
    lacking = [name for name in template.path.names if name not in values]
    if lacking:
        what = f"{operation}: the vendor needs {', '.join(lacking)}"
        raise FhirError(422, Issue("required", what))
    try:
        path = template.path.fill(values, _segment)
    except ValueError as error:
        raise _nowhere(operation) from error
    if not path.startswith(fill_prefix(template, values)) or not _is_clean(path):
        raise _nowhere(operation)
    return path


def _segment(value: str) -> str:
    if value in {"", ".", ".."} or any(char in "/\\" or ord(char) < ord(" ") for char in value):
        raise ValueError
    return _quote(value)


def _quote(value: str) -> str:
    return quote(value, safe="")


def _is_clean(path: str) -> bool:
    return not {".", "..", "%2e", "%2e%2e", ".%2e", "%2e."} & set(path.lower().split("/"))


def _nowhere(operation: str) -> VendorError:
    what = f"{operation}: this key cannot be in an address of the vendor"
    return VendorError(404, Issue("not-found", what), kind="not-found")


def _body(template: RequestTemplate, filling: Filling) -> Json:
    record = copy(filling.record)
    if isinstance(record, dict):
        added = _filled(dict(template.add), filling.values, None)
        record |= {name: value for name, value in added.items() if value is not None}
    body = record if template.body is None else _filled(template.body, filling.values, record)
    if template.parameters == "body" and filling.parameters:
        body = body if isinstance(body, dict) else {}
        for name, value in filling.parameters:
            _set(body, name.split("."), value)
    return body


def _filled(body: Json, values: Mapping[str, str], record: Json) -> Json:
    if body is RECORD:
        return record
    if isinstance(body, Template):
        return body.fill_if_known(values)
    if isinstance(body, dict):
        return {key: _filled(item, values, record) for key, item in body.items()}
    if isinstance(body, list):
        return [_filled(item, values, record) for item in body]
    return body


def _set(body: dict[str, Json], path: list[str], value: str | int) -> None:
    for name in path[:-1]:
        body = body.setdefault(name, {})
    body[path[-1]] = value
