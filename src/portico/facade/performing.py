"""The vendor requests of one write, in order, and the truth about what took effect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from portico import Json, Record
from portico.errors import Issue, VendorError
from portico.facade.connection import Face
from portico.facade.service import Key, Service
from portico.mapping.running.change import Step
from portico.vendor import exchange
from portico.vendor.message import Exchange

Expressions: TypeAlias = Callable[[str], tuple[str, ...]]
_UNCLEAR = frozenset({"failure", "garbage", "timeout"})


@dataclass
class Performance:
    """A write under way. `record` is what the vendor answered last, `warnings` how many it gave."""

    service: Service
    face: Face
    key: dict[str, str]
    record: Record | None = None
    idempotency_key: str | None = None
    warnings: int = 0

    async def perform(self, steps: tuple[Step, ...]) -> None:
        """Send every step. A VendorError says which ones took effect before it."""
        for at, step in enumerate(steps):
            try:
                await self._send(step, is_last=at + 1 == len(steps))
            except VendorError as error:
                raise self._told(error, steps, at) from error

    async def _send(self, step: Step, *, is_last: bool) -> None:
        body = self._locked(step.body)
        answer = await self.service.run(self._exchange(step.operation, body))
        if answer is not None:
            self.key |= exchange.key_of(self.face.thing, answer)
            self.warnings += self.face.thing.warnings_in(answer)
        elif self.face.module.lock and not is_last:
            answer = await self.service.read_record(self.face, self.key)
        self.record = answer

    def _exchange(self, operation: str, body: Json) -> Exchange[Record | None]:
        vendor, name = self.service.connection.vendor, self.face.thing.name
        values = self._values()
        if operation == "create":
            return exchange.create(vendor, name, values, body, self.idempotency_key)
        if operation == "update":
            return exchange.update(vendor, name, values, body, self.idempotency_key)
        return exchange.act(vendor, name, operation, values, body)

    async def delete(self) -> None:
        """Delete what was written, in the version that the vendor told last."""
        vendor, name = self.service.connection.vendor, self.face.thing.name
        await self.service.run(exchange.delete(vendor, name, self._values()))

    def _values(self) -> Mapping[str, str]:
        versions = exchange.version_values(self.face.thing, self.record) if self.record else {}
        return {**self.service.values(self.key), **versions}

    def _locked(self, body: Mapping[str, Json]) -> dict[str, Json]:
        """The body with the version that the vendor told last."""
        lock = self.face.module.lock
        if lock is None or lock.sent_as not in body or self.record is None:
            return dict(body)
        return {**body, lock.sent_as: self.record.get(lock.member)}

    def _told(self, error: VendorError, steps: tuple[Step, ...], at: int) -> VendorError:
        named = explained(error, self.face.module.expressions)
        if at == 0:
            return told_uncertain(named)
        done = _names(steps[:at])
        missing = _names(steps[at:])
        what = f"the write is incomplete: {done} took effect at the vendor, {missing} did not"
        return with_issue(named, Issue("incomplete", what))


async def taken_back(performance: Performance, error: VendorError) -> VendorError:
    """The error of a create that stopped half-way, after what it made was deleted again.

    A drug that should be there as stopped must not stay as one that is taken.
    """
    face = performance.face
    try:
        await performance.delete()
    except VendorError as failure:
        left = as_created(error, face, performance.key)
        what = "it could not be deleted again, and is not as it was sent: look after it"
        return with_issue(left, Issue(failure.issues[0].code, what))
    what = "what was created was deleted again, so that nothing stays that is not as it was sent"
    return with_issue(error, Issue("incomplete", what, severity="warning"))


def explained(error: VendorError, expressions: Expressions) -> VendorError:
    """The error with the vendor's members said as the FHIRPaths that they feed."""
    found = (path for member in error.members for path in expressions(member))
    paths = tuple(dict.fromkeys(found))
    issues = (
        Issue(one.code, one.diagnostics, one.severity, one.expression or paths)
        for one in error.issues
    )
    return VendorError(
        error.status, *issues, kind=error.kind, members=error.members, headers=error.headers
    )


def told_uncertain(error: VendorError) -> VendorError:
    """The error of a write; without a clear answer nobody knows whether it took effect."""
    if error.kind not in _UNCLEAR:
        return error
    what = "whether the write took effect at the vendor is not known; read before repeating it"
    return with_issue(error, Issue("incomplete", what, severity="warning"))


def with_issue(error: VendorError, issue: Issue) -> VendorError:
    return VendorError(
        error.status,
        *error.issues,
        issue,
        kind=error.kind,
        members=error.members,
        headers=error.headers,
    )


def as_created(error: VendorError, face: Face, key: Key) -> VendorError:
    """The error of a create whose first step took effect, with the place of what exists now."""
    identity = face.module.identity
    logical_id = identity.logical_id(nested(key)) if identity else None
    if logical_id is None:
        return error
    what = f"it exists as {face.resource_type}/{logical_id}"
    return with_issue(error, Issue("incomplete", what))


def nested(key: Key) -> dict[str, Json]:
    """Key members with dots in their names as the record that holds them."""
    record: dict[str, Json] = {}
    for member, value in key.items():
        *way, last = member.split(".")
        inner = record
        for name in way:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return record


def _names(steps: Iterable[Step]) -> str:
    return ", ".join(step.operation for step in steps)
