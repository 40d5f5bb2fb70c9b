"""From changed members to the vendor's requests: write shapes, clearing, actions, locks, order."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portico import Json
from portico.document import copy
from portico.errors import FhirError, Issue
from portico.mapping.language.rule import Action, Member, WriteShape
from portico.mapping.language.schema import Schema
from portico.mapping.running.change import Step

Expressions = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Writer:
    """How one object is written. A missing schema takes every member.

    `keys` are the members of the vendor's key: a create may leave them to whoever makes keys.
    """

    shape: WriteShape
    create: Schema | None
    update: Schema | None
    expressions: Expressions
    keys: tuple[str, ...] = ()

    def creation(self, record: Json) -> tuple[Step, ...]:
        """The requests that make a record, in order: create, what only an update takes, actions."""
        sent = self._renamed(record)
        body = {name: value for name, value in sent.items() if self._creates(name)}
        late = {
            name: value
            for name, value in sent.items()
            if name not in body and self._updates(name) and not self._starts(name, value)
        }
        self._check(self.create, body)
        steps = [Step("create", copy(body))]
        if late:
            steps.append(Step("update", copy(late) | self._lock({})))
        for member, action in self.shape.actions.items():
            if member not in body and record.get(member) is not None:
                steps.append(Step(action.name, {action.sent_as: record[member], **self._lock({})}))
        return tuple(steps)

    def changes(self, base: Json, record: Json, touched: set[Member]) -> tuple[Step, ...]:
        """The requests that turn `base` into `record`, in order: update, then actions."""
        body = dict(self._changed(record, touched))
        steps = []
        if body and self.shape.replaces:
            sent = self._renamed(record)
            body = {name: value for name, value in sent.items() if self._creates(name)}
        if body:
            full = copy(body) | self._lock(base)
            self._check(self.create if self.shape.replaces else self.update, full)
            steps.append(Step("update", full))
        for member, action in self.shape.actions.items():
            if any(str(one) == member for one in touched):
                steps.extend(self._transitions(action, member, base, record))
        return tuple(steps)

    def _changed(self, record: Json, touched: set[Member]) -> Iterator[tuple[str, Json]]:
        for member in sorted(touched, key=str):
            path = str(member)
            if path in self.shape.actions or self._in_url(member):
                continue
            name = self._rename_of(member)
            if name:
                yield name, self._cleared(name, path, _value(record, path))
            elif not self._has_rename(member.steps[0]):
                top = member.steps[0]
                yield top, self._cleared(top, path, record.get(top))

    def _cleared(self, name: str, path: str, value: Json) -> Json:
        """The value, or the vendor's own way of saying that there is none."""
        if value is not None or self.shape.replaces:
            return value
        empty = "" if self.shape.clear == "empty" else None
        if self.update and not self.update.accepts(name, empty):
            raise self._refused("R402", path, "the vendor has no way to clear it")
        return empty

    def _renamed(self, record: Json) -> dict[str, Json]:
        sent: dict[str, Json] = {}
        for name, value in record.items():
            if value is None or name in self._url_tops:
                continue
            if self._has_rename(name):
                continue
            sent[name] = value
        for path, renamed in self.shape.renames.items():
            value = _value(record, path)
            if value is not None:
                sent[renamed] = value
        return sent

    def _transitions(self, action: Action, member: str, base: Json, record: Json) -> Iterator[Step]:
        """One request per hop on the shortest allowed way from the old state to the new one."""
        states = _way(action.allowed, base.get(member), record.get(member))
        if states is None:
            allowed = ", ".join(action.allowed.get(str(base.get(member)), ())) or "nothing"
            raise self._refused(
                "R420",
                member,
                f"the vendor does not allow this change of state; allowed: {allowed}",
            )
        for state in states:
            yield Step(action.name, {action.sent_as: state, **self._lock(base)})

    def _lock(self, base: Json) -> dict[str, Any]:
        lock = self.shape.lock
        return {lock.sent_as: base.get(lock.member)} if lock else {}

    def _creates(self, name: str) -> bool:
        return self.create is None or name in self.create.members

    def _updates(self, name: str) -> bool:
        return self.update is not None and name in self.update.members

    def _starts(self, name: str, value: Json) -> bool:
        """Whether a new record has this value unsaid."""
        return name in self.shape.starts and self.shape.starts[name] == value

    def _rename_of(self, member: Member) -> str | None:
        return self.shape.renames.get(str(member))

    def _has_rename(self, top: str) -> bool:
        return top in self._renamed_tops

    @cached_property
    def _renamed_tops(self) -> frozenset[str]:
        return frozenset(path.split(".")[0] for path in self.shape.renames)

    def _in_url(self, member: Member) -> bool:
        return str(member) in self.shape.url

    @cached_property
    def _url_tops(self) -> frozenset[str]:
        return frozenset(path.split(".")[0] for path in self.shape.url)

    def _check(self, schema: Schema | None, body: Json) -> None:
        found = [
            (member, what)
            for member, what in (schema.violations(body) if schema else ())
            if not (member in self.keys and member not in body)
        ]
        if found:
            issues = (self._issue("R430", self._read_name(member), what) for member, what in found)
            raise FhirError(422, *issues)

    def _read_name(self, sent: str) -> str:
        names = {renamed: path for path, renamed in self.shape.renames.items()}
        return names.get(sent, sent)

    def _refused(self, code: str, member: str, what: str) -> FhirError:
        return FhirError(422, self._issue(code, member, what))

    def _issue(self, code: str, member: str, what: str) -> Issue:
        paths = self.expressions(member)
        where = f" ({', '.join(paths)})" if paths else ""
        kind = "required" if "required" in what else "business-rule"
        return Issue(kind, f"{code} '{member}'{where} {what}", expression=paths)


def _value(record: Json, path: str) -> Json:
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return record


def _way(allowed: Mapping[str, tuple[str, ...]], start: Json, end: Json) -> list[str] | None:
    ways: deque[list[str]] = deque([[]])
    seen = {start}
    while ways:
        way = ways.popleft()
        here = way[-1] if way else str(start)
        for state in allowed.get(here, ()):
            if state == end:
                return [*way, state]
            if state not in seen:
                seen.add(state)
                ways.append([*way, state])
    return None
