"""What the modules are measured against: the same conversions as a careful programmer writes them.

Straight-line Python for two vendor objects, fast on purpose: no tables where a line does, no checks
that the vendor's contract makes needless. What is a library's job is taken from the library, as a
programmer would: ids, `urn:uuid:`, the codec, and the validator of the vendor's own schema.
"""

import base64
from typing import Any

from portico.mapping.conversion.identity import escape
from portico.mapping.running.bundle import full_urls

Json = Any

X = "https://portico.example/fhir/StructureDefinition/"
_PRONOUNS_URL = "http://hl7.org/fhir/StructureDefinition/individual-pronouns"
_V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
_V2_0131 = "http://terminology.hl7.org/CodeSystem/v2-0131"
_NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_MARITAL = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
CHART = "https://practice.example/chart-number"
SSN = "http://hl7.org/fhir/sid/us-ssn"
LANGUAGE = "https://practice.example/preferred-language"
GENDERS = {
    "male": ("male", None),
    "female": ("female", None),
    "other": ("other", None),
    "unknown": ("unknown", None),
    "non_binary": ("other", "non_binary"),
    "prefer_not_to_say": ("unknown", "prefer_not_to_say"),
}
MARITAL_STATUS = {
    "divorced": (_MARITAL, "D", "Divorced"),
    "domestic_partner": (_MARITAL, "T", "Domestic partner"),
    "married": (_MARITAL, "M", "Married"),
    "separated": (_MARITAL, "L", "Legally Separated"),
    "single": (_MARITAL, "S", "Never Married"),
    "widowed": (_MARITAL, "W", "Widowed"),
    "other": (_NULL_FLAVOR, "OTH", "other"),
}
PRONOUNS = {
    "he_him": ("http://loinc.org", "LA29518-0", "he/him/his/his/himself"),
    "she_her": ("http://loinc.org", "LA29519-8", "she/her/her/hers/herself"),
    "they_them": ("http://loinc.org", "LA29520-6", "they/them/their/theirs/themselves"),
    "other": (_NULL_FLAVOR, "OTH", "other"),
}
LANGUAGES = {
    "English": "en",
    "Spanish": "es",
    "French": "fr",
    "German": "de",
    "Italian": "it",
    "Portuguese": "pt",
    "Russian": "ru",
    "Chinese": "zh",
    "Vietnamese": "vi",
    "Korean": "ko",
    "Arabic": "ar",
    "Tagalog": "tl",
    "Hmong": "hmn",
    "Somali": "so",
}
_LANGUAGE_NAMES = {code: name for name, code in LANGUAGES.items()}


def patient_to_fhir(v: Json, *, expose_ssn: bool) -> Json:
    """A practice patient → Patient."""
    get = v.get
    r: Json = {"resourceType": "Patient"}
    identifier: Json = []
    if key := get("id"):
        r["id"] = escape(key)
        identifier.append({"system": "urn:ietf:rfc:3986", "value": "urn:uuid:" + key})
    meta = {}
    if (version := get("version")) is not None:
        meta["versionId"] = str(version)
    if updated := get("updated_at"):
        meta["lastUpdated"] = updated
    if meta:
        r["meta"] = meta
    extension = _patient_extensions(v)
    if chart := get("chart_number"):
        kind = {"coding": [{"system": _V2_0203, "code": "MR"}]}
        identifier.append({"system": CHART, "type": kind, "value": chart})
    if expose_ssn and (ssn := get("social_security_number")):
        kind = {"coding": [{"system": _V2_0203, "code": "SS"}]}
        identifier.append({"system": SSN, "type": kind, "value": ssn.replace("-", "")})
    if medicaid := get("medicaid_id"):
        kind = {"coding": [{"system": _V2_0203, "code": "MA"}]}
        identifier.append({"type": kind, "value": medicaid})
    if identifier:
        r["identifier"] = identifier
    status, died = get("status"), get("date_time_deceased")
    if died:
        r["deceasedDateTime"] = died
    elif status == "deceased":
        r["deceasedBoolean"] = True
    elif status in ("active", "prospective"):
        r["active"] = True
    if status in ("inactive", "archived") and (status == "archived" or not died):
        r["active"] = False
    if status == "archived" or (status == "prospective" and not died):
        extension.append({"url": X + "patient-status", "valueCode": status})
    if extension:
        r["extension"] = extension
    if name := _patient_names(v):
        r["name"] = name
    if telecom := _patient_telecom(v):
        r["telecom"] = telecom
    if gender := get("gender"):
        r["gender"], carried = GENDERS[gender]
        if carried:
            r["_gender"] = {"extension": [{"url": X + "vendor-code", "valueCode": carried}]}
    else:
        r["gender"] = "unknown"
    if born := get("date_of_birth"):
        r["birthDate"] = born
    if address := _patient_address(v):
        address["use"] = "home"
        r["address"] = [address]
    if marital := get("marital_status"):
        if row := MARITAL_STATUS.get(marital):
            system, code, display = row
            r["maritalStatus"] = {"coding": [{"system": system, "code": code, "display": display}]}
        else:
            r["maritalStatus"] = {"text": marital}
    if contact := _patient_contacts(v):
        r["contact"] = contact
    if spoken := get("preferred_language"):
        r["communication"] = [{"preferred": True, "language": language(spoken)}]
    if providers := _patient_providers(v):
        r["generalPractitioner"] = providers
    return r


def _patient_extensions(v: Json) -> Json:
    get = v.get
    extension: Json = []
    add = extension.append
    if value := get("created_at"):
        add({"url": X + "created", "valueDateTime": value})
    if value := get("salutation"):
        add({"url": X + "salutation", "valueString": value})
    if value := get("preferred_contact_method"):
        add({"url": X + "preferred-contact", "valueCode": value})
    if value := get("preferred_confirmation_method"):
        add({"url": X + "preferred-confirmation", "valueCode": value})
    if (value := get("receives_email")) is not None:
        add({"url": X + "receives-email", "valueBoolean": value})
    if (value := get("receives_sms")) is not None:
        add({"url": X + "receives-sms", "valueBoolean": value})
    if (value := get("pronoun")) and value != "not_specified":
        if row := PRONOUNS.get(value):
            system, code, display = row
            concept: Json = {"coding": [{"system": system, "code": code, "display": display}]}
        else:
            concept = {"text": value}
        inner = {"url": "value", "valueCodeableConcept": concept}
        add({"url": _PRONOUNS_URL, "extension": [inner]})
    if (value := get("location")) and (made := _reference("Location/", value)):
        add({"url": X + "preferred-location", "valueReference": made})
    if (value := get("responsible_party")) and (made := _reference("Patient/", value)):
        add({"url": X + "guarantor", "valueReference": made})
    if (value := get("billing_type")) and (made := _vendor_coding(value)):
        add({"url": X + "billing-type", "valueCoding": made})
    if (value := get("fee_schedule")) and (made := _vendor_coding(value)):
        add({"url": X + "fee-schedule", "valueCoding": made})
    if (value := get("billing_cycle_day")) is not None:
        add({"url": X + "billing-cycle-day", "valueInteger": value})
    if value := get("allergy_review_status"):
        add({"url": X + "allergy-review-status", "valueCode": value})
    if (value := get("consent_flags")) is not None:
        add({"url": X + "consent-flags", "valueInteger": value})
    if value := get("appointment_module_note"):
        add({"url": X + "appointment-note", "valueString": value})
    if (value := get("ask_to_arrive_early_mins")) is not None:
        add({"url": X + "arrive-early-minutes", "valueInteger": value})
    if value := get("date_first_visit"):
        add({"url": X + "first-visit", "valueDate": value})
    if (value := get("scheduling_restricted")) is not None:
        add({"url": X + "scheduling-restricted", "valueBoolean": value})
    return extension


def _reference(kind: str, value: Json) -> Json:
    made = {}
    if key := value.get("id"):
        made["reference"] = kind + escape(key)
    if name := value.get("name"):
        made["display"] = name
    return made


def _vendor_coding(value: Json) -> Json:
    made = {}
    if key := value.get("id"):
        made["code"] = key
    if name := value.get("name"):
        made["display"] = name
    return made


def _patient_names(v: Json) -> Json:
    get = v.get
    names = []
    official: Json = {}
    if family := get("last_name"):
        official["family"] = family
    first, middle = get("first_name"), get("middle_name")
    if first and middle:
        official["given"] = [first, middle]
    elif first or middle:
        official["given"] = [first or middle]
    if title := get("title"):
        official["prefix"] = [title]
    if official:
        official["use"] = "official"
        names.append(official)
    if preferred := get("preferred_name"):
        names.append({"use": "usual", "given": [preferred]})
    return names


def _patient_telecom(v: Json) -> Json:
    get = v.get
    telecom = []
    if value := get("home_phone"):
        telecom.append({"system": "phone", "use": "home", "value": value})
    if value := get("work_phone"):
        telecom.append({"system": "phone", "use": "work", "value": value})
    if value := get("mobile_phone"):
        telecom.append({"system": "phone", "use": "mobile", "value": value})
    if value := get("email"):
        telecom.append({"system": "email", "value": value})
    return telecom


def _patient_address(v: Json) -> Json:
    get = v.get
    address: Json = {}
    if note := get("address_note"):
        address["extension"] = [{"url": X + "address-note", "valueString": note}]
    one, two = get("address_line1"), get("address_line2")
    if one and two:
        address["line"] = [one, two]
    elif one or two:
        address["line"] = [one or two]
    if city := get("city"):
        address["city"] = city
    if state := get("state"):
        address["state"] = state
    if postal_code := get("postal_code"):
        address["postalCode"] = postal_code
    if country := get("country"):
        address["country"] = country
    return address


def _patient_contacts(v: Json) -> Json:
    get = v.get
    contacts = []
    name, phone = get("emergency_contact_name"), get("emergency_contact_phone")
    if name or phone:
        contact: Json = {"relationship": [{"coding": [{"system": _V2_0131, "code": "C"}]}]}
        if name:
            contact["name"] = {"text": name}
        if phone:
            contact["telecom"] = [{"system": "phone", "value": phone}]
        contacts.append(contact)
    if (employer := get("employer")) and (made := _reference("Organization/", employer)):
        kind = [{"coding": [{"system": _V2_0131, "code": "E"}]}]
        contacts.append({"relationship": kind, "organization": made})
    return contacts


def language(name: str) -> Json:
    code = LANGUAGES.get(name)
    if code:
        return {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}
    coding = {"system": LANGUAGE, "code": name}
    if name in _LANGUAGE_NAMES:
        return {"coding": [{"system": "urn:ietf:bcp:47", "code": name}, coding]}
    return {"coding": [coding]}


def _patient_providers(v: Json) -> Json:
    providers = []
    for role in ("primary", "secondary"):
        found = v.get(role + "_provider")
        if found and (made := _reference("Practitioner/", found)):
            made["extension"] = [{"url": X + "provider-role", "valueCode": role}]
            providers.append(made)
    return providers


_OIDS = {
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.6.345": "http://va.gov/terminology/medrt",
    "2.16.840.1.113883.12.477": "http://terminology.hl7.org/CodeSystem/v2-0477",
    "2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
}
_CP_SYSTEMS = {
    "PHONE": "phone",
    "EMAIL": "email",
    "FAX": "fax",
    "PAGER": "pager",
    "URL": "url",
    "SMS": "sms",
    "OTHER": "other",
}
_UNITS = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
_SEX = {"MALE": "male", "FEMALE": "female", "OTHER": "other"}
_GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
_TIMES = frozenset({"AM", "PM", "BID", "TID", "QID", "QD", "QOD", "Q4H", "Q6H"})
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
_NOTE = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"


def record_to_fhir(record: Json) -> Json:
    """A Connective record → a Bundle of type collection."""
    url_of = full_urls(record)
    entries: Json = []
    patient, provider = record.get("patient"), record.get("responsibleProvider")
    practitioner = _practitioner(provider) if provider else None
    provider_url = url_of("provider/0") if practitioner else None
    patient_url = None
    if patient:
        patient_url = url_of("patient/0")
        entries.append({"fullUrl": patient_url, "resource": _person(patient, provider_url)})
    if practitioner:
        entries.append({"fullUrl": provider_url, "resource": practitioner})
    for index, diagnosis in enumerate(record.get("diagnoses") or ()):
        made = _condition(diagnosis, patient_url)
        entries.append({"fullUrl": url_of(f"diagnoses/{index}"), "resource": made})
    index = 0
    for group in record.get("medications") or ():
        orders: Json = group.get("medicationRequests") or [{}]
        for order in orders:
            made = _medication_request(group, order, patient_url)
            entries.append({"fullUrl": url_of(f"medications/{index}"), "resource": made})
            index += 1
    for index, note in enumerate(record.get("clinicalNotes") or ()):
        made = _document(note, patient_url)
        entries.append({"fullUrl": url_of(f"notes/{index}"), "resource": made})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _system(oid: str) -> str:
    return _OIDS.get(oid) or "urn:oid:" + oid


def _person(patient: Json, provider_url: str | None) -> Json:
    r: Json = {"resourceType": "Patient"}
    if mrn := patient.get("mrn"):
        identifier: Json = {"type": {"coding": [{"system": _V2_0203, "code": "MR"}]}}
        if root := mrn.get("root"):
            identifier["system"] = _system(root)
        if extension := mrn.get("extension"):
            identifier["value"] = extension
        r["identifier"] = [identifier]
    if (name := patient.get("name")) and (made := _human_name(name)):
        made["use"] = "official"
        r["name"] = [made]
    if points := patient.get("contactPoints"):
        r["telecom"] = [_contact_point(point) for point in points]
    gender = patient.get("gender")
    r["gender"] = _SEX[gender] if gender else "unknown"
    if born := patient.get("birthDate"):
        r["birthDate"] = born
    if addresses := patient.get("addresses"):
        r["address"] = [_address(address) for address in addresses]
    if provider_url:
        r["generalPractitioner"] = [{"reference": provider_url}]
    return r


def _human_name(name: Json) -> Json:
    made: Json = {}
    if family := name.get("family"):
        made["family"] = family
    if given := name.get("given"):
        made["given"] = list(given)
    if prefix := name.get("prefix"):
        made["prefix"] = [prefix]
    if suffix := name.get("suffix"):
        made["suffix"] = [suffix]
    return made


def _contact_point(point: Json) -> Json:
    made = {}
    if system := point.get("contactPointSystem"):
        made["system"] = _CP_SYSTEMS[system]
    if value := point.get("value"):
        made["value"] = value
    if use := point.get("contactPointUse"):
        made["use"] = use.lower()
    return made


def _address(address: Json) -> Json:
    made = {}
    if lines := address.get("lines"):
        made["line"] = list(lines)
    if city := address.get("city"):
        made["city"] = city
    if state := address.get("state"):
        made["state"] = state
    if code := address.get("zip"):
        made["postalCode"] = code
    return made


def _practitioner(provider: Json) -> Json:
    r: Json = {"resourceType": "Practitioner"}
    if npi := provider.get("npi"):
        r["identifier"] = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]
    if (name := provider.get("name")) and (made := _human_name(name)):
        r["name"] = [made]
    return r if len(r) > 1 else None


def _condition(diagnosis: Json, patient_url: str | None) -> Json:
    get = diagnosis.get
    r: Json = {
        "resourceType": "Condition",
        "category": [{"coding": [{"system": _CATEGORY, "code": "problem-list-item"}]}],
    }
    if (active := get("active")) is not None:
        code = "active" if active else "inactive"
        r["clinicalStatus"] = {"coding": [{"system": _CLINICAL, "code": code}]}
    if coding := _coding(diagnosis):
        r["code"] = {"coding": [coding]}
    if patient_url:
        r["subject"] = {"reference": patient_url}
    if date := get("date"):
        r["recordedDate"] = date
    return r


def _coding(code: Json) -> Json:
    made = {}
    if system := code.get("codeSystem"):
        made["system"] = _system(system)
    if value := code.get("code"):
        made["code"] = value
    if display := code.get("displayName"):
        made["display"] = display
    return made


def _quantity(value: Json, unit: Json) -> Json:
    made = {}
    if value is not None:
        made["value"] = value
    if unit:
        made["unit"] = unit
    return made


def _medication_request(group: Json, order: Json, patient_url: str | None) -> Json:
    get = order.get
    r: Json = {"resourceType": "MedicationRequest", "intent": "order"}
    extension: Json = []
    if (active := group.get("active")) is not None:
        r["status"] = "active" if active else "completed"
        extension.append({"url": X + "vendor-active", "valueBoolean": active})
    else:
        r["status"] = "unknown"
    if (code := group.get("nameCode")) and (made := _coding(code)):
        extension.append({"url": X + "medication-name", "valueCoding": made})
    if (code := group.get("classCode")) and (made := _coding(code)):
        extension.append({"url": X + "medication-class", "valueCoding": made})
    if (code := group.get("scheduleCode")) and (made := _coding(code)):
        extension.append({"url": X + "controlled-substance-schedule", "valueCoding": made})
    if (code := get("form")) and (made := _coding(code)):
        extension.append({"url": X + "dose-form", "valueCoding": made})
    dosage = get("dosageInstruction") or {}
    if made := _quantity(dosage.get("strengthValue"), dosage.get("strengthUnit")):
        extension.append({"url": X + "strength", "valueQuantity": made})
    if extension:
        r["extension"] = extension
    if (code := get("code")) and (made := _coding(code)):
        r["medicationCodeableConcept"] = {"coding": [made]}
    else:
        r["medicationCodeableConcept"] = {"coding": [{"system": _ABSENT, "code": "unknown"}]}
    if patient_url:
        r["subject"] = {"reference": patient_url}
    if date := get("prescribedDate"):
        r["authoredOn"] = date
    r["requester"] = {"extension": [{"url": _ABSENT_EXTENSION, "valueCode": "unknown"}]}
    if made := _dosage(order, dosage):
        r["dosageInstruction"] = [made]
    dispense: Json = {}
    if (fill := get("initialFillQuantity")) is not None:
        dispense["initialFill"] = {"quantity": {"value": fill}}
    if (refills := get("numberOfRefillsAllowed")) is not None:
        dispense["numberOfRepeatsAllowed"] = refills
    if dispense:
        r["dispenseRequest"] = dispense
    return r


def _dosage(order: Json, dosage: Json) -> Json:
    get = order.get
    made: Json = {}
    timing: Json = {}
    value, unit = get("frequencyValue"), get("frequencyUnit")
    if value == 1 and unit in _UNITS:
        timing["repeat"] = {"frequency": 1, "period": 1, "periodUnit": unit}
    elif interval := _quantity(value, unit):
        made["extension"] = [{"url": X + "dosing-interval", "valueQuantity": interval}]
    if text := dosage.get("text"):
        made["text"] = text
    if event := get("timingEvent"):
        known = event in _TIMES
        timing["code"] = {"coding": [{"system": _GTS, "code": event}]} if known else {"text": event}
    if timing:
        made["timing"] = timing
    if (route := get("route")) and (coding := _coding(route)):
        made["route"] = {"coding": [coding]}
    if dose := _quantity(dosage.get("amountValue"), dosage.get("amountUnit")):
        made["doseAndRate"] = [{"doseQuantity": dose}]
    return made


def _document(note: Json, patient_url: str | None) -> Json:
    r: Json = {
        "resourceType": "DocumentReference",
        "status": "current",
        "category": [{"coding": [{"system": _NOTE, "code": "clinical-note"}]}],
    }
    if (code := note.get("code")) and (coding := _coding(code)):
        r["type"] = {"coding": [coding]}
    else:
        r["type"] = {"coding": [{"system": _NULL_FLAVOR, "code": "UNK"}]}
    if patient_url:
        r["subject"] = {"reference": patient_url}
    date, lines = note.get("date"), note.get("lines")
    attachment: Json = {"contentType": "text/plain; charset=utf-8"}
    if lines:
        attachment["data"] = base64.b64encode("\n".join(lines).encode()).decode()
    if date:
        attachment["creation"] = date
        r["context"] = {"period": {"start": date}}
    if len(attachment) > 1:
        r["content"] = [{"attachment": attachment}]
    return r
