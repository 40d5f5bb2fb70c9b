"""What the code never does: swallow failures, fake its parts, keep state in modules."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ONE_DOOR = "web/error_handlers.py"
CONTAINERS = {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict"}
MUTATORS = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}
READ_ONLY = "Mapping["

Plant = Callable[[str, str], Path]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def broad_handlers(path: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: catches every failure"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type)
    ]


def is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(is_broad(member) for member in caught.elts)
    return caught is None or ast.unparse(caught) in ("Exception", "BaseException")


def mocks(path: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: imports a mock"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in imported(node)
    ]


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names.append(node.module or "")
    return {word for name in names for word in name.split(".")}


def registries(path: Path) -> list[str]:
    """Find containers of a module that start empty or are changed by its functions."""
    module = tree(path)
    filled = changed_names(module)
    return [
        f"{path}:{line}: '{name}' is state in a module"
        for name, value, line in module_values(module)
        if is_empty_container(value) or (name in filled and is_container(value))
    ] + [
        f"{path}:{node.lineno}: 'global' is state in a module"
        for node in ast.walk(module)
        if isinstance(node, ast.Global)
    ]


def module_values(module: ast.Module) -> Iterator[tuple[str, ast.expr, int]]:
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and not ast.unparse(node.annotation).startswith(
            READ_ONLY
        ):
            targets = [node.target]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for target in targets:
                yield ast.unparse(target), node.value, node.lineno


def is_container(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] in CONTAINERS
    displays = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
    return isinstance(value, displays)


def is_empty_container(value: ast.expr) -> bool:
    parts = list(ast.iter_child_nodes(value))
    inside = parts[1:] if isinstance(value, ast.Call) else parts
    return is_container(value) and not [part for part in inside if not isinstance(part, ast.Load)]


def changed_names(module: ast.Module) -> set[str]:
    return {name for node in ast.walk(module) for name in changed_by(node)}


def changed_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield ast.unparse(node.value)
    method = node.func if isinstance(node, ast.Call) else None
    if isinstance(method, ast.Attribute) and method.attr in MUTATORS:
        yield ast.unparse(method.value)


def test_only_the_one_door_catches_every_failure(package: Path, sources: list[Path]) -> None:
    elsewhere = [path for path in sources if path != package / ONE_DOOR]
    assert [finding for path in elsewhere for finding in broad_handlers(path)] == []


def test_nothing_is_mocked(sources: list[Path], tests: list[Path]) -> None:
    assert [finding for path in [*sources, *tests] for finding in mocks(path)] == []


def test_no_module_holds_state(sources: list[Path]) -> None:
    assert [finding for path in sources for finding in registries(path)] == []


def test_every_way_to_catch_all_is_found(plant: Plant) -> None:
    attempt = "try:\n    f()\nexcept{}:\n    pass\n"
    for caught in ("", " Exception", " BaseException as error", " (ValueError, Exception)"):
        assert len(broad_handlers(plant("broad.py", attempt.format(caught)))) == 1
    assert broad_handlers(plant("narrow.py", attempt.format(" (ValueError, KeyError)"))) == []


def test_every_way_to_import_a_mock_is_found(plant: Plant) -> None:
    for line in ("import unittest.mock", "from unittest import mock", "from mock import patch"):
        assert len(mocks(plant("mocked.py", line))) == 1
    assert mocks(plant("plain.py", "import unittest")) == []


def test_a_registry_is_found(plant: Plant) -> None:
    for code in (
        "SEEN = {}",
        "seen: list[str] = []",
        "SEEN = set()",
        "SEEN = defaultdict(list)\ndef f(x): SEEN[x] = 1",
        "SEEN = {'a': 1}\ndef f(x): SEEN[x] = 1",
        "SEEN = ['a']\ndef f(x): SEEN.append(x)",
        "COUNT = 0\ndef f():\n    global COUNT\n    COUNT += 1",
    ):
        assert len(registries(plant("registry.py", code))) == 1, code


def test_a_table_that_nobody_changes_is_no_registry(plant: Plant) -> None:
    table = "WORDS = {'a': 1}\ndef f(x):\n    found = {}\n    found[x] = WORDS[x]\n    return found"
    assert registries(plant("table.py", table)) == []
    assert registries(plant("none.py", "NONE: Mapping[str, str] = {}")) == []
