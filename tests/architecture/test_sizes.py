"""Small files, short functions: the budget of docs/adr/0010. What is over it is told by its name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("wire", "firmware_profiles", "agent", "hub", "bench", "provisioning", "simulator", "tools")
MODULES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "node_modules" not in path.parts
}
MAX_MODULE, MAX_FUNCTION = 300, 40
FORBIDDEN = {"utils", "helpers", "common", "manager", "base", "misc"}


def test_every_module_fits_its_budget() -> None:
    lengths = {name: len(text.splitlines()) for name, text in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_MODULE} == {}


def test_functions_are_short() -> None:
    assert [
        f"{name}: {each.name}: {_lines(each)}"
        for name, text in MODULES.items()
        for each in _functions(text)
        if _lines(each) > MAX_FUNCTION
    ] == []


def _functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, without the docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_every_module_is_named_for_what_it_holds() -> None:
    assert [name for name in MODULES if Path(name).stem in FORBIDDEN] == []


def test_no_thai_word_stands_in_the_code() -> None:
    assert [name for name, text in MODULES.items() if re.search(r"[\u0e00-\u0e7f]", text)] == []


def test_all_of_the_code_is_looked_at() -> None:
    assert {Path(name).parts[0] for name in MODULES} == set(PACKAGES)
    assert "hub/web/factory.py" in MODULES
