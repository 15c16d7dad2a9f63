"""Which hosts of the network are to be asked who they are: those that announce themselves and are not known, ever more seldom.

A projector announces itself before it answers, and a printer never turns into a projector: so a host where nothing was
recognised is asked again soon, then later and later. One that was silent for long and comes back begins anew.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

FIRST_WAIT_MS, LONGEST_WAIT_MS = 60_000, 86_400_000
TIMES = 4
SILENT_MS = 7_200_000
"""Longer than anybody's pause between two announcements (UPnP: half an hour)."""
MAX_HOSTS = 1024
AT_A_TIME = 4
"""As many are asked in one look; the others announce themselves again."""


@dataclass(slots=True)
class _Caller:
    heard_at: int
    ask_at: int
    wait_ms: int = FIRST_WAIT_MS


class Callers:
    """Times are monotonic ms. Bounded: who was heard longest ago is forgotten first."""

    def __init__(self) -> None:
        self._callers: OrderedDict[str, _Caller] = OrderedDict()

    def take(self, heard: Iterable[str], now: int) -> list[str]:
        """Those of the hosts heard just now that are to be asked."""
        due = [host for host in heard if self._hear(host, now).ask_at <= now][:AT_A_TIME]
        for host in due:
            caller = self._callers[host]
            caller.ask_at = now + caller.wait_ms
            caller.wait_ms = min(LONGEST_WAIT_MS, caller.wait_ms * TIMES)
        while len(self._callers) > MAX_HOSTS:
            self._callers.popitem(last=False)
        return due

    def is_first(self, host: str) -> bool:
        """Whether it has been asked once and not again."""
        return self._callers[host].wait_ms == FIRST_WAIT_MS * TIMES

    def rests(self, host: str, now: int) -> bool:
        """Whether it need not be heard now: it was heard lately, and its turn to be asked is yet to come."""
        caller = self._callers.get(host)
        if caller is None or now - caller.heard_at >= SILENT_MS or caller.ask_at <= now:
            return False
        caller.heard_at = now
        return True

    def _hear(self, host: str, now: int) -> _Caller:
        caller = self._callers.get(host)
        if caller is None or now - caller.heard_at >= SILENT_MS:
            caller = self._callers[host] = _Caller(now, now)
        caller.heard_at = now
        self._callers.move_to_end(host)
        return caller
