"""The façade of one connection: from a FHIR request to its answer.

https://hl7.org/fhir/R4/http.html
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from portico.errors import FhirError, Issue, PorticoError
from portico.facade.capabilities import all_interactions, capabilities, interactions
from portico.facade.catalogues import Catalogues
from portico.facade.connection import BundleFace, Connection, Face, Faces
from portico.facade.create import create
from portico.facade.delete import delete
from portico.facade.interaction import Interaction, interaction, methods
from portico.facade.message import FhirRequest, FhirResponse
from portico.facade.ports import Ports
from portico.facade.read import read, shown, shown_version, vread
from portico.facade.search import search
from portico.facade.service import Service, nobody
from portico.facade.snapshot_read import SnapshotReader
from portico.facade.transaction import Transactions
from portico.facade.update import update
from portico.fhir.definitions import is_resource
from portico.fhir.media_type import negotiate
from portico.fhir.outcome import operation_outcome

Handler: TypeAlias = Callable[[FhirRequest, Interaction], Awaitable[FhirResponse]]

_OURS = frozenset(
    {"capabilities", "read", "vread", "search-type", "create", "update", "delete", "transaction"}
)


class Facade:
    """FHIR over one vendor instance. It holds no state but catalogues and locks."""

    def __init__(self, connection: Connection, ports: Ports) -> None:
        catalogues = Catalogues(connection, ports.vendor, ports.clock)
        self._connection = connection
        self._service = Service(connection, ports, catalogues)
        self._system: dict[str, Handler] = {"capabilities": self._capabilities}
        self._types: dict[str, Mapping[str, Handler]] = {
            type_name: self._single(faces) for type_name, faces in connection.faces.items()
        }
        if connection.bundle_face:
            self._add_bundle(connection.bundle_face)

    async def handle(self, request: FhirRequest) -> FhirResponse:
        """Answer a request; what the client or the vendor did wrong is an OperationOutcome."""
        try:
            formats = [value for name, value in request.query if name == "_format"]
            negotiate(request.headers.get("accept"), formats[-1] if formats else None)
            return await self._routed(request)
        except PorticoError as error:
            return FhirResponse(error.status, error.headers, operation_outcome(error.issues))

    async def _routed(self, request: FhirRequest) -> FhirResponse:
        asked = interaction(request.method, request.path)
        self._check_type(request.path)
        handler = self._handler(asked) if asked else None
        if asked is None or handler is None:
            raise self._refused(request, asked)
        return await handler(request, asked)

    def _handler(self, asked: Interaction) -> Handler | None:
        table = self._types.get(asked.resource_type, {}) if asked.resource_type else self._system
        return table.get(asked.code)

    def _check_type(self, path: tuple[str, ...]) -> None:
        """R4: 404 for a "resource type not supported"."""
        name = path[0] if path else ""
        if name in self._types or name in ("", "metadata", "_history") or name.startswith("$"):
            return
        known = ", ".join(self._types)
        what = "the vendor holds no such resources" if is_resource(name) else "no resource type"
        raise FhirError(404, Issue("not-supported", f"{what}; there are: {known}"))

    def _refused(self, request: FhirRequest, asked: Interaction | None) -> FhirError:
        """501 for what Portico does not do, 405 for what this vendor does not do, else 404."""
        allowed = [name for name, found in methods(request.path) if self._handler(found)]
        if asked is not None and asked.code not in _OURS:
            return FhirError(501, Issue("not-supported", f"{asked.code} is not supported"))
        if asked is None and not allowed:
            return FhirError(404, Issue("not-found", "there is nothing at this path"))
        what = f"the vendor behind this does not offer {asked.code if asked else 'this'} here"
        issue = Issue("not-supported", f"{what}; allowed: {', '.join(allowed) or 'nothing'}")
        return FhirError(405, issue, headers=(("Allow", ", ".join(allowed)),))

    async def _capabilities(self, request: FhirRequest, _: Interaction) -> FhirResponse:
        return FhirResponse(200, (), capabilities(self._connection, request.base))

    def _single(self, faces: Faces) -> Mapping[str, Handler]:
        """The interactions with a type behind which single objects are."""
        service = self._service

        def at(asked: Interaction) -> Face:
            return _addressed(faces, asked)

        every: dict[str, Handler] = {
            "read": lambda request, it: read(service, at(it), request, it.logical_id),
            "vread": lambda _, it: vread(service, at(it), it.logical_id, it.version_id),
            "search-type": lambda request, _: search(service, faces, request),
            "create": lambda request, _: create(service, faces, request),
            "update": lambda request, it: update(service, at(it), request, it.logical_id),
            "delete": lambda request, it: delete(service, at(it), request, it.logical_id),
        }
        return {code: every[code] for code in all_interactions(faces)}

    def _add_bundle(self, face: BundleFace) -> None:
        """The interactions with types that are written together."""
        transactions = Transactions(self._service, face)
        self._system["transaction"] = lambda request, _: transactions.handle(request)
        for type_name in face.module.resource_types:
            reader = SnapshotReader(self._service, face, type_name)
            self._types.setdefault(type_name, _snapshot_handlers(reader))


def _addressed(faces: Faces, asked: Interaction) -> Face:
    """The face that an id belongs to. FhirError 404, or 405 where the vendor lacks this for it."""
    face = faces.at(asked.logical_id)
    if face is None:
        raise nobody(faces.resource_type)
    if asked.code not in interactions(face):
        what = f"the vendor behind this does not offer {asked.code} for this {faces.resource_type}"
        raise FhirError(405, Issue("not-supported", what))
    return face


def _snapshot_handlers(reader: SnapshotReader) -> Mapping[str, Handler]:
    async def read_one(request: FhirRequest, at: Interaction) -> FhirResponse:
        return shown(request, await reader.current(at.logical_id))

    async def vread_one(_: FhirRequest, at: Interaction) -> FhirResponse:
        return shown_version(await reader.current(at.logical_id), at.version_id)

    return {
        "read": read_one,
        "vread": vread_one,
        "search-type": lambda request, _: reader.search(request),
    }
