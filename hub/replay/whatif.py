"""What if a setting were another: the same weeks judged twice, and which tickets would come and go.

Reads the hub's own database and writes nothing there. Both runs begin as if nothing had been judged before, some time ahead of
the days that are compared, so that what is learnt from history has been learnt by then.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.config import HubSettings
from hub.core.findings import Place
from hub.judging import Judging, make_detection
from hub.store.inventory import Inventory
from hub.store.outcome import concluded_tickets
from hub.store.past import Past
from hub.store.scratch import add_nodes, open_scratch
from hub.store.unit_of_work import Store
from hub.tickets.service import Tickets
from hub.tickets.ticket import Ticket

DAY_MS = 86_400_000
WARM_UP_DAYS = 14
_MINUTE_MS = 60_000
_STEP_MS = 180 * _MINUTE_MS
"""So much is judged at once: memory grows with it, and what is saved in between gets less."""
_SAME_MS = DAY_MS

Progress = Callable[[float], None]
"""Is told the share that is done, 0 to 1. May raise, to stop it."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """`since` to `until` are compared (ms); judging begins `warm_up_ms` earlier, and learns."""

    since: int
    until: int
    warm_up_ms: int = WARM_UP_DAYS * DAY_MS

    @classmethod
    def before(cls, now: int, days: float) -> "Weeks":
        return cls(now - round(days * DAY_MS), now)


@dataclass(frozen=True, slots=True)
class Fault:
    """A ticket, as far as runs are compared."""

    place: Place
    cause: str
    onset_at: int
    opened_at: int
    recovered_at: int | None

    def is_same(self, other: "Fault") -> bool:
        """The same fault in another run: of the same place and cause, at about the same time."""
        near = abs(self.onset_at - other.onset_at) <= _SAME_MS
        return near and (self.place, self.cause) == (other.place, other.cause)


@dataclass(frozen=True, slots=True)
class Moved:
    """A ticket that would be opened at another time."""

    now: Fault
    then: Fault


@dataclass(frozen=True, slots=True)
class Comparison:
    """By opening. `same`: how many would be as they are."""

    come: tuple[Fault, ...]
    go: tuple[Fault, ...]
    moved: tuple[Moved, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Question:
    """Of these weeks in this database: what if the settings were others?"""

    store: Store
    inventory: Inventory | None
    weeks: Weeks

    def ask(self, now: HubSettings, then: HubSettings, progress: Progress = lambda _share: None) -> Comparison:
        """Which tickets would come and go, were the settings `then` instead of `now`."""
        as_now = self.judged(now, lambda share: progress(share / 2))
        as_then = self.judged(then, lambda share: progress(0.5 + share / 2))
        return compare(as_now, as_then, self.weeks.since)

    def judged(self, settings: HubSettings, progress: Progress) -> list[Fault]:
        """The faults that these settings see."""
        with TemporaryDirectory(prefix="dltv-whatif-") as place, closing(open_scratch(Path(place) / "db")) as scratch:
            past = Past(self.store, self._begin)
            add_nodes(scratch, past.nodes)
            judging = Judging(
                scratch, make_detection(settings, self.inventory), Tickets(settings.tickets), lambda _work: past
            )
            # As in a replay: no node gets a grace at the beginning.
            judging.tick(self._begin - round(settings.detection.startup_grace_min * _MINUTE_MS), listening=True)
            self._judge(judging, past, progress)
            with scratch.reading() as connection:
                return [_fault(ticket) for ticket, _ in concluded_tickets(connection)]

    @property
    def _begin(self) -> int:
        return self.weeks.since - self.weeks.warm_up_ms

    def _judge(self, judging: Judging, past: Past, progress: Progress) -> None:
        begin, end = self._begin, self.weeks.until
        for until in [*range(begin + _STEP_MS, end, _STEP_MS), end]:
            past.until = until
            judging.tick(until, listening=True)
            progress((until - begin) / (end - begin))
        judging.finish(end)


def compare(now: Iterable[Fault], then: Iterable[Fault], since: int) -> Comparison:
    """Faults that one run saw before `since` are not told, but known: who sees one earlier does not miss it."""
    left = sorted(then, key=_order)
    go: list[Fault] = []
    moved: list[Moved] = []
    same = 0
    for fault in sorted(now, key=_order):
        twin = next((each for each in left if fault.is_same(each)), None)
        if twin is None:
            go.append(fault)
            continue
        left.remove(twin)
        if max(fault.opened_at, twin.opened_at) < since:
            continue
        if fault.opened_at == twin.opened_at:
            same += 1
        else:
            moved.append(Moved(fault, twin))
    return Comparison(
        come=tuple(each for each in left if each.opened_at >= since),
        go=tuple(each for each in go if each.opened_at >= since),
        moved=tuple(moved),
        same=same,
    )


def _fault(ticket: Ticket) -> Fault:
    return Fault(ticket.place, ticket.cause, ticket.onset_at, ticket.opened_at, ticket.recovered_at)


def _order(fault: Fault) -> tuple[int, Place, str]:
    return fault.opened_at, fault.place, fault.cause
