"""Portico: a FHIR R4 front on proprietary health APIs.

The words that the whole project uses:

resource
    A FHIR R4 resource as JSON.
record
    One object of a vendor as JSON, in the shape in which the vendor answers it.
vendor
    A product with an API (`practice`, `heidi`).
connection
    A configured instance of a vendor: its address, its credential, its settings.
module
    The mapping of one vendor object, read from one YAML file.
rule
    One line of a module: vendor members on the left, FHIR elements on the right.
transform
    What a rule does to values on their way, in both directions.
exchange
    A conversation with a vendor: a generator that yields requests and is sent responses.
golden
    A vendor document and the FHIR document it must become, kept as a test.
"""

from typing import Any, NewType, TypeAlias

__version__ = "0.1.0"

Json: TypeAlias = Any
"""One JSON value; numbers with a fraction or an exponent are `decimal.Decimal`."""

Resource = NewType("Resource", dict[str, Any])
Record = NewType("Record", dict[str, Any])
