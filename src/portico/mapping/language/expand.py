"""Macros: slices and struct types are replaced by what they stand for.

`name: name[0] | Name` becomes one rule per rule of `Name`, with both sides prefixed, so that
everything after this step knows only rules between single places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count

from portico.mapping.language.grammar import fail
from portico.mapping.language.rule import (
    Cases,
    Claim,
    Constant,
    Direction,
    FhirPath,
    Rule,
    Selector,
    Shape,
    Step,
    StructType,
    Target,
    Test,
)
from portico.mapping.language.rule_reader import with_slices

_groups = count(1)


def expand_shape(
    shape: Shape, slices: Mapping[str, FhirPath], types: Mapping[str, StructType]
) -> Shape:
    """Replace slices and types everywhere in a shape."""
    sliced = (_slice_rule(rule, slices, types) for rule in shape.rules)
    rules = tuple(made for rule in sliced for made in _expand_types(rule, types))
    return replace(
        shape,
        rules=rules,
        constants=tuple(_slice_constant(one, slices) for one in shape.constants),
        fallback=tuple(_slice_constant(one, slices) for one in shape.fallback),
    )


def _slice_constant(constant: Constant, slices: Mapping[str, FhirPath]) -> Constant:
    return replace(constant, path=_resolve(constant.path, slices))


def _slice_rule(
    rule: Rule, slices: Mapping[str, FhirPath], types: Mapping[str, StructType]
) -> Rule:
    targets = tuple(
        replace(target, paths=tuple(_resolve(path, slices) for path in target.paths))
        for target in rule.targets
    )
    cases = rule.cases
    if cases:
        paths = tuple(_resolve(path, slices) for path in cases.paths)
        cases = replace(cases, paths=paths)
    each = expand_shape(rule.each, {}, types) if rule.each else None
    return replace(rule, targets=targets, cases=cases, each=each)


def _resolve(path: FhirPath, slices: Mapping[str, FhirPath]) -> FhirPath:
    path = with_slices(path, slices)
    steps = tuple(
        _with_next(step, path.steps[index + 1]) if step.selector and step.selector.has else step
        for index, step in enumerate(path.steps)
    )
    return FhirPath(steps, path.text, path.place)


def _with_next(step: Step, following: Step) -> Step:
    """`category[has].coding[system=x]`: the entry is known by what the next step selects."""
    tests = following.selector.tests if following.selector else ()
    found = tuple(Test((following.name, *test.path), test.value) for test in tests)
    return replace(step, selector=Selector(tests=found, has=True))


def _expand_types(rule: Rule, types: Mapping[str, StructType]) -> Iterator[Rule]:
    used = [target.calls[-1].name for target in rule.targets if target.calls]
    if not any(name in types for name in used):
        yield rule
        return
    found = next(name for name in used if name in types)
    kind = types[found]
    if used.count(found) != len(rule.targets):
        what = f"the type '{found}' stands at one target of the member and not at all"
        raise fail("E117", rule.place, what, "name it at each, or make a rule of its own")
    group = next(_groups)
    said = [Claim(one.paths[0], kind.of) for one in rule.targets if kind.of and one.paths]
    for inner in kind.rules:
        prefixed = tuple(member.under(rule.members[0]) for member in inner.members)
        made = replace(
            inner,
            members=prefixed,
            targets=tuple(_expanded_targets(rule, inner)),
            cases=_expanded_cases(rule, inner),
            place=rule.place,
            group=group,
            claims=(*rule.claims, *inner.claims, *said),
        )
        yield from _expand_types(made, types)


def _expanded_targets(rule: Rule, inner: Rule) -> Iterator[Target]:
    for outer in rule.targets:
        for target in inner.targets:
            direction = _combine(outer.direction, target.direction)
            if direction:
                paths = tuple(path.under(outer.paths[0]) for path in target.paths)
                yield replace(target, direction=direction, paths=paths, place=outer.place)


def _expanded_cases(rule: Rule, inner: Rule) -> Cases | None:
    if inner.cases is None:
        return None
    prefix = rule.targets[0].paths[0]
    return replace(inner.cases, paths=tuple(path.under(prefix) for path in inner.cases.paths))


def _combine(outer: Direction, inner: Direction) -> Direction | None:
    if outer is Direction.BOTH:
        return inner
    return outer if inner in (Direction.BOTH, outer) else None
