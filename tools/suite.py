"""Runs the tests: python -m tools.suite [what pytest may be told]. In CI, those few that failed get a second look, alone.

Seventeen thousand tests share two cores there with real brokers, browsers, containers. One that waits a moment too short must be
mended like any other fault, so it is named as flaky in the last lines; but it does not refuse the work of a day that has nothing
to do with it. What is broken fails again, and many failures are never looked at twice. Elsewhere a failure is a failure.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FEW = 3
"""More than these do not fail by bad luck."""
_TESTS_FAILED = 1
"""pytest's exit status; any other says that the run itself went wrong."""
_CACHE = "cache_dir=.pytest_cache"
_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main(arguments: Sequence[str]) -> int:
    status = _pytest("--cache-clear", *arguments)
    if status != _TESTS_FAILED or not os.environ.get("CI"):
        return status
    failed = sorted(json.loads(_FAILED.read_text("utf-8")))
    if not 0 < len(failed) <= FEW:
        return status
    print(f"{len(failed)} failed; a second look, one after the other:", flush=True)
    status = _pytest("--numprocesses=0", *failed)
    if status == 0:
        for name in failed:
            print(f"FLAKY, to be mended: {name} failed among all others and passed alone", flush=True)
    return status


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", "-o", _CACHE, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
