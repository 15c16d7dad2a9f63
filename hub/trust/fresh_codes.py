"""Codes in clear, for as long as somebody prints them: in memory, for who made them, for an hour.

The database keeps only their hashes. A hub that is started anew has forgotten them; then new codes take the place of the old.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.equipment import NodeKey
from hub.core.people import Principal

LASTS_MS = 3_600_000
_MOST = 200


@dataclass(frozen=True, slots=True)
class _Fresh:
    who: str
    codes: Mapping[NodeKey, str]
    until: int


class FreshCodes:
    """By batch. May be used by any thread."""

    def __init__(self) -> None:
        self._fresh: dict[int, _Fresh] = {}
        self._lock = threading.Lock()

    def keep(self, batch: int, codes: Mapping[NodeKey, str], who: Principal, now: int) -> None:
        with self._lock:
            young = [(number, each) for number, each in self._fresh.items() if now < each.until]
            self._fresh = dict(young[-(_MOST - 1) :]) | {batch: _Fresh(who.label, dict(codes), now + LASTS_MS)}

    def of(self, batch: int, who: Principal, now: int) -> Mapping[NodeKey, str]:
        """Nothing for others than who made them."""
        with self._lock:
            found = self._fresh.get(batch)
        return found.codes if found is not None and found.who == who.label and now < found.until else {}
