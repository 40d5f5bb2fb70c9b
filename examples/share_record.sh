#!/bin/sh
# Share a whole record with a network that takes snapshots only: one transaction, one vendor call.
# Start `portico demo`, then: sh examples/share_record.sh http://127.0.0.1:8000/fhir/connective
set -eu
base=${1:-http://127.0.0.1:8000/fhir/connective}

curl -sS --fail-with-body "$base/" \
  -H 'Content-Type: application/fhir+json' \
  --data-binary @- <<'JSON'
{
  "resourceType": "Bundle",
  "type": "transaction",
  "entry": [
    {
      "fullUrl": "urn:uuid:0c3e1f0a-6d0c-4b0e-8a55-6f7a3a0f2b01",
      "request": {"method": "POST", "url": "Patient"},
      "resource": {
        "resourceType": "Patient",
        "identifier": [{
          "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
          "system": "urn:oid:1.2.3.4",
          "value": "ABC123"
        }],
        "name": [{"family": "Johnson", "given": ["John", "Aaron"], "prefix": ["Mr."]}],
        "birthDate": "1992-04-09",
        "address": [{"line": ["123 Main St"], "city": "Minneapolis", "state": "MN", "postalCode": "55401"}],
        "telecom": [{"system": "phone", "use": "home", "value": "9525551234"}]
      }
    },
    {
      "fullUrl": "urn:uuid:0c3e1f0a-6d0c-4b0e-8a55-6f7a3a0f2b02",
      "request": {"method": "POST", "url": "Practitioner"},
      "resource": {
        "resourceType": "Practitioner",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1414912117"}],
        "name": [{"family": "Johnson", "given": ["John", "Aaron"]}]
      }
    },
    {
      "fullUrl": "urn:uuid:0c3e1f0a-6d0c-4b0e-8a55-6f7a3a0f2b03",
      "request": {"method": "POST", "url": "Condition"},
      "resource": {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item"}]}],
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E66.01", "display": "Morbid (severe) obesity due to excess calories"}]},
        "subject": {"reference": "urn:uuid:0c3e1f0a-6d0c-4b0e-8a55-6f7a3a0f2b01"},
        "recordedDate": "2022-12-12"
      }
    }
  ]
}
JSON
