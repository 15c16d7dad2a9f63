"""One of our programs as a child process: started in a group of its own, and ended by its id.

Its lines are passed on with its name in front. When to start and to end which is left to run.py.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

MAX_LINE = 16_384
TICK_S = 0.05


class Program:
    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], directory: Path, say: Callable[[str], None]
    ) -> None:
        self.name = name
        self.last_line = ""
        self._command = [*_leash(), *command]
        self._env = {**os.environ, "PYTHONUNBUFFERED": "1", **env}
        self._directory = directory
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._reader = threading.Thread(target=self._read, name=name, daemon=True)

    def start(self) -> None:
        # A session of its own: the Ctrl-C of the terminal comes to us alone, and we end the programs in the right order.
        self._process = subprocess.Popen(
            self._command,
            cwd=self._directory,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader.start()

    @property
    def exit_code(self) -> int | None:
        """None while it runs or has not been started; 128 + n when signal n ended it, as shells say it."""
        code = None if self._process is None else self._process.poll()
        return code if code is None or code >= 0 else 128 - code

    def stop(self, patience_s: float, hurry: Callable[[], bool] = lambda: False) -> bool:
        """Asks it to end, waits, and kills it where it does not; whether it ended by itself."""
        if self._process is None:
            return True
        willing = self._asked_to_end(self._process, patience_s, hurry)
        if not willing:
            self._process.kill()
            self._process.wait()
        self.drain()
        return willing

    def drain(self) -> None:
        """Its last lines are still under way when it has ended."""
        self._reader.join(1.0)

    @staticmethod
    def _asked_to_end(process: subprocess.Popen[bytes], patience_s: float, hurry: Callable[[], bool]) -> bool:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        while process.poll() is None:
            if hurry() or time.monotonic() > deadline:
                return False
            time.sleep(TICK_S)
        return True

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while line := output.readline(MAX_LINE):
                text = line.decode("utf-8", "replace").rstrip()
                self.last_line = text or self.last_line
                self._say(f"{self.name:<5} | {text}")


def _leash() -> list[str]:
    """Whoever is killed cannot end its children; the kernel does it then, where util-linux can ask it to."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
