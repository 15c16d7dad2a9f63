"""What waits for ingestion: bounded, so that a flood is held back at the broker and at last dropped and counted.

No node has more than its share of the room: one that says more than the hub takes in loses of its own, and others wait behind
no more than that share of it. What is dropped leaves a gap in the node's sequence, for which ingestion asks again. Who goes on
is sent away for a while, where the hub guards the broker (sending_away.py): what is still heard of it then is dropped.

What a message takes of the hub grows with its length, so a long one counts as many: one of 256 KiB can keep ingestion for most
of a second.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable

from hub.core.equipment import NodeKey
from hub.ingestion.arrivals import Arrival, Event
from hub.ingestion.reasons import Reason
from hub.mqtt.sending_away import LONGEST_MS, SendingAway

log = logging.getLogger(__name__)

_SHARE = 8
"""The room is for so many that flood at once."""
_LEAST_SHARE = 500
"""Above what a node with many devices says at its birth."""
PIECE_BYTES = 512
"""A message counts once for each beginning one: a report of 12 metrics has 200 to 300 bytes, the birth of a set 1 to 3 kB."""

PATIENCE_S = 10.0
"""A message waits so long for room: longer than a step of ingestion, for what is dropped costs a birth and comes again; and short
enough that pings go out in between (`host_client.KEEPALIVE_S`)."""


class Inbox:
    """Filled by the MQTT threads, emptied by one. `dropped` is called for every message that found no room.

    sending_away  is told how much is heard of whom
    """

    def __init__(
        self,
        room: int,
        dropped: Callable[[Reason], None],
        *,
        patience_s: float = PATIENCE_S,
        sending_away: SendingAway | None = None,
    ) -> None:
        self._room, self._dropped, self._patience_s, self.sending_away = room, dropped, patience_s, sending_away
        self._share = max(_LEAST_SHARE, room // _SHARE)
        self._events: deque[tuple[str, int, Event]] = deque()
        self._waiting: Counter[str] = Counter()
        self._flooding: set[str] = set()
        self._away: dict[str, int] = {}
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._events)

    def put(self, event: Event) -> None:
        """Messages wait a moment for room, which slows the broker down; what happened to the link always has room."""
        sender, pieces = (_sender(event.topic), _pieces(event)) if isinstance(event, Arrival) else ("", 0)
        with self._changed:
            if sender in self._away and self._is_away(sender, event.at):
                self._dropped(Reason.FLOOD)
                return
            refused = self._refused(sender) if sender else None
            if refused is not None:
                self._dropped(refused)
                if refused is Reason.FLOOD:
                    self._note(sender, event.at, pieces)
                return
            self._events.append((sender, pieces, event))
            self._waiting[sender] += pieces
            if len(self._events) == 1:
                self._changed.notify_all()

    def take(self, at_most: int, wait_s: float) -> list[Event]:
        """The oldest events; none when nothing comes for so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._closed, wait_s)
            was_full = not self._has_room()
            taken = [self._events.popleft() for _ in range(min(at_most, len(self._events)))]
            said: dict[str, int] = {}
            for sender, pieces, _ in taken:
                said[sender] = said.get(sender, 0) + pieces
            for sender, pieces in said.items():
                self._note(sender, taken[-1][2].at, pieces)
                self._forget(sender, pieces)
            if was_full:
                self._changed.notify_all()
            return [event for _, _, event in taken]

    def close(self) -> None:
        """Nothing waits for anything any more; what is in there can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _refused(self, sender: str) -> Reason | None:
        if self._waiting[sender] >= self._share and not self._closed:
            if sender not in self._flooding:
                self._flooding.add(sender)
                log.warning("%s says more than the hub takes in; what is above its share is dropped", sender)
            return Reason.FLOOD
        return None if self._changed.wait_for(self._has_room, self._patience_s) else Reason.QUEUE_FULL

    def _note(self, sender: str, at: int, pieces: int) -> None:
        group, _, name = sender.partition("/")
        if self.sending_away is not None and name:
            until = self.sending_away.note(NodeKey(group, name), at, pieces)
            if until:
                self._away[sender] = until

    def _is_away(self, sender: str, at: int) -> bool:
        if at < self._away[sender] <= at + LONGEST_MS:
            return True
        del self._away[sender]
        return False

    def _forget(self, sender: str, taken: int) -> None:
        self._waiting[sender] -= taken
        if not self._waiting[sender]:
            del self._waiting[sender]
            self._flooding.discard(sender)

    def _has_room(self) -> bool:
        return self._closed or len(self._events) < self._room


def _pieces(arrival: Arrival) -> int:
    return 1 + len(arrival.payload) // PIECE_BYTES


def _sender(topic: str) -> str:
    """Group and node, where the topic has them."""
    levels = topic.split("/", 4)
    return f"{levels[1]}/{levels[3]}" if len(levels) > 3 else "nobody"
