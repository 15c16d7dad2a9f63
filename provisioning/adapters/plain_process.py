"""The agent as a plain process, where nothing looks after services: in a chroot, in a container, in a test.

Its number stands in a file. What has that number is ours only if it also began when ours did: numbers are given again.
"""

import os
import signal
import time
from pathlib import Path

from provisioning.core.layout import Layout
from provisioning.errors import OperatorError
from provisioning.ports import Files

STOPPED_WITHIN_S = 15.0
PID = "agent.pid"
_MAX_BYTES = 100


class PlainProcess:
    def __init__(self, layout: Layout, files: Files) -> None:
        self._layout, self._files = layout, files

    def start(self) -> None:
        if not self.is_running():
            self._spawn()

    def restart(self) -> None:
        self._stop()
        self._spawn()

    def reload(self) -> None:
        if (pid := self._pid()) is not None:
            os.kill(pid, signal.SIGHUP)

    def is_running(self) -> bool:
        return self._pid() is not None

    def remove(self) -> None:
        self._stop()

    def _spawn(self) -> None:
        program = self._layout.python(self._layout.current)
        command = [str(program), "-I", "-m", "agent", "run", "--config", str(self._layout.config)]
        log = str(self._layout.own / "agent.log")
        streams = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        try:
            pid = os.posix_spawn(program, command, os.environ, file_actions=streams, setsid=True)
        except OSError as error:
            raise OperatorError(f"the agent cannot be started: {error.strerror}: {program}") from None
        self._files.write(self._layout.own / PID, f"{pid} {_began(pid)}\n".encode())

    def _stop(self) -> None:
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOPPED_WITHIN_S
        while self._pid() == pid:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def _pid(self) -> int | None:
        """Of the agent that runs."""
        data = self._files.read(self._layout.own / PID, _MAX_BYTES) or b""
        number, _, began = data.decode(errors="replace").strip().partition(" ")
        if not number.isdigit() or began != _began(int(number)):
            return None
        return int(number)


def _began(pid: int) -> str:
    """When a process began, by the kernel's count; "" where it does not run, or has ended and only waits to be noticed."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    if fields[0] == "Z":
        _notice(pid)
        return ""
    return fields[19]


def _notice(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
