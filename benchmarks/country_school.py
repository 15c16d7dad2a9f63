"""One simulated school computer: its session, its journal, and what happens in its six rooms on a morning.

What it says and when it connects, waits, forwards and repeats is decided by the agent's own session and backlog; only its voice
is a cheaper one (country_speech.py), and its journal a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from agent.core.backlog import Backlog
from agent.core.entries import Kept, Marks
from agent.core.servers import Servers
from agent.core.session import Session
from benchmarks.country_link import Link
from benchmarks.country_speech import DEVICES, ROOMS, Known, Speech, Told, whole
from wire.metrics import Value

MORNING_S = 900
"""From 08:20 to 08:35."""
_BEAT_S = 600
_HISTORY_PER_S = 20
_PER_DISTRICT = 55


def district_of(number: int) -> str:
    return f"area{number // _PER_DISTRICT:03}"


def name_of(number: int) -> str:
    return str(30_000_000 + number)


def journal_of(number: int) -> str:
    return f"6f1c1f3e-0000-4d0e-9a40-{number:012}"


@dataclass(slots=True)
class Node:
    """reports: its journal; the offset of a report is its place, from 1 on.

    wakes    when it is to be looked at
    said_ms  when it said something last
    """

    number: int
    speech: Speech
    session: Session
    link: Link | None = None
    attempt: int = 0
    reports: list[Told] = field(default_factory=list)
    wakes: int | None = None
    said_ms: int = 0

    @classmethod
    def of(cls, number: int, host_id: str, dice: Random) -> "Node":
        marks = Marks(journal_of(number), 1, 0, 0, 0, None)
        speech, servers = Speech(district_of(number), name_of(number), marks.epoch), Servers(1, dice.random)
        backlog = Backlog(marks, _HISTORY_PER_S)
        session = Session(host_id, births=Known(), voice=speech, backlog=backlog, servers=servers, bd_seq=None)
        node = cls(number, speech, session)
        for at, (device, values) in enumerate(zip(DEVICES, speech.current, strict=True)):
            values[:] = _AT_NIGHT[device.kind]
            values[0] = values[0] if at else round(dice.uniform(5, 40), 1)
        return node

    def report(self, at: int, t: int) -> Kept:
        values = whole(self.speech.current[at])
        told = Told(DEVICES[at].key, t, (), at, values)
        self.reports.append(told)
        self.speech.newest = len(self.reports)
        return Kept(len(self.reports), told)


_AT_NIGHT: dict[str, list[Value]] = {
    "computer": [12.0, 48.0, 31.0, 22.0, 36_000, True, 21.0, 0],
    "receiver": [True, False, False, None, None, None, 11_167_000],
    "tv": [True, False, "HDMI1", False, 4711],
}
# A room at the beginning of the day: seconds after it was switched on, the device, and what is true of it from then on.
_SWITCHED_ON: tuple[tuple[int, str, dict[int, Value]], ...] = (
    (0, "tv", {1: True, 2: "HDMI1", 3: False}),
    (15, "receiver", {1: True, 2: False}),
    (40, "receiver", {2: True, 3: 13.5, 4: 88.0, 5: -41.5}),
    (45, "tv", {3: True}),
)


def morning(dice: Random) -> Iterator[tuple[float, int, dict[int, Value]]]:
    """When in it something is reported (s), of which device, and what has changed: rooms are switched on, beats go on."""
    for room in range(ROOMS):
        on = dice.uniform(0, MORNING_S - 60)
        for after, kind, change in _SWITCHED_ON:
            yield on + after, 1 + 2 * room + (kind == "tv"), change
    beat = dice.uniform(0, _BEAT_S)
    while beat < MORNING_S:
        yield from ((beat, at, {}) for at in range(len(DEVICES)))
        beat += _BEAT_S


def told_of(node: Node) -> Iterator[tuple[str, str, int, int, int]]:
    """Its journal, by device: how many reports, and the sums of their offsets and times."""
    sums: dict[int, list[int]] = {}
    for offset, each in enumerate(node.reports, start=1):
        into = sums.setdefault(each.at, [0, 0, 0])
        into[0], into[1], into[2] = into[0] + 1, into[1] + offset, into[2] + each.t
    for at, (count, offsets, times) in sums.items():
        yield journal_of(node.number), DEVICES[at].key or "", count, offsets, times
