"""A connection file and the modules of its folder, held against each other and against R4.

Nothing here keeps a vendor from being served; `portico map check` tells it.
"""

from collections.abc import Iterator, Mapping

from portico.errors import Finding
from portico.fhir.search.parameters import parameters
from portico.mapping.checking.settings import undeclared_settings
from portico.mapping.compiling.tree import close
from portico.mapping.load import ObjectModule
from portico.vendor.model import Vendor, VendorObject


def disagreements(vendor: Vendor, modules: Mapping[str, ObjectModule]) -> Iterator[Finding]:
    """E503, C113 and C114; `modules` are by the name of their file without its end."""
    for module in modules.values():
        yield from undeclared_settings(vendor.settings, module)
    for thing in vendor.objects.values():
        mapped = modules.get((thing.module or thing.name).removesuffix(".yaml"))
        yield from _unknown_parameters(thing, mapped) if mapped is not None else ()
        yield from _unheld_answers(thing)


def _unknown_parameters(thing: VendorObject, module: ObjectModule) -> Iterator[Finding]:
    """C113 for names that are no search parameter of the module's types, where these are known."""
    known = {name for type_name in module.resource_types for name in parameters(type_name)}
    for name, place in thing.parameter_places.items():
        if known and name not in known:
            types = " or ".join(module.resource_types)
            near = close(name, known)
            remedy = f"did you mean '{near}'?" if near else f"known: {', '.join(sorted(known))}"
            yield Finding("C113", place, f"'{name}' is no search parameter of {types}", remedy)


def _unheld_answers(thing: VendorObject) -> Iterator[Finding]:
    """C114 for records that are read and held against no schema, so that drift goes unnoticed."""
    for operation in (thing.read, thing.search):
        if operation is None or operation.each or operation.answer.kind != "record":
            continue
        if operation.answer.schema is None:
            what = f"{thing.name}: the answers have no schema, so a change of theirs goes unnoticed"
            remedy = f"name one in schemas/, such as 'schema: {thing.name}.schema.json'"
            yield Finding("C114", thing.place, what, remedy)
            return
