"""The closed set of converters: lenses between a vendor value and a FHIR value."""
