"""Bundles compiled to Python: one function puts a vendor object's resources together.

    to_bundle(v, x, url)   record → Bundle   (url: the full URL of a place in the record)

A single part that others refer to has its full URL before any other part is made.
"""

from collections.abc import Callable, Mapping

from portico import Json
from portico.mapping.compiling.compile import CompiledShape
from portico.mapping.compiling.emit import Source
from portico.mapping.language.rule import Part

_NO_ITEM: tuple[Json, ...] = ({},)
"""What a group without items holds: one item that says nothing."""

Shapes = Mapping[str, CompiledShape]


def compile_bundle(parts: tuple[Part, ...], shapes: Shapes, name: str) -> Callable[..., Json]:
    """`to_bundle` of a module; its failures are bare, in the files of the shapes."""
    source = Source()
    with source.block("def to_bundle(v, x, url):"):
        source.line("refs, entries = {}, []")
        singles = [_Single(source, part, shapes[part.name]) for part in parts if not part.repeats]
        for one in singles:
            one.refer()
        for part in parts:
            _repeated(source, part, shapes[part.name])
            for one in singles:
                one.add(part)
        source.line("return {'resourceType': 'Bundle', 'type': 'collection', 'entry': entries}")
    names = source.names | {"EMPTY": {}, "NO_ITEM": _NO_ITEM, "within": within}
    exec(compile("\n".join(source.text), f"<mapping {name}>", "exec"), names)  # noqa: S102  # our own source, from checked rules
    made: Callable[..., Json] = names["to_bundle"]  # type: ignore[assignment]  # what the source defines
    return made


class _Single:
    """A part that a record has once: its item, its resource and its full URL in locals."""

    def __init__(self, source: Source, part: Part, shape: CompiledShape) -> None:
        self._source, self._part, self._is_certain = source, part, shape.is_certain
        self._item, self._made, self._url = (source.fresh(one) for one in ("v", "m", "u"))
        self._is_alone = not any(constant.reference for constant in part.shape.constants)
        self._make = f"{source.use('make', shape.convert)}({self._item}, EMPTY, x, "
        source.line(f"{self._item} = {_within('v', part.origin)}")

    def refer(self) -> None:
        """Tell the others where the part is, if the record has it."""
        there = self._item
        if self._is_alone or not self._is_certain:
            there = f"{self._made} is not None"
            self._line(f"{self._made} = {self._make}EMPTY) if {self._item} else None")
        self._line(f"{self._url} = None")
        self._line(f"if {there}: refs[{self._part.name!r}] = {self._url} = url({self._place})")

    def add(self, part: Part) -> None:
        """Add the resource where its turn comes, with all references."""
        if part is self._part:
            if not self._is_alone:
                self._line(f"{self._made} = {self._make}refs) if {self._item} else None")
            url = f"{self._url} or url({self._place})"
            self._line(f"if {self._made} is not None: {_append(self._made, url)}")

    def _line(self, text: str) -> None:
        self._source.line(text)

    @property
    def _place(self) -> str:
        return repr(f"{self._part.name}/0")


def _repeated(source: Source, part: Part, shape: CompiledShape) -> None:
    """A part that a record has many of, perhaps in groups."""
    if not part.repeats:
        return
    index, group = source.fresh("i"), source.fresh("w")
    source.line(f"{index} = 0")
    listed = f"{_within('v', part.origin)} or ()"
    if not part.inner:
        _items(source, (part, shape), (listed, "EMPTY", index))
        return
    with source.block(f"for {group} in {listed}:"):
        source.line(f"if not {group}: {group} = EMPTY")
        items = f"{_within(group, part.inner)} or NO_ITEM"
        _items(source, (part, shape), (items, group, index))


def _items(
    source: Source, made_by: tuple[Part, CompiledShape], names: tuple[str, str, str]
) -> None:
    (part, shape), (listed, up, index) = made_by, names
    item, made = source.fresh("v"), source.fresh("m")
    with source.block(f"for {item} in {listed}:"):
        source.line(f"{made} = {source.use('make', shape.convert)}({item}, {up}, x, refs)")
        with source.block(f"if {made} is not None:"):
            source.line(_append(made, f"url(f'{part.name}/{{{index}}}')"))
            source.line(f"{index} += 1")


def _append(made: str, url: str) -> str:
    return f"entries.append({{'fullUrl': {url}, 'resource': {made}}})"


def _within(value: str, steps: tuple[str, ...]) -> str:
    return f"within({value}, {steps!r})"


def within(value: Json, steps: tuple[str, ...]) -> Json:
    """The value at the end of some members; None where the way to it ends early."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
