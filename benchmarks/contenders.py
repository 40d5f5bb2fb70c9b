"""Everybody who converts in this process: each gets the same records and makes the same FHIR.

A contender that answers text is asked for an object by reading that text; one that answers objects
is asked for text by the codec that it is used with.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import changes, hand_written
from benchmarks.subjects import CONTEXT, Subject, patient, record, renamed, tables
from portico.document import dump, parse

Json = Any
Convert = Callable[[Json], Json]
PEERS = Path(__file__).parent / "peers"
TO_FHIR, TO_FHIR_BYTES = "to FHIR, dict to dict", "to FHIR, bytes to bytes"
CREATE, CREATE_BYTES = "to the vendor, dict to dict", "to the vendor, bytes to bytes"
CHANGE = "change set, one name edited"


class SkippedError(Exception):
    """A contender that cannot run here, with the reason."""


@dataclass(frozen=True)
class Race:
    """One task, and what each contender does for it; `agree` is what all answers must equal."""

    subject: str
    task: str
    given: Json
    runners: Mapping[str, Convert]
    agree: Json


def races(*, peers: bool = True) -> Iterator[tuple[Race, dict[str, str]]]:
    """Every race with its runners of this process, and who is skipped, why."""
    for subject, hand in ((patient(), _hand_patient), (record(), hand_written.record_to_fhir)):
        runners, skipped = _runners(subject, hand, peers=peers)
        objects = {name: one for name, (one, _) in runners.items()}
        yield Race(subject.name, TO_FHIR, subject.record, objects, subject.resource), skipped
        texts = {name: one for name, (_, one) in runners.items()}
        yield Race(subject.name, TO_FHIR_BYTES, subject.text, texts, subject.resource), skipped
    yield from ((race, {}) for race in _writing())


def _hand_patient(given: Json) -> Json:
    return hand_written.patient_to_fhir(given, expose_ssn=True)


Runners = dict[str, tuple[Convert, Convert]]


def _runners(subject: Subject, hand: Convert, *, peers: bool) -> tuple[Runners, dict[str, str]]:
    module = subject.module

    def ours(given: Json) -> Json:
        return module.to_fhir(given, CONTEXT)

    runners: Runners = {
        "hand-written": (hand, lambda text: dump(hand(parse(text)))),
        "portico": (ours, lambda text: dump(ours(parse(text)))),
    }
    skipped: dict[str, str] = {}
    for name, make in MAKERS.items() if peers else ():
        try:
            runners[name] = make(subject)
        except SkippedError as error:
            skipped[name] = str(error)
    return runners, skipped


def _writing() -> Iterator[Race]:
    """Portico and the programmer only: no peer works backwards."""
    one = patient()
    resource = one.resource
    runners = {
        "hand-written": changes.hand_written_create,
        "portico": changes.portico_create,
    }
    agree = changes.portico_create(resource)
    yield Race(one.name, CREATE, resource, runners, agree)
    texts: dict[str, Convert] = {name: _through_bytes(convert) for name, convert in runners.items()}
    yield Race(one.name, CREATE_BYTES, dump(resource), texts, agree["body"])
    edited = renamed(resource)
    runners = {
        "hand-written": changes.hand_written_change,
        "portico": changes.portico_change,
    }
    yield Race(one.name, CHANGE, edited, runners, changes.portico_change(edited))


def _through_bytes(convert: Convert) -> Convert:
    return lambda text: dump(convert(parse(text))["body"])


def _library(name: str) -> Any:  # noqa: ANN401  # libraries that may be missing have no types here
    try:
        return import_module(name)
    except ImportError as error:
        reason = f"{name} is not installed; benchmarks/setup.sh installs it"
        raise SkippedError(reason) from error


def _source(subject: Subject, kind: str) -> str:
    path = PEERS / f"{subject.name.split()[-1]}.{kind}"
    if not path.is_file():
        raise SkippedError(f"nobody has written the {subject.name} for it")
    return path.read_text(encoding="utf-8")


def _texts(codec: Any, render: Callable[[Json], str]) -> tuple[Convert, Convert]:  # noqa: ANN401  # a library
    def to_object(given: Json) -> Json:
        return codec.loads(render(given))

    def to_text(text: bytes) -> Json:
        return render(codec.loads(text)).encode()

    return to_object, to_text


def _objects(codec: Any, convert: Convert) -> tuple[Convert, Convert]:  # noqa: ANN401  # a library
    return convert, lambda text: codec.dumps(convert(codec.loads(text)))


def _jinja2(subject: Subject) -> tuple[Convert, Convert]:
    codec, library = _library("orjson"), _library("jinja2")
    environment = library.Environment(autoescape=False)  # JSON, not HTML
    environment.filters |= _filters(codec)
    written = (
        _source(subject, "template").replace("elsif", "elif").replace("!= nothing", "is defined")
    )
    template = environment.from_string(written, globals=tables())
    return _texts(codec, lambda given: template.render(v=given))


def _liquid(subject: Subject) -> tuple[Convert, Convert]:
    codec, library = _library("orjson"), _library("liquid")
    environment = library.Environment(globals=tables())
    environment.filters.update(_filters(codec))
    template = environment.from_string(liquid_source(_source(subject, "template")))
    return _texts(codec, lambda given: template.render(v=given))


def liquid_source(template: str) -> str:
    """The shared template in Liquid's words."""
    return template.replace("{% set ", "{% assign ").replace("nothing", "nil")


def _filters(codec: Any) -> dict[str, Callable[..., str]]:  # noqa: ANN401  # a library
    return {
        "json": lambda value: codec.dumps(value).decode(),
        "undashed": lambda value: value.replace("-", ""),
    }


def _jmespath(subject: Subject) -> tuple[Convert, Convert]:
    codec, library = _library("orjson"), _library("jmespath")
    make = import_module("benchmarks.peers.jmespath_functions").options
    options = make(library, tables())
    expression = library.compile(_source(subject, "jmespath"))
    return _objects(codec, lambda given: expression.search(given, options=options))


def _glom(subject: Subject) -> tuple[Convert, Convert]:
    codec, library = _library("orjson"), _library("glom")
    specs = import_module("benchmarks.peers.glom_specs").SPECS
    if subject.name not in specs:
        raise SkippedError(f"nobody has written the {subject.name} for it")
    spec = library.Glommer()
    made = specs[subject.name](tables())
    return _objects(codec, lambda given: spec.glom(given, made))


def _models(subject: Subject) -> tuple[Convert, Convert]:
    """Models built from what the programmer's converter makes, as a library of models is used."""
    codec = _library("orjson")
    kind = subject.resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    hand = _hand_patient if subject == patient() else hand_written.record_to_fhir

    def to_object(given: Json) -> Json:
        return model.model_validate(hand(given)).model_dump(mode="json")

    def to_text(text: bytes) -> Json:
        return model.model_validate(hand(codec.loads(text))).model_dump_json().encode()

    return to_object, to_text


MAKERS: dict[str, Callable[[Subject], tuple[Convert, Convert]]] = {
    "jinja2": _jinja2,
    "python-liquid": _liquid,
    "jmespath": _jmespath,
    "glom": _glom,
    "fhir.resources models": _models,
}
