"""Jinja2 for display strings, towards the vendor: sandboxed, strict, one way; and for pages.

Templates are part of a module or of Portico, and never come from a request.
"""

from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portico import Json

# plain text for vendors' JSON members: escaping HTML here would change what a person reads
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_pages = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@cache
def _compiled(text: str) -> tuple[Template, frozenset[str]]:
    names = meta.find_undeclared_variables(_environment.parse(text))
    return _environment.from_string(text), frozenset(names)


def members_of(text: str) -> frozenset[str]:
    """The members that a template asks for. Raises ValueError where it is no template."""
    try:
        return _compiled(text)[1]
    except TemplateError as error:
        raise ValueError(str(error)) from error


def render(text: str, record: Json) -> str:
    """Fill a template with the members of a record; a missing member is None."""
    template, names = _compiled(text)
    return template.render({name: record.get(name) for name in names})


def render_page(text: str, **values: object) -> str:
    """Fill the template of an HTML page; every value is escaped."""
    return _pages.from_string(text).render(values)
