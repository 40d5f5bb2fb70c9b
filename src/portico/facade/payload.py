"""The body of a write, held against R4 before anything else is done.

R4: 400 for a resource that "could not be parsed or failed basic FHIR validation rules", 422 for
one that "violated applicable FHIR profiles or server business rules"
(https://hl7.org/fhir/R4/http.html#create). So what is wrong with the document itself is 400, and
what the vendor or its map cannot take is 422.
"""

from portico import Json, Resource
from portico.document import DocumentError, parse
from portico.errors import FhirError, Issue
from portico.facade.message import FhirRequest
from portico.fhir.media_type import check_content_type
from portico.fhir.validation import validate

MAX_BODY = 5 * 1024 * 1024


def read_resource(request: FhirRequest, resource_type: str) -> Resource:
    """The valid resource of this type in the body. FhirError 400, 413 or 415 says what is wrong."""
    document = _parsed(request)
    found = document.get("resourceType") if isinstance(document, dict) else None
    if found != resource_type:
        what = f"the body must be a {resource_type}, as the URL says"
        raise FhirError(400, Issue("invalid", what, expression=("resourceType",)))
    issues = [issue for issue in validate(resource_type, document) if issue.severity == "error"]
    if issues:
        raise FhirError(400, *issues)
    return Resource(document)


def _parsed(request: FhirRequest) -> Json:
    check_content_type(request.headers.get("content-type"))
    if len(request.body) > MAX_BODY:
        raise FhirError(413, Issue("too-long", f"a body may have {MAX_BODY} bytes"))
    if not request.body:
        raise FhirError(400, Issue("structure", "the body is empty"))
    try:
        return parse(request.body)
    except DocumentError as error:
        raise FhirError(400, Issue("structure", str(error))) from error
