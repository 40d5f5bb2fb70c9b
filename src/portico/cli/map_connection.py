"""The draft of a connection file: from an OpenAPI document where there is one, else guesses."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from portico.document import dump
from portico.mapping.drafting.openapi import Api, ApiObject, ApiRequest, ApiSecurity

_HEAD = """\
# A draft: what stands here is read, what is behind a '#' is a guess. docs/connection-file.md shows
# every word by example.
portico: 1
"""
_GUESSED = """\
  {name}:
    module: {name}.yaml
    key: id                              # the member that addresses a record
    # read:   GET /{name}s/{{id}}
    # search: GET /{name}s
    # create: POST /{name}s
    # update: PATCH /{name}s/{{id}}
"""
_BEARER = 'credential: {kind: bearer, token: "{token}"}'


def connection_file(vendor: str, names: Sequence[str], api: Api | None) -> str:
    """The text of `vendor.yaml` for objects by name."""
    title = dump(api.title or vendor).decode() if api else vendor
    return "".join(
        (
            _HEAD,
            f"vendor: {vendor}\ntitle: {title}\n\n",
            *_access(names, api),
            "\nobjects:\n",
            *(_object(name, api.objects.get(name) if api else None) for name in names),
            *_others(names, api),
        )
    )


def _access(names: Sequence[str], api: Api | None) -> Iterator[str]:
    """Settings, addresses and the credential."""
    settings, credential = _credential(api.security if api else None)
    found = [api.objects[name] for name in names if name in api.objects] if api else []
    settings |= {name: "required" for thing in found for name in thing.settings}
    written = "".join(f"  {name}: {kind}\n" for name, kind in settings.items())
    yield f"settings:\n{written}" if written else "settings: {}\n"
    addresses = [url for url in (api.servers if api else ()) if urlsplit(url).scheme]
    if len(addresses) == 1:
        yield f"\nbase: {dump(addresses[0]).decode()}\n"
    elif addresses:
        yield "\nenvironments:\n"
        yield from (f"  server-{at}: {dump(url).decode()}\n" for at, url in enumerate(addresses, 1))
    yield f"\n{credential}\n"


def _credential(security: ApiSecurity | None) -> tuple[dict[str, str], str]:
    """The settings that a credential needs, and its line."""
    if security is None:
        return {"token": "secret"}, f"{_BEARER}   # a guess: how does the vendor know its callers?"
    facts = security.facts
    if security.type == "apiKey" and facts.get("in") in ("header", "query"):
        name = dump(facts.get("name")).decode()
        kind = facts["in"]
        return {
            "api_key": "secret"
        }, f'credential: {{kind: {kind}, name: {name}, value: "{{api_key}}"}}'
    if security.type == "http" and str(facts.get("scheme")).lower() == "basic":
        line = 'credential: {kind: basic, user: "{user}", password: "{password}"}'
        return {"user": "required", "password": "secret"}, line
    url = ((facts.get("flows") or {}).get("clientCredentials") or {}).get("tokenUrl")
    if url and urlsplit(url).scheme:
        return {"client": "required", "client_secret": "secret"}, _exchange(url)
    return {"token": "secret"}, _BEARER


def _exchange(url: str) -> str:
    """A token by client credentials (RFC 6749, section 4.4)."""
    parts = urlsplit(url)
    return (
        "credential:\n"
        "  kind: exchange\n"
        f"  request: POST {parts.path or '/'}\n"
        f"  base: {parts.scheme}://{parts.netloc}\n"
        '  form: {grant_type: client_credentials, client_id: "{client}", client_secret: '
        '"{client_secret}"}\n'
        "  token: access_token\n"
        "  expires_in: expires_in\n"
        '  send: {header: Authorization, value: "Bearer {token}"}'
    )


def _object(name: str, thing: ApiObject | None) -> str:
    if thing is None:
        return _GUESSED.format(name=name)
    key = f"[{', '.join(thing.key)}]" if len(thing.key) > 1 else thing.key[0]
    lines = [f"  {name}:", f"    module: {name}.yaml", f"    key: {key}"]
    if "schema" in thing.schemas:
        lines.append(f"    schema: {name}.schema.json")
    lines += [f"    {kind}: {_request(kind, one)}" for kind, one in thing.requests.items()]
    return "\n".join(lines) + "\n"


def _request(kind: str, request: ApiRequest) -> str:
    line = dump(request.line).decode()
    if kind == "search":
        items = f", items: {request.inside}" if request.inside else ""
        return f"{{request: {line}, paging: {{kind: none{items}}}}}   # how are pages asked for?"
    if kind == "delete":
        return f"{{request: {line}, answer: none}}"
    if kind != "read" and request.inside:
        return f"{{request: {line}, unwrap: {request.inside}}}"
    return f"{{request: {line}, unwrap: {request.inside}}}" if request.inside else line


def _others(names: Sequence[str], api: Api | None) -> Iterator[str]:
    """What else the contract has, so that nobody forgets it is there."""
    for name, thing in api.objects.items() if api else ():
        if name not in names and thing.requests:
            first = next(iter(thing.requests.values()))
            yield f"  # {name}: {first.line}\n"
