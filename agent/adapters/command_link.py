"""A program behind Link: started for each request, from a list of arguments, without a shell, in a group of its own.

Its standard output is what comes in. When the link is closed, a program that still runs is ended with all that it started.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading

from agent.core.device_address import Address
from agent.errors import LinkLost
from firmware_profiles.links import CommandLink as Settings

PIECE, MAX_OUTPUT = 4096, 65536
LAST_WORDS_S = 1.0


class CommandLink:
    """Starting is left to the first request. Raises LinkLost."""

    def __init__(self, address: Address, settings: Settings) -> None:
        self._run = [address.place or settings.run[0], *settings.run[1:]]
        self._settings = settings
        self._program: subprocess.Popen[bytes] | None = None
        self._output: queue.Queue[bytes] = queue.Queue()

    def send(self, data: bytes) -> None:
        self.close()
        takes_input = self._settings.input
        words = [] if takes_input else data.decode().split()
        try:
            self._program = subprocess.Popen(  # noqa: S603 - a profile's list of arguments, no shell
                [*self._run, *words],
                stdin=subprocess.PIPE if takes_input else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if self._settings.errors else subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise LinkLost(f"{self._run[0]}: {getattr(error, 'strerror', None) or error}") from None
        self._output = queue.Queue()
        threading.Thread(target=_pump, args=(self._program, data, self._output), daemon=True).start()

    def receive(self, timeout_s: float) -> bytes | None:
        if self._program is None:
            return None
        try:
            piece = self._output.get(block=timeout_s > 0, timeout=timeout_s or None)
        except queue.Empty:
            return None
        if not piece:
            self._judge()
        return piece

    def close(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            _end(program)

    def _judge(self) -> None:
        """A program that fails has told nothing."""
        program, self._program = self._program, None
        if program is None:
            return
        try:
            program.wait(LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            _end(program)
        if program.returncode:
            raise LinkLost(f"{self._run[0]}: it ended with {program.returncode}")


def _pump(program: subprocess.Popen[bytes], data: bytes, output: "queue.Queue[bytes]") -> None:
    """What the program says, into the queue, as far as it is not too much; then b""."""
    with contextlib.suppress(OSError, ValueError):
        if program.stdin:
            program.stdin.write(data)
            program.stdin.close()
    left = MAX_OUTPUT
    with contextlib.suppress(OSError, ValueError):
        while program.stdout and left > 0 and (piece := os.read(program.stdout.fileno(), PIECE)):
            left -= len(piece)
            output.put(piece)
    if program.stdout:
        program.stdout.close()
    output.put(b"")


def _end(program: subprocess.Popen[bytes]) -> None:
    """It and what it started."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            program.kill()
        else:
            os.killpg(program.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(LAST_WORDS_S)
