"""The practice patient as a glom spec: what is not there makes its part skip itself."""

from collections.abc import Callable
from typing import Any

from glom import SKIP, Coalesce, Match, Or, T, Val

Json = Any
_V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
_V2_0131 = "http://terminology.hl7.org/CodeSystem/v2-0131"


def _kept(*steps: Json) -> Json:
    return Coalesce(steps, default=SKIP)


def _listed(*entries: Json) -> Json:
    """A list of what is there of several parts."""
    return (dict(enumerate(entries)), T.values(), list)


def _told(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _patient(tables: Json) -> Json:
    x = tables["x"]

    def extension(member: str, name: str, kind: str) -> Json:
        return _kept(member, {"url": Val(x + name), "value" + kind: T})

    def reference(kind: str) -> Json:
        return {"reference": ("id", lambda key: f"{kind}/{key}"), "display": "name"}

    def referring(member: str, name: str, kind: str) -> Json:
        return _kept(member, {"url": Val(x + name), "valueReference": reference(kind)})

    def coding(member: str, name: str) -> Json:
        made = {"code": "id", "display": "name"}
        return _kept(member, {"url": Val(x + name), "valueCoding": made})

    def point(member: str, **fixed: str) -> Json:
        return _kept(member, {**{key: Val(value) for key, value in fixed.items()}, "value": T})

    def role(name: str) -> Json:
        told = Val([{"url": x + "provider-role", "valueCode": name}])
        return _kept(f"{name}_provider", {"extension": told, **reference("Practitioner")})

    pronoun = _listed({"url": Val("value"), "valueCodeableConcept": tables["pronouns"].get})
    return {
        "resourceType": Val("Patient"),
        "id": "id",
        "meta": {"versionId": ("version", str), "lastUpdated": "updated_at"},
        "extension": _listed(
            extension("created_at", "created", "DateTime"),
            extension("salutation", "salutation", "String"),
            extension("preferred_contact_method", "preferred-contact", "Code"),
            extension("preferred_confirmation_method", "preferred-confirmation", "Code"),
            extension("receives_email", "receives-email", "Boolean"),
            extension("receives_sms", "receives-sms", "Boolean"),
            _kept(
                "pronoun",
                {
                    "url": Val("http://hl7.org/fhir/StructureDefinition/individual-pronouns"),
                    "extension": pronoun,
                },
            ),
            referring("location", "preferred-location", "Location"),
            referring("responsible_party", "guarantor", "Patient"),
            coding("billing_type", "billing-type"),
            coding("fee_schedule", "fee-schedule"),
            extension("billing_cycle_day", "billing-cycle-day", "Integer"),
            extension("allergy_review_status", "allergy-review-status", "Code"),
            extension("consent_flags", "consent-flags", "Integer"),
            extension("appointment_module_note", "appointment-note", "String"),
            extension("ask_to_arrive_early_mins", "arrive-early-minutes", "Integer"),
            extension("date_first_visit", "first-visit", "Date"),
            extension("scheduling_restricted", "scheduling-restricted", "Boolean"),
            _kept(
                "status",
                Match(Or("prospective", "archived")),
                {"url": Val(x + "patient-status"), "valueCode": T},
            ),
        ),
        "identifier": _listed(
            {"system": Val("urn:ietf:rfc:3986"), "value": ("id", lambda key: f"urn:uuid:{key}")},
            _kept(
                "chart_number",
                {
                    "system": Val("https://practice.example/chart-number"),
                    "type": Val(_told(_V2_0203, "MR")),
                    "value": T,
                },
            ),
            _kept(
                "social_security_number",
                {
                    "system": Val("http://hl7.org/fhir/sid/us-ssn"),
                    "type": Val(_told(_V2_0203, "SS")),
                    "value": lambda text: text.replace("-", ""),
                },
            ),
            _kept("medicaid_id", {"type": Val(_told(_V2_0203, "MA")), "value": T}),
        ),
        "active": _kept(
            "status",
            {"active": True, "prospective": True, "inactive": False, "archived": False}.get,
        ),
        "deceasedDateTime": _kept("date_time_deceased"),
        "name": _listed(
            {
                "use": Val("official"),
                "family": "last_name",
                "given": _listed("first_name", _kept("middle_name")),
                "prefix": _kept("title", lambda title: [title]),
            },
            _kept("preferred_name", {"use": Val("usual"), "given": lambda name: [name]}),
        ),
        "telecom": _listed(
            point("home_phone", system="phone", use="home"),
            point("work_phone", system="phone", use="work"),
            point("mobile_phone", system="phone", use="mobile"),
            point("email", system="email"),
        ),
        "gender": Coalesce(("gender", tables["genders"].get), default="unknown"),
        "birthDate": _kept("date_of_birth"),
        "address": _listed(
            {
                "use": Val("home"),
                "extension": _listed(extension("address_note", "address-note", "String")),
                "line": _listed("address_line1", _kept("address_line2")),
                "city": _kept("city"),
                "state": _kept("state"),
                "postalCode": _kept("postal_code"),
                "country": _kept("country"),
            },
        ),
        "maritalStatus": _kept("marital_status", tables["marital"].get),
        "contact": _listed(
            {
                "relationship": Val([_told(_V2_0131, "C")]),
                "name": {"text": "emergency_contact_name"},
                "telecom": _listed(point("emergency_contact_phone", system="phone")),
            },
            _kept(
                "employer",
                {
                    "relationship": Val([_told(_V2_0131, "E")]),
                    "organization": reference("Organization"),
                },
            ),
        ),
        "communication": _listed(
            _kept(
                "preferred_language",
                {"preferred": Val(value=True), "language": tables["languages"].get},
            ),
        ),
        "generalPractitioner": _listed(role("primary"), role("secondary")),
    }


SPECS: dict[str, Callable[[Json], Json]] = {"practice patient": _patient}
