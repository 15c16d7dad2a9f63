"""The end of `dltv-hub serve`, which does not wait for Python's own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
AT_WORK = """
import threading
from tempfile import TemporaryDirectory
from hub.commands.serve import _leave

begun = threading.Event()

def work():
    with TemporaryDirectory(prefix="dltv-whatif-") as folder:
        open(folder + "/db", "w").close()
        begun.set()
        threading.Event().wait()

threading.Thread(target=work).start()
begun.wait()
print("goodbye", end="")
_leave()
"""


def test_it_ends_while_something_still_works_and_leaves_nothing_of_it_behind(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", AT_WORK],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": "."},
        capture_output=True,
        check=False,
        timeout=240,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"goodbye", b"")
    assert list(tmp_path.iterdir()) == []
