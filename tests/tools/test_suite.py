"""A second look in CI: few failures, once, alone, and told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BROKEN = "def test_broken():\n    assert False\n"
UNLUCKY = """
from pathlib import Path

def test_unlucky():
    tried = Path("tried")
    lucky = tried.exists()
    tried.touch()
    assert lucky
"""


@pytest.fixture
def suite(tmp_path: Path):
    """Runs the tests of a folder as CI, or as somebody at a desk, does."""

    def run(text: str, *, ci: bool = True) -> subprocess.CompletedProcess[str]:
        (tmp_path / "pytest.ini").write_text("[pytest]\n", "ascii")
        (tmp_path / "test_it.py").write_text(text, "ascii")
        around = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "PYTEST"))}
        around |= {"PYTHONPATH": str(ROOT)} | ({"CI": "true"} if ci else {})
        command = [sys.executable, "-m", "tools.suite", "-p", "no:schemathesis"]
        return subprocess.run(
            command, cwd=tmp_path, env=around, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_what_passes_alone_is_let_through_and_named(suite) -> None:
    done = suite(UNLUCKY)
    assert done.returncode == 0
    assert "FLAKY, to be mended: test_it.py::test_unlucky failed among all others and passed alone" in done.stdout


def test_what_is_broken_fails_twice(suite) -> None:
    done = suite(UNLUCKY + BROKEN)
    assert done.returncode == 1
    assert "FLAKY" not in done.stdout


def test_many_failures_are_not_looked_at_twice(suite) -> None:
    done = suite(UNLUCKY + "".join(BROKEN.replace("broken", f"broken_{at}") for at in range(3)))
    assert done.returncode == 1
    assert "second look" not in done.stdout


def test_a_run_that_could_not_be_made_is_not_looked_at_twice(suite) -> None:
    done = suite("import nothing_of_this_name\n" + UNLUCKY)
    assert done.returncode == 2
    assert "second look" not in done.stdout


def test_at_a_desk_a_failure_is_a_failure(suite) -> None:
    done = suite(UNLUCKY, ci=False)
    assert done.returncode == 1
    assert "second look" not in done.stdout
