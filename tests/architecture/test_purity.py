"""The façade and below see no clock, no chance, no network and no file system.

The contracts of import-linter forbid whole modules; these rules find what hides in modules that
are needed for other things.
"""

import ast
from collections.abc import Callable
from pathlib import Path

PURE = ("facade", "fhir", "mapping", "vendor")
READ_FILES = {
    "fhir/definitions.py",
    "mapping/load.py",
    "mapping/language/schema.py",
    "mapping/language/source.py",
    "mapping/terminology.py",
    "vendor/connection_file.py",
}
WORLD = {
    "datetime.now": "the clock",
    "datetime.today": "the clock",
    "datetime.utcnow": "the clock",
    "date.today": "the clock",
    "uuid.uuid1": "chance",
    "uuid.uuid4": "chance",
    "uuid1": "chance",
    "uuid4": "chance",
    "os.environ": "the environment",
    "environ": "the environment",
    "print": "the terminal",
    "input": "the terminal",
}
NETWORK = {"http.client", "http.server", "urllib.request"}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob"}

Plant = Callable[[str, str], Path]


def called(node: ast.AST) -> str:
    """Give a name as it is written, with the last of its owners: `date.today`, `print`."""
    if isinstance(node, ast.Attribute):
        return f"{called(node.value).rpartition('.')[2]}.{node.attr}"
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else ""


def worldly(path: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: asks {WORLD[called(node)]}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
        if isinstance(node, ast.Attribute | ast.Name) and called(node) in WORLD
    ]


def network_imports(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return [
        f"{path}:{node.lineno}: imports the network"
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom) and imported(node) & NETWORK
    ]


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.Import):
        return names
    return {node.module or "", *(f"{node.module}.{name}" for name in names)}


def file_access(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return [
        f"{path}:{node.lineno}: touches files"
        for node in nodes
        if isinstance(node, ast.Call) and called(node.func).rpartition(".")[2] in FILES
    ]


def pure_sources(package: Path) -> list[Path]:
    return sorted(path for layer in PURE for path in (package / layer).rglob("*.py"))


def test_pure_layers_ask_nothing_of_the_world(package: Path) -> None:
    paths = pure_sources(package)
    assert paths
    assert [finding for path in paths for finding in worldly(path)] == []


def test_pure_layers_open_no_connection(package: Path) -> None:
    assert [finding for path in pure_sources(package) for finding in network_imports(path)] == []


def test_files_are_read_in_few_places(package: Path) -> None:
    allowed = {package / name for name in READ_FILES}
    paths = [path for path in pure_sources(package) if path not in allowed]
    assert [finding for path in paths for finding in file_access(path)] == []


def test_a_look_at_the_clock_or_at_chance_is_found(plant: Plant) -> None:
    for code in ("datetime.now(UTC)", "date.today()", "uuid.uuid4()", "print(1)", "os.environ"):
        assert len(worldly(plant("worldly.py", code))) == 1, code
    for code in ("uuid.uuid5(space, name)", "clock.now()", "now = 1"):
        assert worldly(plant("pure.py", code)) == [], code


def test_an_import_of_the_network_is_found(plant: Plant) -> None:
    for code in ("import http.client", "from urllib import request", "from http.client import X"):
        assert len(network_imports(plant("network.py", code))) == 1, code
    assert network_imports(plant("pure.py", "from http import HTTPStatus")) == []


def test_a_touched_file_is_found(plant: Plant) -> None:
    for code in ("open(path)", "path.read_text()", "list(folder.glob('*'))"):
        assert len(file_access(plant("files.py", code))) == 1, code
    assert file_access(plant("pure.py", "text.read()")) == []
