"""Which lines were there before: exact duplicates, which change nothing.

A line whose time is ahead of all that its node has said is new without looking. The others are compared with the lines of this
batch, and with what the database holds of the same device and time. Memory does not grow with the recording.
"""

from collections.abc import Callable, Iterator, Mapping

from hub.core.equipment import DeviceKey, NodeKey
from hub.core.reports import ONLINE
from hub.replay.lines import Line, Said
from hub.replay.voices import BOOKKEEPING, PROPERTIES, typed
from wire.metrics import Value
from wire.payloads import BDSEQ
from wire.vocabulary import REACHABLE

Holds = Callable[[DeviceKey, int, Mapping[str, Value]], bool]
"""Whether a report of this device and event time with these very values has been committed."""


class Repeats:
    def __init__(self, group: str, holds: Holds) -> None:
        self._group, self._holds = group, holds
        self._newest: dict[str, int] = {}
        self._advanced: set[str] = set()
        self._fresh: dict[tuple[str, str, int], tuple[Said, ...]] = {}

    def is_one(self, line: Line) -> bool:
        """Whether the line repeats one before it. Lines are shown in their order, each once."""
        node, said = line.node, line.said
        t = said.t
        place = (node, said.device, t)
        newest = self._newest.get(node, 0)
        if t > newest:
            self._newest[node] = t
            self._advanced.add(node)
        elif self._was_said(place, said) or self._was_committed(line, newest):
            return True
        before = self._fresh.get(place)
        self._fresh[place] = (said,) if before is None else (*before, said)
        return False

    def learn(self, line: Line) -> None:
        """A line that an earlier run has dealt with."""
        self._newest[line.node] = max(line.said.t, self._newest.get(line.node, 0))

    def committed(self) -> None:
        """All lines so far are in the database."""
        self._fresh.clear()
        self._advanced.clear()

    def _was_said(self, place: tuple[str, str, int], said: Said) -> bool:
        return any(_values(said) == _values(each) for each in self._fresh.get(place, ()))

    def _was_committed(self, line: Line, newest: int) -> bool:
        said = line.said
        if said.t == newest and line.node in self._advanced:
            # The time itself is new in this batch.
            return False
        return self._holds(DeviceKey(NodeKey(self._group, line.node), said.device), said.t, _values(said))


def _values(said: Said) -> dict[str, Value]:
    """The values as the report of this line has them."""
    return dict(_PLACED[said.kind](said))


def _data(said: Said) -> Iterator[tuple[str, Value]]:
    return (
        (name, typed(name, value)[0])
        for name, value in said.metrics
        if name != BDSEQ and not name.startswith(BOOKKEEPING)
    )


def _born(said: Said) -> Iterator[tuple[str, Value]]:
    yield (REACHABLE, True) if said.device else (ONLINE, True)
    yield from ((name, value) for name, value in _data(said) if not name.startswith(PROPERTIES))


def _died(said: Said) -> Iterator[tuple[str, Value]]:
    yield (REACHABLE if said.device else ONLINE), False


_PLACED: Mapping[str, Callable[[Said], Iterator[tuple[str, Value]]]] = {
    "NBIRTH": _born,
    "DBIRTH": _born,
    "NDATA": _data,
    "DDATA": _data,
    "NDEATH": _died,
    "DDEATH": _died,
}
