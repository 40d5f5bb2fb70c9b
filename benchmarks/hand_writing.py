"""The way back by hand: FHIR → the practice's members, the smallest body, and what is lost.

The same job as a module's: compare with what the vendor has, refuse what its schema refuses, read
back what would be stored, and report every element that would not come back as it was sent.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks import hand_written as by_hand
from portico.mapping.conversion.identity import unescape

Json = Any
Report = list[tuple[str, str]]

_MARITAL_CODES = {row[1]: name for name, row in by_hand.MARITAL_STATUS.items()} | {
    "U": "single",
    "A": "other",
    "I": "other",
    "P": "other",
    "C": "other",
}
_PRONOUN_CODES = {row[1]: name for name, row in by_hand.PRONOUNS.items()}
_LANGUAGE_NAMES = {code: name for name, code in by_hand.LANGUAGES.items()}
_EXTENSIONS = {
    by_hand.X + "salutation": ("salutation", "valueString"),
    by_hand.X + "preferred-contact": ("preferred_contact_method", "valueCode"),
    by_hand.X + "preferred-confirmation": ("preferred_confirmation_method", "valueCode"),
    by_hand.X + "receives-email": ("receives_email", "valueBoolean"),
    by_hand.X + "receives-sms": ("receives_sms", "valueBoolean"),
    by_hand.X + "billing-cycle-day": ("billing_cycle_day", "valueInteger"),
    by_hand.X + "allergy-review-status": ("allergy_review_status", "valueCode"),
    by_hand.X + "consent-flags": ("consent_flags", "valueInteger"),
    by_hand.X + "appointment-note": ("appointment_module_note", "valueString"),
    by_hand.X + "arrive-early-minutes": ("ask_to_arrive_early_mins", "valueInteger"),
    by_hand.X + "first-visit": ("date_first_visit", "valueDate"),
}
_KEYED = {
    by_hand.X + "preferred-location": ("location", "valueReference", "Location/"),
    by_hand.X + "guarantor": ("responsible_party", "valueReference", "Patient/"),
    by_hand.X + "billing-type": ("billing_type", "valueCoding", ""),
    by_hand.X + "fee-schedule": ("fee_schedule", "valueCoding", ""),
}
_PHONES = {"home": "home_phone", "work": "work_phone", "mobile": "mobile_phone"}
_SET_BY_VENDOR = frozenset({"created", "scheduling-restricted"})


def patient_from_fhir(resource: Json) -> Json:
    """Patient → the members that can be written; keys of others as objects with their `id`."""
    get = resource.get
    v: Json = {}
    patient_status = None
    for entry in get("extension") or ():
        url = entry["url"]
        if url in _EXTENSIONS:
            member, kind = _EXTENSIONS[url]
            v[member] = entry[kind]
        elif url in _KEYED:
            member, kind, prefix = _KEYED[url]
            value = entry[kind]
            key = value.get("reference") if prefix else value.get("code")
            v[member] = {"id": unescape(key.removeprefix(prefix)) if prefix else key}
        elif url == by_hand.X + "patient-status":
            patient_status = entry["valueCode"]
        elif url.endswith("individual-pronouns"):
            v["pronoun"] = _first_known(entry["extension"][0]["valueCodeableConcept"])
    for identifier in get("identifier") or ():
        system = identifier.get("system")
        if system == by_hand.CHART:
            v["chart_number"] = identifier["value"]
        elif system == by_hand.SSN:
            digits = identifier["value"]
            v["social_security_number"] = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        elif system is None and identifier["type"]["coding"][0]["code"] == "MA":
            v["medicaid_id"] = identifier["value"]
    _names(v, get("name") or ())
    for point in get("telecom") or ():
        if point["system"] == "email":
            v["email"] = point["value"]
        elif point["system"] == "phone":
            v[_PHONES[point.get("use", "home")]] = point["value"]
    if gender := get("gender"):
        v["gender"] = gender
    if carried := get("_gender"):
        v["gender"] = carried["extension"][0]["valueCode"]
    if born := get("birthDate"):
        v["date_of_birth"] = born
    if address := get("address"):
        _place(v, address[0])
    if marital := get("maritalStatus"):
        coding = marital.get("coding")
        v["marital_status"] = _MARITAL_CODES[coding[0]["code"]] if coding else marital["text"]
    for contact in get("contact") or ():
        _contact(v, contact)
    if spoken := get("communication"):
        v["preferred_language"] = _language_name(spoken[0]["language"])
    for provider in get("generalPractitioner") or ():
        role = provider["extension"][0]["valueCode"]
        key = provider["reference"].removeprefix("Practitioner/")
        v[f"{role}_provider"] = {"id": unescape(key)}
    v["status"] = _status(resource, patient_status)
    if died := get("deceasedDateTime"):
        v["date_time_deceased"] = died
    return v


def _first_known(concept: Json) -> Json:
    coding = concept.get("coding")
    return _PRONOUN_CODES[coding[0]["code"]] if coding else concept["text"]


def _status(resource: Json, patient_status: str | None) -> str:
    if "deceasedDateTime" in resource or resource.get("deceasedBoolean"):
        return "deceased"
    if patient_status:
        return patient_status
    return "active" if resource.get("active") else "inactive"


def _names(v: Json, names: Json) -> None:
    for name in names:
        given = name.get("given")
        if name.get("use") == "usual":
            v["preferred_name"] = given[0]
            continue
        if family := name.get("family"):
            v["last_name"] = family
        if given:
            v["first_name"] = given[0]
            if len(given) > 1:
                v["middle_name"] = " ".join(given[1:])
        if prefix := name.get("prefix"):
            v["title"] = " ".join(prefix)


def _place(v: Json, address: Json) -> None:
    if line := address.get("line"):
        v["address_line1"] = line[0]
        if len(line) > 1:
            v["address_line2"] = ", ".join(line[1:])
    if city := address.get("city"):
        v["city"] = city
    if state := address.get("state"):
        v["state"] = state
    if postal_code := address.get("postalCode"):
        v["postal_code"] = postal_code
    if country := address.get("country"):
        v["country"] = country
    if extension := address.get("extension"):
        v["address_note"] = extension[0]["valueString"]


def _contact(v: Json, contact: Json) -> None:
    if contact["relationship"][0]["coding"][0]["code"] == "E":
        key = contact["organization"]["reference"].removeprefix("Organization/")
        v["employer"] = {"id": unescape(key)}
        return
    if name := contact.get("name"):
        v["emergency_contact_name"] = name["text"]
    if telecom := contact.get("telecom"):
        v["emergency_contact_phone"] = telecom[0]["value"]


def _language_name(concept: Json) -> str:
    for coding in concept["coding"]:
        if coding["system"] == by_hand.LANGUAGE:
            return str(coding["code"])
    return _LANGUAGE_NAMES[concept["coding"][0]["code"]]


def smallest_body(members: Json, base: Json) -> Json:
    """What differs, in the names of an update; null clears."""
    body: Json = {}
    for name, value in members.items():
        old = base.get(name)
        if value.__class__ is dict:
            if old is None or old["id"] != value["id"]:
                body[f"{name}_uuid"] = value["id"]
        elif value != old and name != "status":
            body[name] = value
    for name in WRITABLE:
        if name not in members and base.get(name) is not None:
            body[f"{name}_uuid" if base[name].__class__ is dict else name] = None
    return body


WRITABLE = (
    "chart_number",
    "social_security_number",
    "medicaid_id",
    "first_name",
    "middle_name",
    "last_name",
    "title",
    "preferred_name",
    "home_phone",
    "work_phone",
    "mobile_phone",
    "email",
    "pronoun",
    "date_of_birth",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "postal_code",
    "country",
    "address_note",
    "marital_status",
    "emergency_contact_name",
    "emergency_contact_phone",
    "preferred_language",
    "date_time_deceased",
    "employer",
    "primary_provider",
    "secondary_provider",
    *(member for member, _ in _EXTENSIONS.values()),
    *(member for member, _, _ in _KEYED.values()),
)


def stored(members: Json, base: Json, body: Json) -> Json:
    """The record as it would be: a changed key leaves no old name beside it."""
    record = {**base}
    for sent, value in body.items():
        name = sent.removesuffix("_uuid")
        if value is None:
            record.pop(name, None)
        else:
            record[name] = {"id": value} if name != sent else members[name]
    return record


def report(sent: Json, held: Json) -> Report:
    """(what happened, FHIRPath) of every element that would not read back as it was sent."""
    return [] if sent == held else list(_objects(sent, held, "Patient"))


def _objects(sent: Json, held: Json, path: str) -> Iterator[tuple[str, str]]:
    for name, value in sent.items():
        other = held.get(name)
        if value == other or (path == "Patient" and name in {"id", "meta"}):
            continue
        where = f"{path}.{name}"
        if other is None and not isinstance(value, list):
            yield ("read-only" if name == "display" else "lost", where)
        elif isinstance(value, dict):
            yield from _objects(value, other, where)
        elif isinstance(value, list):
            yield from _lists(value, other or [], where)
        else:
            yield "changed", where
    for name in held:
        if name not in sent and not (path == "Patient" and name in {"id", "meta"}):
            yield "added", f"{path}.{name}"


def _lists(sent: Json, held: Json, path: str) -> Iterator[tuple[str, str]]:
    partners = {_known_by(entry, path): entry for entry in held}
    for index, entry in enumerate(sent):
        where = f"{path}[{index}]"
        partner = partners.pop(_known_by(entry, path), None)
        if partner is None:
            name = str(entry.get("url", "")).rpartition("/")[2]
            own = entry.get("system") == "urn:ietf:rfc:3986" or name in _SET_BY_VENDOR
            yield ("read-only" if own else "lost", where)
        elif partner != entry:
            yield from _objects(entry, partner, where)
    for _ in partners:
        yield "added", path


def _known_by(entry: Json, path: str) -> Json:
    if not isinstance(entry, dict):
        return entry
    if path.endswith("contact"):
        return entry["relationship"][0]["coding"][0]["code"]
    if path.endswith("generalPractitioner"):
        return entry["extension"][0]["valueCode"]
    return entry.get("url"), entry.get("system"), entry.get("use")
