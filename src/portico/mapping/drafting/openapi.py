"""What an OpenAPI 3 document says that a vendor's folder needs: objects, requests, schemas.

https://spec.openapis.org/oas/v3.1.1.html. References are inlined, where they go round they end in
an object of any shape; `allOf` becomes one object, `nullable` a type.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portico import Json
from portico.mapping.drafting.infer import words_of

_BLANK = re.compile(r"\{([^}]+)\}")
_KEPT = frozenset(
    {"type", "format", "enum", "const", "description", "required", "pattern", "minLength",
     "maxLength", "minimum", "maximum", "minItems", "maxItems", "additionalProperties"}
)  # fmt: skip
_METHODS = (("read", "get"), ("update", "patch"), ("update", "put"), ("delete", "delete"))
_LISTS = (("search", "get"), ("create", "post"))
_WRAPPERS = ("data", "result", "item", "items", "results", "records")


@dataclass(frozen=True)
class ApiRequest:
    """`GET /patients/{id}`; `inside` is where an answer holds the record, or the list of them."""

    line: str
    inside: str = ""


@dataclass
class ApiObject:
    """A kind of record: its requests by interaction, its schemas by role, and its key members."""

    name: str
    key: tuple[str, ...] = ("id",)
    requests: dict[str, ApiRequest] = field(default_factory=dict)
    schemas: dict[str, Json] = field(default_factory=dict)
    is_replaced: bool = False

    @property
    def settings(self) -> tuple[str, ...]:
        """The blanks in its paths that are no members of a record."""
        lines = " ".join(request.line for request in self.requests.values())
        return tuple(one for one in dict.fromkeys(_BLANK.findall(lines)) if one not in self.key)


@dataclass(frozen=True)
class ApiSecurity:
    """How callers are known: a scheme's `type`, and what goes with it (`name`, `in`, …)."""

    type: str
    facts: Mapping[str, Json]


@dataclass(frozen=True)
class Api:
    """A whole document."""

    title: str
    servers: tuple[str, ...]
    security: ApiSecurity | None
    objects: Mapping[str, ApiObject]


class OpenApiError(ValueError):
    """The document is not one of OpenAPI 3."""


def read_openapi(document: Json) -> Api:
    """The facts of a document. Raises OpenApiError."""
    version = document.get("openapi") if isinstance(document, dict) else None
    if not str(version).startswith("3."):
        raise OpenApiError("not an OpenAPI 3 document; convert it")
    reader = _Reader(document)
    paths = document.get("paths") or {}
    objects: dict[str, ApiObject] = {}
    for path in paths:
        collection = _collection(path)
        if name := object_name(collection):
            thing = objects.setdefault(name, ApiObject(name))
            reader.fill(thing, path, is_item=collection != path)
    servers = tuple(str(server.get("url", "")) for server in document.get("servers") or ())
    title = str((document.get("info") or {}).get("title", ""))
    return Api(title, servers, _security(document), objects)


def object_name(path: str) -> str:
    """`/v1/patient-profiles` → `patient-profile`; "" where a path ends in no name."""
    last = path.rstrip("/").rpartition("/")[2]
    if not last or _BLANK.search(last):
        return ""
    *words, thing = words_of(last) if re.search("[A-Za-z]", last) else ("",)
    return "-".join((*words, _singular(thing)))


def _singular(word: str) -> str:
    if word.endswith("oses"):
        return f"{word.removesuffix('es')}is"
    if word.endswith("ies"):
        return f"{word.removesuffix('ies')}y"
    return word if word.endswith("ss") else word.removesuffix("s")


def _collection(path: str) -> str:
    """The path of the list that a path belongs to: itself, or without the key at its end."""
    head, _, last = path.rstrip("/").rpartition("/")
    return head if _BLANK.fullmatch(last) else path


def _security(document: Json) -> ApiSecurity | None:
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    named = [name for each in document.get("security") or () for name in each]
    name = next((one for one in (*named, *schemes) if one in schemes), None)
    return ApiSecurity(str(schemes[name].get("type")), schemes[name]) if name else None


@dataclass(frozen=True)
class _Reader:
    document: Json

    def fill(self, thing: ApiObject, path: str, *, is_item: bool) -> None:
        """Add what one path says of an object."""
        item = self._resolved(self.document["paths"][path])
        for interaction, method in _METHODS if is_item else _LISTS:
            operation = item.get(method)
            if operation is None or interaction in thing.requests:
                continue
            schema, inside = self._answer(operation)
            if interaction == "read" and schema:
                thing.schemas["schema"] = schema
            self._body(thing, interaction, method, operation)
            line = f"{method.upper()} {path}"
            thing.requests[interaction] = ApiRequest(line, inside)
        if is_item:
            self._name_key(thing, path)

    def _name_key(self, thing: ApiObject, path: str) -> None:
        """Blanks that are members of the record are called so; the last one always is."""
        members = thing.schemas.get("schema", {}).get("properties", {})
        *outer, last = _BLANK.findall(path)
        names = {last: _member_of(last, members) or "id"}
        for blank in outer:
            before = path.partition(f"/{{{blank}}}")[0]
            owner = object_name(before)
            is_inside = "id" in members.get(owner, {}).get("properties", {})
            names[blank] = _member_of(blank, members) or (f"{owner}.id" if is_inside else blank)
        own = [blank for blank in outer if names[blank] != blank or blank in members]
        thing.key = tuple(names[blank] for blank in (*own, last))
        for interaction, request in thing.requests.items():
            line = _BLANK.sub(lambda found: f"{{{names.get(found[1], found[1])}}}", request.line)
            thing.requests[interaction] = ApiRequest(line, request.inside)

    def _body(self, thing: ApiObject, interaction: str, method: str, operation: Json) -> None:
        body = self._resolved(operation.get("requestBody") or {})
        schema = self._json(body)
        if interaction in ("create", "update") and schema:
            thing.schemas[interaction] = schema
        thing.is_replaced = thing.is_replaced or method == "put"

    def _answer(self, operation: Json) -> tuple[Json, str]:
        """The schema of a good answer's record, and where the record is in it."""
        answers = operation.get("responses") or {}
        good: Json = next((answers[code] for code in sorted(answers) if str(code)[0] == "2"), {})
        schema = self._json(self._resolved(good))
        members = (schema or {}).get("properties", {})
        inside = next((name for name in _WRAPPERS if _holds(members.get(name))), "")
        return (members[inside] if inside else schema), inside

    def _json(self, content: Json) -> Json:
        kinds = content.get("content") or {}
        found: Json = next((kinds[kind] for kind in kinds if "json" in kind), {})
        return self._inlined(found["schema"], ()) if found.get("schema") else None

    def _resolved(self, node: Json) -> Json:
        return self._at(node["$ref"]) if "$ref" in node else node

    def _at(self, reference: str) -> Json:
        node = self.document
        for step in reference.removeprefix("#/").split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            node = node.get(name) if isinstance(node, dict) else None
        if node is None:
            raise OpenApiError(f"it has nothing at {reference}")
        return node

    def _inlined(self, node: Json, above: tuple[str, ...]) -> Json:
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if reference in above:
            return {"type": "object"}
        if reference:
            return self._inlined(self._at(reference), (*above, reference))
        made = {name: value for name, value in node.items() if name in _KEPT}
        for part in node.get("allOf") or ():
            made = _merged(made, self._inlined(part, above))
        own = {
            name: self._inlined(one, above) for name, one in (node.get("properties") or {}).items()
        }
        if own:
            made = _merged(made, {"type": "object", "properties": own})
        if "items" in node:
            made["items"] = self._inlined(node["items"], above)
        for choice in {"anyOf", "oneOf"} & node.keys():
            made[choice] = [self._inlined(one, above) for one in node[choice]]
        return _nullable(made) if node.get("nullable") is True else made


def _member_of(blank: str, members: Json) -> str | None:
    """The member that a blank is called after: `patientId` for `patientId` or `patient_id`."""
    return next((one for one in (blank, "_".join(words_of(blank))) if one in members), None)


def _holds(schema: Json) -> bool:
    """Whether a member holds a record or a list of them."""
    return isinstance(schema, dict) and bool(
        schema.get("properties") or (schema.get("items") or {}).get("properties")
    )


def _merged(one: Json, other: Json) -> Json:
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        both["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        both["required"] = list(dict.fromkeys((*one["required"], *other["required"])))
    return both


def _nullable(schema: Json) -> Json:
    kind = schema.get("type")
    made = {**schema, "type": [kind, "null"]} if isinstance(kind, str) else schema
    return {**made, "enum": [*made["enum"], None]} if "enum" in made else made


def relevant(api: Api, known: Mapping[str, object], words: Mapping[str, object]) -> Iterator[str]:
    """The objects to draft: those with samples; without any, those that FHIR has words for."""
    for name, thing in api.objects.items():
        is_known = any(word in words for word in words_of(name))
        if name in known or (not known and is_known and "schema" in thing.schemas):
            yield name
