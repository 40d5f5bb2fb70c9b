"""FHIR behaviour over vendors that know no FHIR: requests in, responses out, through ports."""
