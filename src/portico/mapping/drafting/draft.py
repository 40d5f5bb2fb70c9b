"""A draft of a module: what the names and forms of a vendor's members suggest, nothing active.

Every suggestion is a comment with its reason. A person decides; `portico map check` says what is
undecided. No value of a sample gets into a draft, only codes that look like codes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portico import Json
from portico.mapping.drafting.hints import BY_FORM, HINTS, LISTS, RESOURCES, Hint
from portico.mapping.drafting.infer import codes_of, form_of, values_at, words_of
from portico.mapping.language.schema import Schema

_DAYS = frozenset({"YYYYMMDD", "MM/DD/YYYY", "DD.MM.YYYY"})
_NOTES = frozenset({"note", "notes", "comment", "comments"})
_WIDTH = 30


@dataclass(frozen=True)
class Draft:
    """What a module is drafted from. `schemas` are file names by role, as `vendor` names them.

    `key` are the members that address a record, where a contract tells.
    """

    vendor: str
    object: str
    schema: Schema
    schemas: Mapping[str, str]
    samples: Sequence[Json] = ()
    key: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class _Member:
    """A member: its path without `[]`, its kind, the form of its texts, and codes seen.

    `is_referred` tells that it belongs to an object with an id: to something else than the record.
    """

    path: str
    kind: str
    form: str
    codes: tuple[str, ...]
    is_referred: bool


@dataclass
class _Suggestions:
    """Lines for `codes` and `rules`, each with its reason, and the members without one."""

    codes: list[tuple[str, str]] = field(default_factory=list)
    rules: list[tuple[str, str, str]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


def resource_type(name: str) -> tuple[str, str, str]:
    """The resource type and profile that an object's name suggests, and why."""
    words = [each.removesuffix("s") for each in words_of(name)] + list(words_of(name))
    for word in words:
        if word in RESOURCES:
            return (*RESOURCES[word], f"by the word '{word}'")
    return (*RESOURCES["patient"], "a guess: nothing in the name tells; correct it")


def draft_module(draft: Draft) -> str:
    """The text of a module file."""
    kind, profile, why = resource_type(draft.object)
    found = _suggestions(draft, kind)
    roles = "".join(f"  {role}: {file}\n" for role, file in draft.schemas.items())
    codes = "".join(f"  # {line}   # {reason}\n" for line, reason in found.codes)
    return (
        f"{_head(draft.vendor)}"
        f"portico: 1\nmodule: {draft.vendor}.{draft.object}\n"
        f"resource: {kind}   # {why}\nprofile: {profile}\n\n"
        f"vendor:\n{roles}\n"
        f"codes:\n{codes}\n"
        f"rules:\n{''.join(_rule_lines(found))}\n"
        '# drop:\n#   "why it has no place in FHIR": [member]\n'
        '# absent:\n#   "why the vendor cannot fill it": [element]\n'
    )


def _head(vendor: str) -> str:
    return (
        "# yaml-language-server: $schema=module.schema.json\n"
        "# A draft, made from names and forms: no rule is active. Remove the '# ' of each that is\n"
        "# right, correct the others, and let this tell what is left to decide:\n"
        f"#   portico map check {vendor}\n"
    )


def _rule_lines(found: _Suggestions) -> Iterator[str]:
    for left, right, reason in found.rules:
        yield f"  # {left + ':':<{_WIDTH}} {right}   # {reason}\n"
    if found.without:
        yield "  # without a suggestion:\n"
    for member in found.without:
        yield f"  #   {member}\n"


def _suggestions(draft: Draft, kind: str) -> _Suggestions:
    found = _Suggestions()
    taken: dict[str, str] = {}
    joined: dict[str, list[str]] = {}
    lists: dict[str, list[str]] = {}
    leaves = dict(draft.schema.leaves())
    for path, leaf in leaves.items():
        outer, is_list, inner = path.partition("[].")
        if is_list:
            lists.setdefault(outer, []).append(inner.replace("[]", ""))
            continue
        parent = path.rpartition(".")[0]
        member = _member(path, leaf, draft.samples, is_referred=f"{parent}.id" in leaves)
        _suggest(member, draft, kind, (found, taken, joined))
    for hint in HINTS:
        if members := joined.get(hint.right):
            line = f'{hint.right} | list "{hint.join}"'
            found.rules.append((" + ".join(members), line, hint.why))
    for outer, members in lists.items():
        _suggest_list(outer, members, found)
    return found


def _member(path: str, leaf: Json, samples: Sequence[Json], *, is_referred: bool) -> _Member:
    kinds = leaf.get("type", "string")
    kind = next((one for one in kinds if one != "null"), "") if isinstance(kinds, list) else kinds
    values = values_at(samples, path)
    codes = tuple(str(code) for code in leaf.get("enum", ()) if code is not None)
    form = form_of(values) or str(leaf.get("format", ""))
    codes = codes or codes_of(values)
    return _Member(path.replace("[]", ""), kind, form, codes, is_referred)


def _suggest(
    member: _Member,
    draft: Draft,
    kind: str,
    into: tuple[_Suggestions, dict[str, str], dict[str, list[str]]],
) -> None:
    found, taken, joined = into
    if member.path == draft.key[-1] and len(draft.key) > 1:
        found.rules.append((" + ".join(draft.key), "-> id | packed", "the key in its address"))
        return
    if _is_own_key(member.path, draft.object):
        found.rules.append((member.path, "-> id | id", "the object's own key"))
        return
    right, why, hint = _meaning(member, kind)
    if not right:
        found.without.append(f"{member.path} ({member.kind or 'any type'})")
    elif hint and hint.join and member.kind != "array":
        joined.setdefault(hint.right, []).append(member.path)
    elif right in taken:
        found.without.append(f"{member.path}: like {taken[right]}, it could be {right}")
    else:
        taken[right] = member.path
        if hint and hint.table:
            name = member.path.replace(".", "-")
            found.codes.append(_table(name, hint, member.codes))
            right = f"{right} | {hint.table} {name}"
        found.rules.append((member.path, f"{right}{_converter(member, hint)}", why))


def _is_own_key(path: str, thing: str) -> bool:
    own = {"id", "uuid", "guid", "key"}
    words = list(words_of(path))
    return "." not in path and (path in own or words in ([*words_of(thing), "id"], ["own", "id"]))


def _meaning(member: _Member, kind: str) -> tuple[str, str, Hint | None]:
    """(right-hand side, reason, hint) of a member in a resource type."""
    if (kind, member.form) in BY_FORM:
        return (*BY_FORM[kind, member.form], None)
    for hint in HINTS:
        if _fits(hint, member, kind):
            return hint.right, hint.why, hint
    return "", "", None


def _fits(hint: Hint, member: _Member, resource: str) -> bool:
    if (hint.types and resource not in hint.types) or member.kind not in hint.kinds:
        return False
    is_dated = member.form in _DAYS | {"date", "date-time"}
    if is_dated and not hint.day and not hint.right.startswith("-> "):
        return False
    return any(_says(member, words) for words in hint.alternatives)


def _says(member: _Member, wanted: frozenset[str]) -> bool:
    """One word has to stand in the member's own name, several may stand in those around it too."""
    own = frozenset(words_of(member.path.rpartition(".")[2]))
    if own & _NOTES and not wanted & _NOTES:
        return False
    around = frozenset(words_of(member.path)) if len(wanted) > 1 else own
    return wanted <= around and not (len(wanted) == 1 and member.is_referred)


def _converter(member: _Member, hint: Hint | None) -> str:
    if hint is None:
        return ""
    if hint.day:
        if member.form in _DAYS:
            return f" | date {member.form}"
        return (
            " | instant" if member.form == "date-time" and hint.right != "birthDate" else " | date"
        )
    return " | string" if hint.text and member.kind == "integer" else ""


def _table(name: str, hint: Hint, seen: tuple[str, ...]) -> tuple[str, str]:
    """A code table with the codes that were seen and are known, and what to ask."""
    known = {code: hint.codes[code.lower()] for code in seen if code.lower() in hint.codes}
    rows = ", ".join(f"{code}: {meaning}" for code, meaning in _winners(known))
    unknown = [code for code in seen if code not in known]
    asked = f"what do these mean: {', '.join(unknown)}? " if unknown else ""
    reason = f"{asked}complete it from the contract"
    system = f"system: {hint.system}, map: " if hint.system else ""
    table = f"{{{system}{{{rows}}}}}" if system else f"{{{rows}}}"
    return f"{name}: {table}", reason


def _winners(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Only the first of several codes with one meaning is written back."""
    given: set[str] = set()
    for code, meaning in known.items():
        yield code, f"-> {meaning}" if meaning in given else meaning
        given.add(meaning)


def _suggest_list(outer: str, members: Sequence[str], found: _Suggestions) -> None:
    words = frozenset(words_of(outer.rpartition(".")[2]))
    for target, (names, known) in LISTS.items():
        rules = {
            member: right
            for word, right in known.items()
            for member in members
            if word in words_of(member)
        }
        if words & frozenset(names.split("|")) and rules:
            unique = {right: member for member, right in rules.items()}
            inner = ", ".join(f"{member}: {right}" for right, member in unique.items())
            line = f"{{each: {target}, rules: {{{inner}}}}}"
            found.rules.append((f"{outer}[]", line, f"a list like {target}"))
            members = [member for member in members if member not in unique.values()]
            break
    found.without += [f"{outer}[].{member}" for member in members]
