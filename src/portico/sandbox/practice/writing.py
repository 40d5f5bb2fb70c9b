"""What every write of the practice system goes through: versions, replays, references."""

from collections.abc import Mapping

from fastapi import Request

from portico import Json, Record
from portico.sandbox.contract import Desk, Refusal
from portico.sandbox.schemas import Fault


def refuse_stale(record: Record, base_version: int) -> None:
    version = record["version"]
    if base_version != version:
        raise Refusal(409, f"Version conflict: expected {version}, got {base_version}")


def refuse_replay(desk: Desk, request: Request) -> None:
    """Refuse an `Idempotency-Key` that was used before at this path; else remember it."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return
    used = f"{request.method} {request.url.path} {key}"
    if desk.records.get("idempotency-key", used) is not None:
        raise Refusal(409, "Idempotency conflict: duplicate Idempotency-Key")
    desk.records.put("idempotency-key", used, Record({"key": used}))


def refuse_nulls(sent: Mapping[str, Json], members: frozenset[str]) -> None:
    """Refuse to clear what an answer of the vendor must hold."""
    cleared = [name for name in sent if name in members and sent[name] is None]
    if cleared:
        faults = tuple(Fault((name,), "Field cannot be null", "null_forbidden") for name in cleared)
        raise Refusal(422, "Invalid request body", faults=faults)


def created(desk: Desk, members: Mapping[str, Json]) -> Record:
    """Make a new record of what was sent, with all that the server sets."""
    now = desk.mint.now()
    server = {"id": desk.mint.uuid(), "created_at": now, "updated_at": now, "deleted_at": None}
    return Record({**server, **members, "version": 1})


def changed(desk: Desk, record: Record, members: Mapping[str, Json]) -> Record:
    """Make the next version of a record."""
    server = {"updated_at": desk.mint.now(), "version": record["version"] + 1}
    return Record({**record, **members, **server})


def shown(desk: Desk, schema: str, record: Record) -> dict[str, Json]:
    """Show a record with every member of its schema, null where there is no value."""
    return {name: record.get(name) for name in desk.schemas.members(schema)}
