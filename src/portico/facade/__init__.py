"""FHIR behaviour over vendors that know no FHIR: FhirRequest in, FhirResponse out, through ports."""
