"""The laws of one module, tried by Hypothesis on records of the vendor's JSON Schema."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from portico import Json
from portico.errors import PorticoError
from portico.laws import law
from portico.laws.edits import edited
from portico.laws.fault import BrokenLawError, Fault
from portico.laws.record_strategy import records
from portico.laws.told import parts, singles
from portico.mapping.conversion.context import Context
from portico.mapping.load import ObjectModule


@dataclass(frozen=True)
class Subject:
    """A module, what decides besides its documents, and records of its object."""

    module: ObjectModule
    context: Context
    records: SearchStrategy[Json]


def subject_of(module: ObjectModule, context: Context) -> Subject:
    """The module with records of its schema, whose keys are those of its catalogues."""
    lanes = [lane for _, shape in parts(module) for lane in shape.lanes]
    hints = {}
    for lane in lanes:
        name = lane.transform.catalogue if lane.transform else None
        if name is not None and name in context.catalogues:
            hints[str(lane.members[0])] = tuple(sorted(context.catalogues[name].keys))
    return Subject(module, context, records(module.schemas["schema"].document, hints))


def over_itself(subject: Subject, data: DataObject) -> None:
    """GetPut, validity and decimals."""
    record = data.draw(subject.records)
    if law.read(subject.module, record, subject.context) is not None:
        law.get_put(subject.module, record, subject.context)
        law.validity(subject.module, record, subject.context)
        law.digits(subject.module, record, subject.context)


def over_another(subject: Subject, data: DataObject) -> None:
    """PutGet and stability."""
    one, other = data.draw(subject.records), data.draw(subject.records)
    both = [law.read(subject.module, record, subject.context) for record in (one, other)]
    if None not in both:
        law.transplant(subject.module, one, other, subject.context)
        law.stability(subject.module, both[0], other, subject.context)


def after_edits(subject: Subject, data: DataObject) -> None:
    """No silent loss, stability, and the complement."""
    record = data.draw(subject.records)
    resource = law.read(subject.module, record, subject.context)
    if resource is not None:
        base = data.draw(st.sampled_from([record, None]))
        sent = data.draw(edited(resource))
        law.no_silent_loss(subject.module, sent, base, subject.context)
        law.stability(subject.module, sent, base, subject.context)
        law.complement(subject.module, sent, base, subject.context)


def unshared(subject: Subject, data: DataObject) -> None:
    """Aliasing."""
    one, other = data.draw(subject.records), data.draw(subject.records)
    if law.read(subject.module, other, subject.context) is not None:
        law.aliasing(subject.module, one, other, subject.context)


Trial = Callable[[Subject, DataObject], None]


def _each(trial: Trial) -> Trial:
    """The trial of every module that writes a resource: of each part where a row is several."""

    def tried(subject: Subject, data: DataObject) -> None:
        for module in singles(subject.module):
            trial(replace(subject, module=module), data)

    return tried


TRIALS: Mapping[str, Trial] = {
    "over itself": _each(over_itself),
    "over another": _each(over_another),
    "after edits": _each(after_edits),
    "unshared": _each(unshared),
}


_CRASHES = (ArithmeticError, AttributeError, LookupError, PorticoError, TypeError, ValueError)


def law_faults(subject: Subject, examples: int) -> Iterator[Fault]:
    """The laws that do not hold, each with the smallest documents that show it."""
    found = [_tried(subject, trial, examples) for trial in TRIALS.values()]
    for fault in dict.fromkeys(each.law for each in found if each):
        first = next(each for each in found if each and each.law == fault)
        yield first.placed(subject.module)


def _tried(subject: Subject, trial: Trial, examples: int) -> Fault | None:
    """Run one trial, the same examples each time."""

    @settings(
        max_examples=examples,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
    )
    @given(data=st.data())
    def case(data: DataObject) -> None:
        try:
            trial(subject, data)
        except _CRASHES as error:
            what = f"{type(error).__name__}: {error}"
            raise BrokenLawError(Fault("no crash", what)) from error

    try:
        case()
    except BrokenLawError as error:
        return error.fault
    return None
