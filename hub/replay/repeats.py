"""Which lines were there before: exact duplicates, which change nothing.

A line whose time is ahead of all that its node has said is new without looking. The others are compared with the lines of this
batch, and with those of the same time that were put aside with batches before. Memory does not grow with the recording.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from hub.core.reports import ONLINE
from hub.replay.lines import Line, Said, read
from hub.replay.values import samples
from hub.replay.voices import PROPERTIES
from wire.metrics import Value
from wire.vocabulary import REACHABLE

ToldFor = Callable[[int], Iterable[bytes]]
"""The lines for this time (ms) that were committed, as the recording has them."""


class Repeats:
    def __init__(self, told_for: ToldFor) -> None:
        self._told_for = told_for
        self._newest: dict[str, int] = {}
        self._advanced: set[str] = set()
        self._fresh: defaultdict[int, list[Said]] = defaultdict(list)

    def is_one(self, line: Line) -> bool:
        """Whether the line repeats one before it. Lines are shown in their order, each once."""
        node, said = line.node, line.said
        t = said.t
        newest = self._newest.get(node, 0)
        if t > newest:
            self._newest[node] = t
            self._advanced.add(node)
        elif any(_is_same(said, each) for each in self._told_before(said, newest)):
            return True
        self._fresh[t].append(said)
        return False

    def learn(self, line: Line) -> None:
        """A line that an earlier run has dealt with."""
        self._newest[line.node] = max(line.said.t, self._newest.get(line.node, 0))

    def committed(self) -> None:
        """All lines so far are in the database."""
        self._fresh.clear()
        self._advanced.clear()

    def _told_before(self, said: Said, newest: int) -> Iterator[Said]:
        """What was told for the same time."""
        t = said.t
        yield from self._fresh.get(t, ())
        if t != newest or said.node not in self._advanced:
            # Else the time itself is new in this batch.
            yield from map(read, self._told_for(t))


def _is_same(one: Said, other: Said) -> bool:
    return (one.node, one.device) == (other.node, other.device) and _values(one) == _values(other)


def _values(said: Said) -> dict[str, Value]:
    """The values as the report of this line has them."""
    return dict(_PLACED[said.kind](said))


def _data(said: Said) -> Iterator[tuple[str, Value]]:
    return ((name, sample.value) for name, sample in said.samples.items())


def _born(said: Said) -> Iterator[tuple[str, Value]]:
    yield (REACHABLE, True) if said.device else (ONLINE, True)
    values = samples(said.metrics).items()
    yield from ((name, sample.value) for name, sample in values if not name.startswith(PROPERTIES))


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
