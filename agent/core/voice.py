"""What a connected node says, and in which order: births, DATA, deaths, all under one running seq.

A device that answers again is born before its DATA; one that is lost reports it before it dies; between its death and its next
birth nothing is said of it. When the node may speak at all is decided in agent.core.session.
"""

from collections.abc import Callable, Iterator

from agent.core.births import Births
from agent.core.entries import Kept, Marks
from agent.core.messages import Publish
from agent.core.moment import Moment
from wire import payloads
from wire.counters import following
from wire.metrics import Metric
from wire.topics import MessageType, Topic
from wire.vocabulary import REACHABLE


class Voice:
    """marks      where the journal stands
    datatypes  whether DATA repeats the datatypes, for hosts whose decoder cannot do without
    """

    def __init__(
        self, group: str, node: str, births: Births, marks: Callable[[], Marks], *, datatypes: bool = False
    ) -> None:
        self._group, self._node, self._births, self._marks, self._datatypes = group, node, births, marks, datatypes
        self._seq = 0
        self._bd_seq = 0
        self._dead: set[str] = set()
        self._said_reachable: dict[str, object] = {}

    def be_born(self, now: Moment, bd_seq: int) -> Iterator[Publish]:
        """NBIRTH, then a DBIRTH of every device: no DATA in between (tck-id-payloads-dbirth-order)."""
        self._bd_seq, self._seq = bd_seq, 0
        yield self._publish(MessageType.NBIRTH, None, self._births.node(now.utc, bd_seq, self._marks()), now)
        for device in self._births.devices:
            yield self.dbirth(device, now)

    def dbirth(self, device: str, now: Moment) -> Publish:
        self._dead.discard(device)
        self._said_reachable[device] = self._births.reachable(device)
        return self._publish(MessageType.DBIRTH, device, self._births.device(device, now.utc), now)

    def live(self, kept: Kept, now: Moment) -> Iterator[Publish]:
        device = kept.entry.device
        reachable = next((each.value for each in kept.entry.metrics if each.name == REACHABLE), None)
        before = None if device is None else self._said_reachable.get(device)
        back = device is not None and reachable is True and before is not True
        yield from self._ready(kept, now, born_anew=back)
        yield self._data(kept, now, historical=False)
        if device is not None and self._births.has_departed(device):
            yield from self.leave(device, now)
        elif device is not None and reachable is not None:
            self._said_reachable[device] = reachable
            if reachable is False and before is not False:
                yield from self._die(device, now)

    def history(self, kept: Kept, now: Moment) -> Iterator[Publish]:
        yield from self._ready(kept, now, born_anew=False)
        yield self._data(kept, now, historical=True)
        device = kept.entry.device
        if device is not None and self._births.has_departed(device):
            yield from self.leave(device, now)

    def leave(self, device: str, now: Moment) -> Iterator[Publish]:
        """It is given up. An old report of it that is told later has a birth and a death of its own around it."""
        self._births.give_up(device)
        self._said_reachable.pop(device, None)
        yield from self._die(device, now)

    def topic(self, kind: MessageType, device: str | None = None) -> str:
        return str(Topic(self._group, kind, self._node, device))

    def _die(self, device: str, now: Moment) -> Iterator[Publish]:
        if device not in self._dead:
            self._dead.add(device)
            yield self._publish(MessageType.DDEATH, device, [], now)

    def _ready(self, kept: Kept, now: Moment, *, born_anew: bool) -> Iterator[Publish]:
        """Births for what this report names and no birth has announced yet, or a death has taken back."""
        device = kept.entry.device
        strange = self._births.adopt(kept.entry)
        if device is None:
            yield from self.be_born(now, self._bd_seq) if strange else ()
        elif strange or born_anew or device in self._dead:
            yield self.dbirth(device, now)

    def _data(self, kept: Kept, now: Moment, *, historical: bool) -> Publish:
        device = kept.entry.device
        kind = MessageType.NDATA if device is None else MessageType.DDATA
        return self._publish(kind, device, self._births.data(kept, historical=historical), now)

    def _publish(self, kind: MessageType, device: str | None, metrics: list[Metric], now: Moment) -> Publish:
        in_data = kind in (MessageType.NDATA, MessageType.DDATA)
        body = payloads.encode(metrics, timestamp=now.utc, seq=self._seq, datatypes=self._datatypes or not in_data)
        self._seq = following(self._seq)
        return Publish(self.topic(kind, device), body)
