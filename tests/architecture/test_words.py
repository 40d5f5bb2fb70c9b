"""Names say what a thing is for, and a vendor's name means nothing to the code."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Collection
from pathlib import Path

FORBIDDEN_MODULES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "core"}
HAS_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

Plant = Callable[[str, str], Path]


def badly_named(path: Path) -> list[str]:
    words = {path.stem, path.parent.name} & FORBIDDEN_MODULES
    return [f"{path}: called '{word}', which says nothing" for word in sorted(words)]


def vendor_names(path: Path, vendors: Collection[str]) -> list[str]:
    """Find vendors in code, comments and literals; a docstring may name one as an example."""
    text = path.read_text(encoding="utf-8")
    examples = docstring_lines(text) if path.suffix == ".py" else set()
    return [
        f"{path}:{number}: names the vendor '{name}'"
        for number, line in code_lines(text, path.suffix)
        if number not in examples
        for name in vendors
        if re.search(rf"(?<![a-z]){name}(?![a-z])", line, re.IGNORECASE)
    ]


def code_lines(text: str, suffix: str) -> list[tuple[int, str]]:
    if suffix != ".py":
        return list(enumerate(text.splitlines(), start=1))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(token.start[0], token.string) for token in tokens]


def docstring_lines(text: str) -> set[int]:
    owners = [node for node in ast.walk(ast.parse(text)) if isinstance(node, HAS_DOCSTRING)]
    return {node.body[0].lineno for node in owners if ast.get_docstring(node)}


def vendors_of(mappings: Path) -> set[str]:
    return {schemas.parent.name for schemas in mappings.glob("*/schemas")}


def test_no_module_has_a_name_that_says_nothing(sources: list[Path]) -> None:
    assert [finding for path in sources for finding in badly_named(path)] == []


def test_only_the_sandbox_knows_vendors_by_name(root: Path, package: Path) -> None:
    vendors = vendors_of(root / "mappings")
    assert vendors
    texts = [path for path in sorted(package.rglob("*.*")) if path.suffix in (".py", ".html")]
    outside = [path for path in texts if path.relative_to(package).parts[0] != "sandbox"]
    assert outside
    assert [finding for path in outside for finding in vendor_names(path, vendors)] == []


def test_mappings_hold_no_code(root: Path) -> None:
    kept = {".json", ".md", ".yaml"}
    files = [path for path in (root / "mappings").rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix not in kept] == []


def test_a_name_that_says_nothing_is_found(plant: Plant) -> None:
    assert badly_named(plant("search.py", "")) == []
    assert len(badly_named(plant("utils.py", ""))) == 1
    assert len(badly_named(plant("common/search.py", ""))) == 1


def test_a_vendor_in_an_identifier_a_literal_or_a_comment_is_found(plant: Plant) -> None:
    path = plant(
        "planted.py",
        '''
        """As in `acme`."""
        ACME_PATH = 1
        if vendor == "acme":
            pass  # what Acme wants
        acmeism = 1
        ''',
    )
    lines = [finding.removeprefix(f"{path}:") for finding in vendor_names(path, ["acme"])]
    assert [line.split(":")[0] for line in lines] == ["3", "4", "5"]


def test_a_vendor_in_a_page_is_found(plant: Plant) -> None:
    assert len(vendor_names(plant("page.html", "<p>Acme</p>"), ["acme"])) == 1
