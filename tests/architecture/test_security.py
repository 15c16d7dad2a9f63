"""What docs/security.md promises, a test proves that is there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NAMED = sorted(
    set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (TESTS.parent / "docs/security.md").read_text("utf-8")))
)


def test_tests_are_named() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_proof_is_there(file: str, name: str) -> None:
    assert f"def {name}" in (TESTS.parent / file).read_text("utf-8")
