"""Larkspur, a made-up vendor: OAuth 2 token, JSON:API nesting, PUT under If-Match, Link headers."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from tests.acceptance.fifth.serving import Call, Mood, behaving

MEDIA_TYPE = "application/vnd.api+json"
TOO_LONG = 40


@dataclass
class Stored:
    """One person or problem, and the revision that changes with every write."""

    attributes: dict[str, Any]
    number: int
    revision: int = 1

    @property
    def rev(self) -> str:
        return f"r{self.number}x{self.revision}"


@dataclass
class Larkspur:
    """The vendor's state, its call log, and what the test makes it do.

    `intrudes` lets somebody else change a person just before the next write arrives.
    """

    people: dict[int, Stored] = field(default_factory=dict)
    problems: dict[tuple[int, int], Stored] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    mood: Mood = field(default_factory=Mood)
    tokens: set[str] = field(default_factory=set)
    tokens_given: int = 0
    intrudes: bool = False

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def add_person(self, attributes: dict[str, Any]) -> int:
        number = max(self.people, default=16) + 1
        self.people[number] = Stored(attributes, number)
        return number

    def app(self) -> FastAPI:
        app = FastAPI()
        app.middleware("http")(self._guard)
        behaving(app, self.calls, self.mood)
        root = "/v3/tenants/north/people"
        app.post("/login/oauth2/token")(self.give_token)
        app.get(root)(self.list_people)
        app.post(root)(self.create_person)
        app.get(f"{root}/{{person}}")(self.read_person)
        app.put(f"{root}/{{person}}")(self.replace_person)
        app.delete(f"{root}/{{person}}")(self.delete_person)
        app.api_route(f"{root}/{{person}}/problems", methods=["GET", "POST"])(self.all_problems)
        app.get(f"{root}/{{person}}/problems/{{number}}")(self.read_problem)
        return app

    async def _guard(self, request: Request, call_next: Any) -> Response:  # noqa: ANN401  Starlette's
        if request.url.path.startswith("/login/"):
            return await _next(call_next, request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return refused(401, "TOKEN")
        if request.headers.get("accept") != MEDIA_TYPE:
            return refused(406, "MEDIA_TYPE")
        if request.method in {"POST", "PUT"} and request.headers["content-type"] != MEDIA_TYPE:
            return refused(415, "MEDIA_TYPE")
        return await _next(call_next, request)

    async def give_token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        wanted = {"grant_type": "client_credentials", "client_id": "c1", "client_secret": "s3cret"}
        if form != wanted:
            return JSONResponse({"error": "invalid_client"}, 400)
        self.tokens_given += 1
        token = f"token-{self.tokens_given}"
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 600})

    async def list_people(self, request: Request) -> Response:
        asked = dict(request.query_params)
        found = [number for number, one in self.people.items() if _is_meant(one.attributes, asked)]
        size = min(int(asked.get("page[size]", 25)), 40)
        rest = [number for number in sorted(found) if number > int(asked.get("page[after]", 0))]
        page = [_resource("person", number, self.people[number]) for number in rest[:size]]
        answer = JSONResponse({"data": page, "meta": {"count": len(found)}}, media_type=MEDIA_TYPE)
        address = str(request.url).partition("?")[0]
        answer.headers.append("link", f'<{address}>; rel="first"')
        if len(rest) > size:
            query = urlencode({**asked, "page[after]": rest[size - 1]})
            answer.headers.append("link", f'<{address}?{query}>; title="on, and on"; rel=next')
        return answer

    async def create_person(self, request: Request) -> Response:
        data = (await request.json())["data"]
        if refusal := _refusal(data, "person"):
            return refusal
        number = self.add_person(data["attributes"])
        return _document("person", number, self.people[number], 201)

    async def read_person(self, person: str) -> Response:
        number = int(person) if person.isdecimal() else 0
        if number not in self.people:
            return refused(404, "NO_SUCH_PERSON")
        return _document("person", number, self.people[number])

    async def replace_person(self, request: Request, person: int) -> Response:
        data = (await request.json())["data"]
        if refusal := self._locked(request, person) or _refusal(data, "person"):
            return refusal
        revision = self.people[person].revision + 1
        self.people[person] = Stored(data["attributes"], person, revision)
        return _document("person", person, self.people[person])

    async def delete_person(self, request: Request, person: int) -> Response:
        if refusal := self._locked(request, person):
            return refusal
        del self.people[person]
        return Response(status_code=204)

    def _locked(self, request: Request, person: int) -> Response | None:
        """Why a person cannot be written under the request's If-Match."""
        stored = self.people.get(person)
        if stored is None:
            return refused(404, "NO_SUCH_PERSON")
        if self.intrudes:
            self.intrudes, stored.revision = False, stored.revision + 1
        if "if-match" not in request.headers:
            return refused(428, "IF_MATCH")
        is_current = request.headers["if-match"].strip('"') == stored.rev
        return None if is_current else refused(409, "STALE", "/data")

    async def all_problems(self, request: Request, person: int) -> Response:
        if request.method == "POST":
            data = (await request.json())["data"]
            if refusal := _refusal(data, "problem"):
                return refusal
            number = len(self.problems) + 1
            self.problems[person, number] = Stored(data["attributes"], number)
            return _document("problem", number, self.problems[person, number], 201)
        listed = [
            _resource("problem", number, stored)
            for (whose, number), stored in self.problems.items()
            if whose == person
        ]
        return JSONResponse({"data": listed}, media_type=MEDIA_TYPE)

    async def read_problem(self, person: int, number: int) -> Response:
        stored = self.problems.get((person, number))
        if stored is None:
            return refused(404, "NO_SUCH_PROBLEM")
        return _document("problem", number, stored)


def refused(status: int, code: str, pointer: str = "") -> Response:
    error: dict[str, Any] = {"status": str(status), "code": code, "detail": "Byron is refused"}
    if pointer:
        error["source"] = {"pointer": pointer}
    return JSONResponse({"errors": [error]}, status, media_type=MEDIA_TYPE)


def _refusal(data: dict[str, Any], kind: str) -> Response | None:
    if set(data) != {"type", "attributes"} or data["type"] != kind:
        return refused(422, "MEMBERS", "/data")
    if len(data["attributes"].get("name", {}).get("last", "")) > TOO_LONG:
        return refused(422, "TOO_LONG", "/data/attributes/name/last")
    return None


def _is_meant(person: dict[str, Any], asked: dict[str, str]) -> bool:
    born = person.get("birth") or ""
    return (
        person["name"]["last"].lower().startswith(asked.get("filter[last]", "").lower())
        and born >= asked.get("filter[born_from]", "")
        and born <= asked.get("filter[born_to]", "9999")
    )


def _resource(kind: str, number: int, stored: Stored) -> dict[str, Any]:
    return {"type": kind, "id": number, "attributes": stored.attributes}


def _document(kind: str, number: int, stored: Stored, status: int = 200) -> Response:
    body = {"data": _resource(kind, number, stored), "meta": {"rev": stored.rev}}
    return JSONResponse(body, status, {"etag": f'"{stored.rev}"'}, media_type=MEDIA_TYPE)


async def _next(call_next: Any, request: Request) -> Response:  # noqa: ANN401  Starlette's
    answer: Response = await call_next(request)
    return answer
