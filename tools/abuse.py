"""Runs the tests that invent what they try, many times as much of each: make abuse [SEED=…] [TIMES=…].

The seed is told at the beginning: with it, the same is tried again.
"""

import argparse
import os
import secrets
import subprocess
import sys

TRIED = (
    "tests/hub/web/test_abuse.py",
    "tests/hub/sheets",
    "tests/hub/backups/test_hostile.py",
    "tests/hub/mqtt/test_flood.py",
    "tests/hub/documents/test_injection.py",
    "tests/hub/core/test_pictures.py",
    "tests/provisioning/adapters/test_archive.py",
    "tests/wire",
    "tests/profiles",
    "tests/hub/ingestion/test_garbage.py",
    "tests/agent/test_garbage.py",
)


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    wanted.add_argument("--times", type=int, default=20)
    given = wanted.parse_args()
    print(f"abuse: seed {given.seed}, {given.times} times as much as in a run of all tests", flush=True)
    environment = {**os.environ, "DLTV_ABUSE": str(given.times), "DLTV_ABUSE_SEED": str(given.seed)}
    call = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:xdist",
        "--timeout=7200",
        f"--hypothesis-seed={given.seed}",
        *TRIED,
    ]
    return subprocess.run(call, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
