"""Small files, short functions: the budget of docs/adr/0010. The lists of exceptions may only shrink."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("wire", "firmware_profiles", "agent", "hub", "bench", "provisioning", "simulator", "tools")
MODULES = [
    path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "node_modules" not in path.parts
]
MAX_MODULE, MAX_FUNCTION = 300, 40
FORBIDDEN = {"utils", "helpers", "common", "manager", "base", "misc"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_fits_its_budget(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_MODULE


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_functions_are_short(path: Path) -> None:
    functions = [each for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.FunctionDef)]
    assert [f"{each.name}: {_lines(each)}" for each in functions if _lines(each) > MAX_FUNCTION] == []


def _lines(function: ast.FunctionDef) -> int:
    """Lines from the signature to the end, without the docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in FORBIDDEN


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_thai_word_stands_in_the_code(path: Path) -> None:
    assert not any("\u0e00" <= sign <= "\u0e7f" for sign in path.read_text("utf-8"))
