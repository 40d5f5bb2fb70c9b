"""Every vendor folder that is there, with its modules, its catalogues and its goldens."""

from functools import cache

from portico.laws.goldens import Golden, context_of, goldens_of
from portico.laws.trial import Subject, subject_of
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import Terminology, load_terminology
from portico.mapping.load import ObjectModule, find_mappings, load_vendor_modules

MAPPINGS = find_mappings()


@cache
def terminology() -> Terminology:
    return load_terminology(MAPPINGS / "terminology")


@cache
def modules(vendor: str) -> dict[str, ObjectModule]:
    return load_vendor_modules(MAPPINGS / vendor, terminology())


@cache
def context(vendor: str) -> Context:
    return context_of(MAPPINGS / vendor)


@cache
def subject(vendor: str, name: str) -> Subject:
    return subject_of(modules(vendor)[name], context(vendor))


def vendors() -> list[str]:
    return sorted(path.parent.name for path in MAPPINGS.glob("*/vendor.yaml"))


def objects() -> list[tuple[str, str]]:
    """Every (vendor, object) that has a module."""
    return [(vendor, name) for vendor in vendors() for name in modules(vendor)]


def goldens() -> list[Golden]:
    return [golden for vendor in vendors() for golden in goldens_of(MAPPINGS / vendor)]
