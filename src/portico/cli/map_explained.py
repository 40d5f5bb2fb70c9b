"""Explanations as text and as JSON."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from portico import Json
from portico.cli.conversion import loss_entry, loss_line
from portico.cli.map_table import columns
from portico.document import dump
from portico.errors import Place
from portico.mapping.telling.explain import Absent, Explained, Explanation, at_pointer
from portico.mapping.telling.explain_write import Sent, WriteExplanation

_ENTRY = re.compile(r"Bundle\.entry\[(\d+)\]\.resource")


@dataclass(frozen=True)
class ReadPage:
    """From a record to FHIR. `only` is a FHIRPath, with or without indexes; "" shows all."""

    explanation: Explanation
    record: Json
    resource: Json
    only: str

    def lines(self, *, values: bool) -> Iterator[str]:
        head = ("vendor", "", "FHIR", "converters", "rule", "code row", "values")
        yield from columns(head, [self._row(one, values=values) for one in self._elements()])
        if not self.only:
            rows = [(each.pointer, each.reason) for each in self.explanation.unmapped]
            yield from _section("What did not reach FHIR", ("vendor", "why"), rows)
        absences = [(one.expression, one.reason, one.profile) for one in self._absent()]
        title = "What profiles want and the record does not give"
        yield from _section(title, ("FHIR", "why", "profile"), absences)

    def document(self, *, values: bool) -> Json:
        return {
            "elements": [self._entry(each, values=values) for each in self._elements()],
            "unmapped": [
                {"pointer": each.pointer, "reason": each.reason}
                for each in self.explanation.unmapped
                if not self.only
            ],
            "absent": [
                {"expression": one.expression, "profile": one.profile, "reason": one.reason}
                for one in self._absent()
            ],
        }

    def _elements(self) -> Iterator[Explained]:
        return (one for one in self.explanation.elements if self._is_asked(one.expression))

    def _absent(self) -> Iterator[Absent]:
        return (one for one in self.explanation.absent if self._is_asked(one.expression))

    def _is_asked(self, expression: str) -> bool:
        return _is_within(expression, self.only) or _is_within(self._typed(expression), self.only)

    def _typed(self, expression: str) -> str:
        """`Bundle.entry[2].resource.code` → `Condition.code`."""
        found = _ENTRY.match(expression)
        if not found:
            return expression
        resource = self.resource["entry"][int(found[1])]["resource"]
        return f"{resource['resourceType']}{expression[found.end() :]}"

    def _row(self, each: Explained, *, values: bool) -> tuple[str, ...]:
        pointers, converters = " + ".join(each.pointers), " | ".join(each.converters)
        row = _place(each.code_row)
        shown = self._values(each) if values else ""
        arrow = each.direction
        return (pointers, arrow, each.expression, converters, str(each.rule), row, shown)

    def _values(self, each: Explained) -> str:
        found = [_text(at_pointer(self.record, pointer)) for pointer in each.pointers]
        return f"{' + '.join(found)} {each.direction} {_text(self._value(each))}"

    def _value(self, each: Explained) -> Json:
        steps = re.findall(r"[^.\[\]]+", each.expression)[1:]
        return at_pointer(self.resource, "".join(f"/{step}" for step in steps))

    def _entry(self, each: Explained, *, values: bool) -> Json:
        entry: dict[str, Json] = {
            "expression": each.expression,
            "direction": each.direction,
            "pointers": list(each.pointers),
            "converters": list(each.converters),
            "rule": str(each.rule),
            "codeRow": _place(each.code_row) or None,
        }
        if values:
            entry["values"] = [at_pointer(self.record, pointer) for pointer in each.pointers]
            entry["value"] = self._value(each)
        return entry


@dataclass(frozen=True)
class WritePage:
    """From a resource to the vendor's requests."""

    explanation: WriteExplanation
    only: str

    def lines(self, *, values: bool) -> Iterator[str]:
        if not self.explanation.requests:
            yield "nothing to send"
        head = ("vendor", "", "FHIR", "converters", "rule", "code row", "value")
        for operation, members, body in self._requests():
            yield f"{operation}:"
            yield from columns(head, [_sent_row(one, body if values else None) for one in members])
        losses = [(loss_line(loss),) for loss in self.explanation.losses]
        yield from _section("What would not read back as it was sent", ("",), losses)

    def document(self, *, values: bool) -> Json:
        return {
            "requests": [
                {
                    "operation": operation,
                    "members": [_sent(one, body if values else None) for one in members],
                }
                for operation, members, body in self._requests()
            ],
            "report": [loss_entry(loss) for loss in self.explanation.losses],
        }

    def _requests(self) -> Iterator[tuple[str, list[Sent], Json]]:
        """Each request with the members that are asked for, and its body."""
        explained = zip(self.explanation.requests, self.explanation.steps, strict=True)
        for request, step in explained:
            members = [one for one in request.members if self._is_asked(one)]
            if members:
                yield request.operation, members, step.body

    def _is_asked(self, each: Sent) -> bool:
        return any(_is_within(one, self.only) for one in each.expression.split(" + "))


Page: TypeAlias = ReadPage | WritePage


def _sent_row(each: Sent, body: Json) -> tuple[str, ...]:
    converters = " | ".join(each.converters)
    value = _text(at_pointer(body, each.pointer)) if body else ""
    rule, row = _place(each.rule), _place(each.code_row)
    source = each.expression or each.reason
    return (each.pointer, each.direction, source, converters, rule, row, value)


def _sent(each: Sent, body: Json) -> Json:
    entry: dict[str, Json] = {
        "pointer": each.pointer,
        "expression": each.expression or None,
        "direction": each.direction or None,
        "converters": list(each.converters),
        "rule": _place(each.rule) or None,
        "codeRow": _place(each.code_row) or None,
        "reason": each.reason or None,
    }
    return entry | ({"value": at_pointer(body, each.pointer)} if body else {})


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield ""
        yield f"{title}:"
        yield from columns(head, rows) if any(head) else (row[0] for row in rows)


def _is_within(expression: str, asked: str) -> bool:
    """Whether an expression is the asked one or below it; one without indexes means all."""
    if "[" not in asked:
        expression = re.sub(r"\[\d+\]", "", expression)
    rest = expression.removeprefix(asked)
    return not asked or (rest != expression and rest[:1] in ("", ".", "["))


def _place(place: Place | None) -> str:
    return str(place) if place else ""


def _text(value: Json) -> str:
    return dump(value).decode()
