"""HTTP: requests become `FhirRequest`, answers become bytes, and failures leave by one door."""
