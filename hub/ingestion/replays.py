"""When to ask a node for reports that are missing: only for what does not come by itself, and ever more rarely in vain.

An agent forwards what it has not sent as soon as it is born, so a hole that shrinks is left alone.
"""

from dataclasses import dataclass

from hub.ingestion.ranges import NOTHING, Range, Ranges

_MERGE = 16
"""Holes that lie no further apart are asked for in one go: what lies between is sent twice and dropped."""
_AT_MOST = 10_000
_LONGEST_MS = 600_000
_IN_VAIN = 3


@dataclass(slots=True)
class ReplayPace:
    """One node's holes over time.

    wants_birth  requests stay unanswered: the node may have dropped what is missing, and a birth would say so
    """

    grace_ms: int
    wants_birth: bool = False
    _in_vain: int = 0
    _missing: Ranges = NOTHING
    _not_before: int = 0
    _asked: Range | None = None
    _bd_seq: int | None = None

    def reached(self, bd_seq: int | None, now: int) -> None:
        """It was born in a connection of its own: what was asked before that, it may never have heard.

        A birth that was asked for, in the same connection, says nothing of that: patience goes on growing.
        """
        if bd_seq != self._bd_seq:
            self._bd_seq, self._asked, self._in_vain, self._not_before = bd_seq, None, 0, now + self.grace_ms

    def due(self, missing: Ranges, now: int) -> Range | None:
        """What to ask for now, if anything; it then counts as asked for."""
        if not missing:
            self._missing, self._asked, self._in_vain = missing, None, 0
            return None
        self._watch(missing, now)
        if now < self._not_before <= now + max(_LONGEST_MS, self.grace_ms):
            return None
        self._asked = _next(missing)
        self._not_before = now + min(self.grace_ms << min(self._in_vain, 16), max(_LONGEST_MS, self.grace_ms))
        self._in_vain += 1
        self.wants_birth = self._in_vain % _IN_VAIN == 0
        return self._asked

    def _watch(self, missing: Ranges, now: int) -> None:
        answered = self._asked is not None and not _overlaps(self._asked, missing)
        if answered:
            # What was asked for is there: the next hole need not wait.
            self._asked, self._in_vain, self._not_before = None, 0, now
        elif not self._missing or (self._missing - missing):
            self._in_vain, self._not_before = 0, now + self.grace_ms
        self._missing = missing


def _next(missing: Ranges) -> Range:
    """The first hole, together with those close behind it."""
    first, last = missing.spans[0]
    for low, high in missing.spans[1:]:
        if low - last > _MERGE:
            break
        last = high
    return first, min(last, first + _AT_MOST - 1)


def _overlaps(asked: Range, missing: Ranges) -> bool:
    return any(first <= asked[1] and asked[0] <= last for first, last in missing)
