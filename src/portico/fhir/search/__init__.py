"""Searches as R4 defines them: parameters, queries, and which resources match.

https://hl7.org/fhir/R4/search.html
"""

from portico.fhir.search.match import matches
from portico.fhir.search.parameters import Parameter, parameters
from portico.fhir.search.parse import MAX_COUNT, parse_query
from portico.fhir.search.query import (
    Criterion,
    DateValue,
    Query,
    ReferenceValue,
    StringValue,
    TokenValue,
    Value,
    date_range,
)

__all__ = [
    "MAX_COUNT",
    "Criterion",
    "DateValue",
    "Parameter",
    "Query",
    "ReferenceValue",
    "StringValue",
    "TokenValue",
    "Value",
    "date_range",
    "matches",
    "parameters",
    "parse_query",
]
