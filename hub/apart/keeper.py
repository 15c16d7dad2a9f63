"""The hub's side of the process that judges: starts it, starts it again when it is gone, hears what it comes to, ends it.

In the place of `Judging` in the pipeline: there it judges nothing, and nobody waits for it.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from hub.apart.lines import Life, NotUnderstood, read_said, spell
from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.live import Changes

log = logging.getLogger(__name__)

_AGAIN_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_LIVED_S = 120.0
"""A process that lived for so long did not end for what ended the one before it."""
_UNHEARD_S = 60.0
_FAREWELL_S, _KILLED_S = 1.5, 1.0
_COMMAND = (sys.executable, "-P", "-m", "hub.apart")
_HOME = str(Path(__file__).parents[2])
"""Where this program's own code is: that of the process is the same, wherever either was started."""


class JudgeApart:
    """`held`: the lock of the directory that the process inherits. `publish` is told what changed, on a thread of its own."""

    behind = False

    def __init__(self, settings: HubSettings, held: int, publish: Callable[[Changes], None]) -> None:
        self._settings, self._held, self._publish = settings, held, publish
        self._stopping, self._saying = threading.Event(), threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._listening = False
        self._trouble, self._heard_at, self._idle_s = "it starts", time.monotonic(), 0.0
        self._thread = threading.Thread(target=self._keep, name="judge", daemon=True)

    @property
    def trouble(self) -> str:
        """Why nothing is judged; empty where it is."""
        unheard = time.monotonic() - self._heard_at
        return self._trouble or (f"it has said nothing for {unheard:.0f} s" if unheard > _UNHEARD_S else "")

    @property
    def idle_s(self) -> float:
        """How long ago a step of judging went well last."""
        return self._idle_s + time.monotonic() - self._heard_at

    @property
    def pid(self) -> int:
        """0: there is none."""
        return self._process.pid if self._process else 0

    def show(self, registry: CollectorRegistry) -> None:
        """Its processor, its memory, and when it judged last."""
        ProcessCollector(namespace="dltv_judging", pid=lambda: self.pid, registry=registry)
        judged = Gauge("dltv_judged_timestamp_seconds", "When a step of judging went well last", registry=registry)
        judged.set_function(lambda: time.time() - self.idle_s)

    def judge(self, _nodes: frozenset[NodeKey], _now: int) -> frozenset[int]:
        """It looks by itself for what is new."""
        return frozenset()

    def tick(self, _now: int, *, listening: bool) -> frozenset[int]:
        if listening != self._listening:
            self._listening = listening
            self._say(listening)
        return frozenset()

    def count_lessons(self, now: int) -> None:
        """It does that by itself."""

    def start(self) -> None:
        self._heard_at = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """What it has not committed is judged after the next start."""
        self._stopping.set()
        if not self._thread.is_alive():
            return
        self._hang_up()
        self._thread.join(_FAREWELL_S)
        if self._thread.is_alive() and (process := self._process):
            process.kill()
            self._thread.join(_KILLED_S)

    def _keep(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            ended = self._live()
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - begun > _LIVED_S else failures + 1
            wait_s = _AGAIN_S[min(failures, len(_AGAIN_S)) - 1]
            self._trouble = ended
            log.error("nothing is judged: %s; once more in %g s", ended, wait_s)
            self._stopping.wait(wait_s)

    def _live(self) -> str:
        """From its start to its end. How it ended."""
        try:
            process = subprocess.Popen(  # noqa: S603  our own program
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(self._held,), env=_environment()
            )
        except OSError as error:
            return f"its process cannot be started: {error}"
        assert process.stdout is not None
        with process.stdout as told:
            self._process = process
            self._begin()
            for line in told:
                self._hear(line)
        self._hang_up()
        self._process = None
        return f"its process ended with {process.wait()}"

    def _begin(self) -> None:
        self._say(self._settings)
        self._say(self._listening)
        if self._stopping.is_set():
            self._hang_up()

    def _say(self, told: HubSettings | bool) -> None:
        """One that is gone, or goes, is told when there is another."""
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            with self._saying:
                process.stdin.write(spell(told))
                process.stdin.flush()
        except (OSError, ValueError):
            log.debug("the process that judges does not listen")

    def _hang_up(self) -> None:
        """It ends when it hears nothing more. Where it does not even take what it is told, it is killed."""
        process = self._process
        if process is None or process.stdin is None or not self._saying.acquire(timeout=_FAREWELL_S):
            return
        try:
            process.stdin.close()
        except OSError:
            log.debug("the process that judges is gone")
        finally:
            self._saying.release()

    def _hear(self, line: bytes) -> None:
        try:
            told = read_said(line)
        except NotUnderstood as error:
            log.warning("the process that judges says what nobody understands: %s", error)
            return
        self._heard_at = time.monotonic()
        if isinstance(told, Life):
            self._idle_s, self._trouble = told.idle_s, told.trouble
        else:
            self._publish(told)


def _environment() -> dict[str, str]:
    places = [_HOME, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
