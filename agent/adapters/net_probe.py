"""Whether the Internet is there, and how wrong the clock is: asked in a thread of its own, so that nothing waits for it."""

import socket
import threading
import time
from collections.abc import Sequence

from agent.adapters.sntp import clock_offset_s
from agent.core.readings import Value

TIMEOUT_S = 2.0
CLOCK_EVERY_S = 3600.0
CLOCK_AGAIN_S = 300.0


class NetProbe:
    """targets: host:port, of which one that takes a connection is enough. ntp: a time server, or empty."""

    def __init__(self, targets: Sequence[str], every_s: float, ntp: str = "") -> None:
        self._targets, self._every_s, self._ntp = tuple(targets), every_s, ntp
        self._internet: dict[str, Value] = {}
        self._offset: float | None = None
        self._clock_due = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="net probe", daemon=True)

    def start(self) -> None:
        if self._targets or self._ntp:
            self._thread.start()

    def stop(self) -> None:
        """Does not wait: the thread is a daemon, and may sit in a name look-up."""
        self._stopping.set()

    def internet(self) -> dict[str, Value]:
        """Empty before the first answer."""
        return dict(self._internet)

    def clock(self) -> dict[str, Value]:
        return {} if self._offset is None else {"host/clock_offset_s": self._offset}

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._targets:
                self._internet = _reached(self._targets)
            if self._ntp and time.monotonic() >= self._clock_due:
                self._offset = clock_offset_s(self._ntp, TIMEOUT_S)
                self._clock_due = time.monotonic() + (CLOCK_AGAIN_S if self._offset is None else CLOCK_EVERY_S)
            self._stopping.wait(self._every_s)


def _reached(targets: Sequence[str]) -> dict[str, Value]:
    for target in targets:
        rtt_ms = _rtt_ms(target)
        if rtt_ms is not None:
            return {"net/internet": True, "net/rtt_ms": rtt_ms}
    return {"net/internet": False}


def _rtt_ms(target: str) -> float | None:
    host, _, port = target.rpartition(":")
    begun = time.monotonic()
    try:
        with socket.create_connection((host.strip("[]"), int(port)), TIMEOUT_S):
            return round((time.monotonic() - begun) * 1000, 1)
    except OSError:
        return None
