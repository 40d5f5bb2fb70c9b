"""Convert a vendor's record to FHIR, change it, and see what the vendor would be sent.

No server and no network: only the mapping module, used as a library.

    python examples/convert_record.py
"""

from portico import Record, Resource
from portico.document import dump
from portico.mapping.conversion.context import Context
from portico.mapping.language.terminology import load_terminology
from portico.mapping.load import find_mappings, load_module

RECORD = Record(
    {
        "id": "5eb7cf5a86d9755df3a6c593",
        "ehr_patient_id": "EHR123456",
        "first_name": "John",
        "last_name": "Doe",
        "birth_date": "1990-01-15",
        "gender": "MALE",
        "phone": "+1234567890",
        "demographic_string": "John Doe, M, 1990-01-15",
    }
)


def main() -> None:
    mappings = find_mappings()
    terminology = load_terminology(mappings / "terminology")
    module = load_module(mappings / "heidi" / "patient-profile.yaml", terminology)

    patient = module.to_fhir(RECORD, Context())
    print("FHIR:", dump(patient, pretty=True).decode(), sep="\n")

    name = {**patient["name"][0], "family": "Smith"}
    edited = Resource({**patient, "name": [name], "maritalStatus": {"text": "married"}})
    change = module.to_vendor(edited, RECORD, Context())
    for step in change.steps:
        print(f"{step.operation}:", dump(step.body).decode())
    for loss in change.report:
        print(f"{loss.kind}: {loss.expression}: {loss.reason}")


if __name__ == "__main__":
    main()
