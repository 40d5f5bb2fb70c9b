"""Validation of what a client sends: everything that is wrong with it, at once.

First our own walk over HL7's definitions (`structure`), and when that finds nothing, the model of
the type in fhir.resources as a second opinion. That library knows R4B, which has R4's elements for
the types here; it is imported at the first validation of a type, never for a read.
"""

import re
from functools import cache
from importlib import import_module

from pydantic import BaseModel, ValidationError

from portico import Json
from portico.document import copy
from portico.errors import Issue
from portico.fhir import definitions
from portico.fhir.structure import structure_issues

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)


def validate(resource_type: str, document: Json) -> tuple[Issue, ...]:
    """Say all that R4 has against a document that should be a resource of this type.

    Nothing means that it is valid as far as one document shows. Issues carry FHIRPaths and no
    values. Decimals are expected as `portico.document.parse` gives them; the document is left as
    it is. A type whose elements are not known (`definitions.is_type`) is an issue itself.
    """
    if not definitions.is_resource(resource_type) or not definitions.is_type(resource_type):
        return (Issue("not-supported", "resources of this type cannot be validated here"),)
    issues = tuple(structure_issues(resource_type, document))
    return issues or _second_opinion(resource_type, document)


def _second_opinion(resource_type: str, document: Json) -> tuple[Issue, ...]:
    try:
        _model(resource_type).model_validate(copy(document))
    except KeyError:
        # A type of R4 that R4B dropped stands inside; the library has no model to hold it against.
        return ()
    except ValidationError as refusal:
        found = refusal.errors(include_url=False, include_context=False, include_input=False)
        return tuple(_issue(resource_type, error["loc"], error["type"]) for error in found)
    return ()


@cache
def _model(resource_type: str) -> type[BaseModel]:
    module = import_module(f"fhir.resources.R4B.{resource_type.lower()}")
    model: type[BaseModel] = getattr(module, resource_type)
    return model


def _issue(resource_type: str, location: tuple[int | str, ...], kind: str) -> Issue:
    """The place and pydantic's name of the error; its message may quote values."""
    path = resource_type + "".join(_step(step) for step in location)
    code = "required" if kind.endswith("missing") else "structure"
    return Issue(code, f"{path}: does not fit the R4 model ({kind})", expression=(path,))


def _step(step: int | str) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else ""
