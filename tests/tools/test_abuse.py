"""`make abuse`: what is invented is invented as often as is asked for."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.abuse import TRIED

ROOT = Path(__file__).parents[2]
SAID = "import tests.conftest, hypothesis; print(hypothesis.settings().max_examples)"


def examples(**environment: str) -> int:
    """Those of a test that names no number of its own."""
    here = {name: value for name, value in os.environ.items() if not name.startswith("DLTV_ABUSE")}
    done = subprocess.run(
        [sys.executable, "-c", SAID], cwd=ROOT, env={**here, **environment}, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_three_times_as_much_is_three_times_as_many_examples() -> None:
    assert examples(DLTV_ABUSE="3") == 3 * examples()


def test_no_test_of_it_has_a_number_that_stays_whatever_is_asked_for() -> None:
    files = [
        file for place in TRIED for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    fixed = re.compile(r"max_examples=(?!times\(|most\b)")
    assert files
    assert [file.name for file in files if fixed.search(file.read_text("utf-8"))] == []
