"""SIGHUP for programs that read their files again: only once they listen to it, since before that it would end them."""

import signal
import subprocess
import time
from pathlib import Path

_PATIENCE_S = 60.0


def hang_up(process: "subprocess.Popen[bytes]") -> None:
    """Mosquitto accepts connections a while before it minds signals."""
    deadline = time.monotonic() + _PATIENCE_S
    while not _minds(process.pid) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGHUP)


def _minds(pid: int) -> bool:
    """Whether a handler is there: a bit a signal, the lowest is SIGHUP's (proc_pid_status(5))."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) & 1 << (signal.SIGHUP - 1))
