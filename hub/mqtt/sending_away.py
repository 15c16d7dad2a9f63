"""Who says so much that the broker is to keep it out for a while: the inbox tells what it hears, the guard asks whom.

What a flood says waits in the broker's queue for the hub, amid what all others say: to drop it here, when it has come that far,
is of no more help to them. Nothing is lost by sending it away: reports stay in the node's journal until they are acknowledged.
"""

import threading
from dataclasses import dataclass

from hub.core.equipment import NodeKey

TOO_MANY, WITHIN_MS = 5_000, 10_000
"""So many messages of one node, a long one being many (inbox.py), so soon: above what waits of one with 64 devices that report
each second when the hub has hung for a minute. Counted is what the hub hears: where it cannot hear all, nothing overflows here
but the broker's queue."""
FIRST_MS, LONGEST_MS = 60_000, 60 * 60_000
"""Each time twice as long as the last. The first is short: an agent that sent what it had kept too fast goes on with the rest."""
FORGIVEN_MS = 24 * 3_600_000
"""After so long without another flood the next one is the first."""


@dataclass(slots=True)
class _Record:
    """said: messages since `since`; times: how often it was sent away; until: until when it is, or was last"""

    since: int
    said: int = 0
    times: int = 0
    until: int = 0


class SendingAway:
    """`note` is called for what ingestion is given, `away` by the guard's thread. Times are the hub's clock, ms."""

    def __init__(self) -> None:
        self._records: dict[NodeKey, _Record] = {}
        self._lock = threading.Lock()

    def note(self, node: NodeKey, at: int, messages: int = 1) -> int:
        """So many of this node were heard, the last of them then. Returns until when it is away; 0: it is not."""
        with self._lock:
            record = self._records.setdefault(node, _Record(at))
            if at < record.until:
                return record.until
            if not 0 <= at - record.since < WITHIN_MS:
                record.since, record.said = at, 0
            record.said += messages
            if record.said >= TOO_MANY:
                record.times = 1 if at - record.until >= FORGIVEN_MS else record.times + 1
                record.until = at + min(FIRST_MS << min(record.times - 1, 8), LONGEST_MS)
                record.said = 0
                return record.until
            return 0

    def away(self, now: int) -> dict[NodeKey, int]:
        """Who is to be kept out now, and until when."""
        with self._lock:
            over = [
                node
                for node, each in self._records.items()
                if now - max(each.until + FORGIVEN_MS, each.since) >= WITHIN_MS
            ]
            for node in over:
                del self._records[node]
            # A time that is further off than any pause means that the clock was set back.
            return {node: each.until for node, each in self._records.items() if now < each.until <= now + LONGEST_MS}
