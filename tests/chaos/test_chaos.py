"""A short round of misfortune on each store, the backup drill in it; `make chaos` plays as many as one likes.

The drill: `dltv-hub backup` beside ingestion, the hub is lost, `dltv-hub restore`, and the agent tells the rest once more.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHIN_S = 840.0


@pytest.mark.e2e
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("store", "faults"),
    [
        ("sqlite", ("journal_damaged", "fortnight_away", "hub_restored")),
        ("postgresql", ("database_killed", "school_disk_full", "hub_restored")),
    ],
)
def test_whatever_happens_every_report_is_held_once_or_listed_as_lost(store: str, faults: tuple[str, ...]) -> None:
    words = ["--short", "--rounds", "1", "--seed", "8", "--store", store]
    words += [word for fault in faults for word in ("--fault", fault)]
    played = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout + played.stderr
