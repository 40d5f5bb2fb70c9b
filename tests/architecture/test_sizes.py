"""Small parts: the maxima that keep every file readable in one sitting."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 6
MAX_NESTING = 3
MAX_MODULE_LINES = 300
MAX_PUBLIC_METHODS = 7
MAX_MAPPING_LINES = 200

Plant = Callable[[str, str], Path]
Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in nodes(path) if isinstance(node, Function))


def is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def body_lines(function: Function) -> int:
    """Count the lines from the first statement to the last, without the docstring."""
    body = function.body[1:] if is_text(function.body[0]) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def parameters(function: Function) -> int:
    taken = function.args
    every = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, taken.vararg, taken.kwarg]
    names = [parameter.arg for parameter in every if parameter]
    return len([name for name in names if name not in ("self", "cls")])


def nesting(node: ast.AST) -> int:
    """Count how deep blocks stand in each other; `elif` is no deeper than its `if`."""
    deepest = max((nesting(child) for child in inside(node)), default=0)
    return deepest + isinstance(node, BLOCKS)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]:
            yield from inside(child)
        else:
            yield child


def public_methods(node: ast.ClassDef) -> int:
    """Count what can be called from outside; a property is an attribute."""
    methods = [item for item in node.body if isinstance(item, Function)]
    return len([method for method in methods if is_public(method)])


def is_public(method: Function) -> bool:
    decorators = " ".join(ast.unparse(decorator) for decorator in method.decorator_list)
    return not method.name.startswith("_") and "property" not in decorators


def too_large(path: Path) -> list[str]:
    return [*large_module(path), *large_functions(path), *large_classes(path)]


def large_module(path: Path) -> list[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    return [f"{path}: {lines} lines"] if lines > MAX_MODULE_LINES else []


def large_functions(path: Path) -> list[str]:
    return [
        f"{path}:{function.lineno}: {function.name} has {size} {what}"
        for function in functions(path)
        for size, most, what in (
            (body_lines(function), MAX_FUNCTION_LINES, "lines"),
            (parameters(function), MAX_PARAMETERS, "parameters"),
            (nesting(function), MAX_NESTING, "levels of nesting"),
        )
        if size > most
    ]


def large_classes(path: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: {node.name} has {public_methods(node)} public methods"
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and public_methods(node) > MAX_PUBLIC_METHODS
    ]


def large_mapping(path: Path) -> list[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    return [f"{path}: {lines} lines"] if lines > MAX_MAPPING_LINES else []


def test_every_module_function_and_class_is_small(sources: list[Path]) -> None:
    assert [finding for path in sources for finding in too_large(path)] == []


def test_functions_in_tests_are_small(tests: list[Path]) -> None:
    assert [finding for path in tests for finding in large_functions(path)] == []


def test_every_mapping_file_is_small(root: Path) -> None:
    files = sorted((root / "mappings").rglob("*.yaml"))
    assert files
    assert [finding for path in files for finding in large_mapping(path)] == []


def test_a_long_module_is_found(plant: Plant) -> None:
    assert too_large(plant("long.py", "x = 1\n" * 300)) == []
    assert len(too_large(plant("longer.py", "x = 1\n" * 301))) == 1


def test_a_long_function_is_found_whatever_its_docstring(plant: Plant) -> None:
    head = 'def long():\n    """Say.\n\n    More.\n    """\n'
    assert too_large(plant("long.py", head + "    x = 1\n" * 40)) == []
    (finding,) = too_large(plant("longer.py", head + "    x = 1\n" * 41))
    assert finding.endswith("longer.py:1: long has 41 lines")


def test_a_seventh_parameter_is_found(plant: Plant) -> None:
    assert too_large(plant("six.py", "def f(self, a, b, /, c, *d, e, **g): ...")) == []
    assert len(too_large(plant("seven.py", "def f(a, b, /, c, *d, e, h, **g): ..."))) == 1


def test_a_fourth_level_of_nesting_is_found(plant: Plant) -> None:
    deep = """
        def f(a):
            for b in a:
                if b:
                    return 1
                elif a:
                    with b:
                        {}
    """
    assert too_large(plant("three.py", deep.format("return 2"))) == []
    (finding,) = too_large(plant("four.py", deep.format("while b: pass")))
    assert finding.endswith("f has 4 levels of nesting")


def test_an_eighth_public_method_is_found(plant: Plant) -> None:
    method = "    def {}(self): ...\n"
    seven = "class C:\n" + "".join(method.format(name) for name in "abcdefg")
    hidden = method.format("_h") + "    @property\n" + method.format("i")
    assert too_large(plant("seven.py", seven + hidden)) == []
    assert len(too_large(plant("eight.py", seven + method.format("j")))) == 1


def test_a_long_mapping_file_is_found(plant: Plant) -> None:
    assert large_mapping(plant("small.yaml", "a: 1\n" * 200)) == []
    assert len(large_mapping(plant("large.yaml", "a: 1\n" * 201))) == 1
