"""Quill, a made-up vendor: everything is a POST that answers 200, and failures are in the body."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from tests.acceptance.fifth.serving import Call, Mood, behaving

API_KEY = "k/1&2"
MOST = 60


class Fault(Exception):  # noqa: N818  the vendor's own word
    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.body = {"ok": False, "fault": {"reason": reason, "field": field, "text": "Byron"}}


@dataclass
class Quill:
    """The vendor's state, its call log, and what the test makes it do."""

    patients: dict[str, dict[str, Any]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    mood: Mood = field(default_factory=Mood)

    def add(self, patient: dict[str, Any]) -> str:
        ref = f"pat:2024/{len(self.patients) + len(self.removed) + 17:06}"
        self.patients[ref] = {"ref": ref, **patient}
        return ref

    def app(self) -> FastAPI:
        app = FastAPI()
        behaving(app, self.calls, self.mood)
        app.post("/rpc/{name}")(self.answer)
        return app

    async def answer(self, name: str, request: Request) -> Response:
        asked = {
            "patient.get": self._get,
            "patient.find": self._find,
            "patient.save": self._save,
            "patient.remove": self._remove,
        }
        try:
            if request.query_params.getlist("key") != [API_KEY]:
                raise Fault("BAD_KEY")  # noqa: TRY301  one way out
            result = asked[name](await request.json())
        except Fault as fault:
            return JSONResponse(fault.body)
        return JSONResponse({"ok": True, "result": result})

    def _known(self, ref: str) -> dict[str, Any]:
        if ref in self.removed:
            raise Fault("REMOVED")
        if ref not in self.patients:
            raise Fault("NOT_FOUND")
        return self.patients[ref]

    def _get(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"patient": self._known(body["ref"])}

    def _find(self, body: dict[str, Any]) -> dict[str, Any]:
        if type(body["offset"]) is not int or type(body["limit"]) is not int:
            raise Fault("BAD_PAGE", "offset")
        wanted = body.get("filter", {})
        found = [patient for patient in self.patients.values() if _is_meant(patient, wanted)]
        end = body["offset"] + min(body["limit"], MOST)
        rows = [{"patient": patient} for patient in found[body["offset"] : end]]
        return {"rows": rows, "count": len(found)}

    def _save(self, body: dict[str, Any]) -> dict[str, Any]:
        patient = body["patient"]
        if "born" in patient and not _is_day(patient["born"]):
            raise Fault("BAD_VALUE", "born")
        if patient.get("who", {}).get("surname") == "Refused":
            raise Fault("BAD_VALUE", "who.surname")
        if patient.get("who", {}).get("surname") == "Surprise":
            raise Fault("ODD")
        ref = body.get("ref")
        if ref is None:
            return {"ref": self.add(patient)}
        self._known(ref).update(patient)
        return {"ref": ref}

    def _remove(self, body: dict[str, Any]) -> None:
        self._known(body["ref"])
        del self.patients[body["ref"]]
        self.removed.add(body["ref"])


def _is_day(text: str) -> bool:
    return len(text) == len("YYYYMMDD") and text.isdecimal()


def _is_meant(patient: dict[str, Any], wanted: dict[str, Any]) -> bool:
    born, days = patient.get("born") or "", wanted.get("born", {})
    if not all(_is_day(day) for day in days.values()):
        raise Fault("BAD_VALUE", "filter.born")
    text = f"{patient['who']['surname']} {patient['who']['forenames']}".lower()
    return (
        wanted.get("text", "").lower() in text
        and wanted.get("no", patient.get("no")) == patient.get("no")
        and days.get("from", "") <= born <= days.get("to", "99999999")
    )
