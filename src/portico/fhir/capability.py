"""CapabilityStatement: what a server can do, built from plain facts.

https://hl7.org/fhir/R4/capabilitystatement.html
"""

from dataclasses import dataclass
from typing import Any

from portico import Json, Resource

FHIR_VERSION = "4.0.1"


@dataclass(frozen=True, slots=True)
class SearchParameterFact:
    """One search parameter; `type` is an R4 code such as `token`."""

    name: str
    type: str
    documentation: str | None = None


@dataclass(frozen=True, slots=True)
class ResourceFact:
    """What can be done with one resource type.

    `interactions` are R4's codes (`read`, `search-type`, …); `profiles` are canonical URLs;
    `versioning` is `no-version`, `versioned` or `versioned-update`; `conditional_delete` is
    `not-supported`, `single` or `multiple`.
    """

    type: str
    interactions: tuple[str, ...]
    search_parameters: tuple[SearchParameterFact, ...] = ()
    profiles: tuple[str, ...] = ()
    versioning: str = "versioned"
    update_create: bool = False
    conditional_create: bool = False
    conditional_update: bool = False
    conditional_delete: str = "not-supported"
    documentation: str | None = None


@dataclass(frozen=True, slots=True)
class ServerFact:
    """What is known of the server; `base` is its absolute base URL, `date` an R4 dateTime.

    `interactions` are those of the whole system: `transaction`, `batch`.
    """

    base: str
    title: str
    software_version: str
    date: str
    resources: tuple[ResourceFact, ...]
    interactions: tuple[str, ...] = ()
    documentation: str | None = None
    patch_formats: tuple[str, ...] = ()


def capability_statement(server: ServerFact) -> Resource:
    """Say the facts as a CapabilityStatement of kind `instance`."""
    return Resource(
        _present(
            {
                "resourceType": "CapabilityStatement",
                "url": f"{server.base}/metadata",
                "version": server.software_version,
                "title": server.title,
                "status": "active",
                "date": server.date,
                "kind": "instance",
                "software": {"name": "Portico", "version": server.software_version},
                "implementation": {"description": server.title, "url": server.base},
                "fhirVersion": FHIR_VERSION,
                "format": ["json", "application/fhir+json"],
                "patchFormat": list(server.patch_formats),
                "rest": [_rest(server)],
            }
        )
    )


def _rest(server: ServerFact) -> dict[str, Json]:
    return _present(
        {
            "mode": "server",
            "documentation": server.documentation,
            "resource": [_resource(resource) for resource in server.resources],
            "interaction": _codes(server.interactions),
        }
    )


def _resource(resource: ResourceFact) -> dict[str, Json]:
    return _present(
        {
            "type": resource.type,
            "supportedProfile": list(resource.profiles),
            "documentation": resource.documentation,
            "interaction": _codes(resource.interactions),
            "versioning": resource.versioning,
            "readHistory": "history-instance" in resource.interactions,
            "updateCreate": resource.update_create,
            "conditionalCreate": resource.conditional_create,
            "conditionalUpdate": resource.conditional_update,
            "conditionalDelete": resource.conditional_delete,
            "searchParam": [_search_parameter(one) for one in resource.search_parameters],
        }
    )


def _search_parameter(parameter: SearchParameterFact) -> dict[str, Json]:
    return _present(
        {
            "name": parameter.name,
            "type": parameter.type,
            "documentation": parameter.documentation,
        }
    )


def _codes(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"code": code} for code in codes]


def _present(members: dict[str, Json]) -> dict[str, Json]:
    """Leave out what is nothing, since FHIR has no empty members; false is something."""
    return {name: value for name, value in members.items() if value not in (None, [])}
