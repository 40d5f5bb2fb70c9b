"""Whether an id tells which object of a vendor it is of, where several show as one type."""

from collections.abc import Iterable, Iterator

from portico.errors import Finding, Place
from portico.mapping.load import ObjectModule
from portico.mapping.running.fan import FanModule
from portico.mapping.running.module import SingleModule

_REMEDY = (
    'make the ids tell: `| prefix "…-"` in the rule of `id`, or another `suffix` in a part of rows'
)


def ambiguous_ids(modules: Iterable[ObjectModule]) -> Iterator[Finding]:
    """E504 for each module or part whose ids could be those of another one of its type."""
    seen: dict[tuple[str, str], str] = {}
    for module in modules:
        for type_name, mark, place in _marks(module):
            other = seen.setdefault((type_name, mark), module.name)
            if other != module.name:
                what = f"an id of this {type_name} could also be one of {other}"
                yield Finding("E504", place, what, _REMEDY)


def _marks(module: ObjectModule) -> Iterator[tuple[str, str, Place]]:
    """Each resource type with what marks its ids, and where that is said."""
    match module:
        case SingleModule():
            yield module.shape.type, _prefix(module), _place(module)
        case FanModule():
            for name, part in module.parts.items():
                yield part.shape.type, module.rows.suffix(name), _place(part)


def _prefix(module: SingleModule) -> str:
    calls = module.identity.lane.converters if module.identity else ()
    return next((call for call in calls if call.split()[0] == "prefix"), "")


def _place(module: SingleModule) -> Place:
    return module.identity.lane.place if module.identity else module.spec.place
