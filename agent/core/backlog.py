"""What to send next: live reports first, then history, oldest first and throttled; what an acknowledgement releases.

Nothing is read or sent here: the session asks, and says what it sent. Offsets count within one journal epoch.
"""

from collections import deque

from agent.core.entries import Kept, Marks
from agent.core.messages import Fetch
from agent.core.ranges import Ranges
from wire.losses import Loss

MAX_LIVE = 1000
MAX_RECENT = 5000
# A dead connection is noticed within two keepalives (120 s each, by default), a dead host within one and a half. What was sent in
# that time may have reached nobody: a host that knows nothing of replay gets it once more.
DOUBT_MS = 240_000


class Backlog:
    """told_up_to  the highest offset that was handed out to be sent, since this agent or the journal's epoch began"""

    def __init__(self, marks: Marks, per_second: float) -> None:
        self._throttle = _Throttle(per_second)
        self._live: deque[Kept] = deque()
        self._owed = Ranges()
        self._asked = Ranges()
        self._recent: deque[tuple[int, int]] = deque(maxlen=MAX_RECENT)
        self.begin(marks)

    def begin(self, marks: Marks) -> None:
        """Take over a journal: all that was neither sent nor acknowledged is owed."""
        self.epoch = marks.epoch
        self.oldest, self.newest, self.acked = marks.oldest, marks.newest, min(marks.acked, marks.newest)
        self.lost = marks.lost
        self.told_up_to = 0
        self._live.clear()
        self._recent.clear()
        self._owed, self._asked = Ranges(), Ranges()
        self._owed.add(max(marks.oldest, self.acked + 1, marks.published + 1), marks.newest)

    @property
    def published(self) -> int:
        """All up to here were handed over at least once."""
        owed = self._owed.first[0] if self._owed.first else self.newest + 1
        live = self._live[0].offset if self._live else self.newest + 1
        return min(owed, live) - 1

    @property
    def unacknowledged(self) -> int:
        return self.newest - max(self.acked, self.oldest - 1)

    def marks(self) -> Marks:
        return Marks(self.epoch, self.oldest, self.newest, self.acked, self.published, None, self.lost)

    def keep(self, kept: Kept, *, live: bool) -> None:
        """A report became durable. `live`: there is somebody to tell now."""
        self.newest = kept.offset
        if not live:
            self._owed.add(kept.offset, kept.offset)
            return
        self._live.append(kept)
        if len(self._live) > MAX_LIVE:
            late = self._live.popleft()
            self._owed.add(late.offset, late.offset)

    def missed(self, lost: tuple[Loss, ...]) -> None:
        """These have offsets, and were never kept: births tell of them."""
        self.lost += lost

    def dropped(self, oldest: int) -> None:
        """The journal holds nothing before `oldest` any more."""
        self.oldest = oldest
        self._owed.remove(0, oldest - 1)
        self._asked.remove(0, oldest - 1)

    def acknowledge(self, offset: int) -> bool:
        """All up to `offset` are committed at the hub. False for one that was never given."""
        if not 0 <= offset <= self.newest:
            return False
        self.acked = max(self.acked, offset)
        self._owed.remove(0, offset)
        self._asked.remove(0, offset)
        return True

    def replay(self, first: int, last: int | None) -> None:
        """The hub asks for these, inclusive; without `last`, up to the newest. What is no longer held is skipped."""
        self._asked.add(max(first, self.oldest), self.newest if last is None else min(last, self.newest))

    def disconnected(self, mono: int) -> None:
        """Nobody listens any more, and perhaps nobody has for a while."""
        for kept in self._live:
            self._owed.add(kept.offset, kept.offset)
        self._live.clear()
        for offset, sent in self._recent:
            if mono - sent <= DOUBT_MS and offset > self.acked and offset >= self.oldest:
                self._owed.add(offset, offset)
        self._recent.clear()

    def next_live(self, mono: int) -> Kept | None:
        """The next live report; it counts as sent."""
        if not self._live:
            return None
        kept = self._live.popleft()
        self.told_up_to = max(self.told_up_to, kept.offset)
        self._recent.append((kept.offset, mono))
        return kept

    def next_history(self, mono: int) -> Fetch | None:
        """What to fetch and send now; None while live reports wait, the throttle holds, or nothing is wanted."""
        allowed = self._throttle.allowed(mono)
        nearest = self._nearest()
        if self._live or nearest is None or allowed == 0:
            return None
        return Fetch(*nearest, limit=allowed)

    def history_due_at(self, mono: int) -> int | None:
        """When to ask for history again (monotonic ms), or None while nothing is wanted."""
        return None if self._nearest() is None else self._throttle.ready_at(mono)

    def told(self, wanted: Fetch, sent: list[int], mono: int) -> None:
        """These offsets of what was wanted were sent; what is missing among them is no longer held."""
        last = wanted.last if len(sent) < wanted.limit else sent[-1]
        self._owed.remove(wanted.first, last)
        self._asked.remove(wanted.first, last)
        self._throttle.spend(max(1, len(sent)), mono)
        self.told_up_to = max(self.told_up_to, *sent, 0)
        self._recent.extend((offset, mono) for offset in sent)

    def put_off(self, mono: int) -> None:
        """History cannot be read now: ask again a little later."""
        self._throttle.exhaust(mono)

    def _nearest(self) -> tuple[int, int] | None:
        ranges = [each for each in (self._owed.first, self._asked.first) if each is not None]
        return min(ranges, default=None)


class _Throttle:
    """So many reports a second on average; after a pause a second's worth at once; in handfuls, so that nobody wakes for one."""

    def __init__(self, per_second: float) -> None:
        self._rate = per_second / 1000
        self._size = max(1.0, per_second)
        self._handful = max(1.0, per_second / 4)
        self._level, self._at = self._size, 0

    def allowed(self, mono: int) -> int:
        self._fill(mono)
        return int(self._level) if self._level >= self._handful else 0

    def ready_at(self, mono: int) -> int:
        self._fill(mono)
        lacking = self._handful - self._level
        return mono if lacking <= 0 else mono + int(lacking / self._rate) + 1

    def spend(self, count: int, mono: int) -> None:
        self._fill(mono)
        self._level -= count

    def exhaust(self, mono: int) -> None:
        self._level, self._at = 0.0, mono

    def _fill(self, mono: int) -> None:
        self._level = min(self._size, self._level + max(0, mono - self._at) * self._rate)
        self._at = mono
