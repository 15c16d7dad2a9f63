"""Detection, and what follows from it in one transaction: a finding and its ticket are both there, or neither.

It judges what was committed when it began, while others write. All that it comes to (findings, their tickets, the states that
it folded, how far journals are judged) is written then, at once or not at all.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from firmware_profiles.loader import Catalogue, load_catalog
from firmware_profiles.schema import Profile
from hub.config import HubSettings
from hub.core.equipment import NodeKey
from hub.core.findings import Conclusion, FindingCleared, FindingCorrected, FindingOpened, Incident, RoomDay
from hub.detection.calendar import Calendar
from hub.detection.calendars import Calendars
from hub.detection.noting import Noting
from hub.detection.pace import WHOLE, Pace
from hub.detection.service import Detection
from hub.detection.service import Judgements as WhatToJudge
from hub.detection.settings import CalendarSettings
from hub.store.incidents import keep_incidents
from hub.store.inventory import Inventory
from hub.store.judgements import Judgements, dumped
from hub.store.lessons import keep_room_days
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store, UnitOfWork, tried
from hub.tickets.service import Tickets

log = logging.getLogger(__name__)

LIVE = Pace(at_most=3_000, save_ms=10_000)
"""Of live traffic: what arrives meanwhile waits for a quarter of a second; of what was judged last, ten seconds are judged again
after a restart."""
COUNTED_MS = 5 * 60_000
"""How often lessons that are being lost are counted; detection itself tells them for good every few hours."""
Reports = Callable[[UnitOfWork], WhatToJudge]
"""Where the reports come from that are judged, and what was folded is kept: that database itself, unless the past is asked."""

Telling = Callable[[UnitOfWork, Sequence[Incident], int], None]
"""Notes who is to be told of these incidents, in the transaction that keeps them; the time now in ms."""


KeepingUp = Callable[[UnitOfWork, Iterable[int]], None]
"""What follows from the tickets that changed, in the transaction that keeps them."""


@dataclass(frozen=True, slots=True)
class _Profiles:
    """The catalogue as detection asks for it."""

    catalogue: Catalogue

    def get(self, profile: str, /) -> Profile | None:
        return self.catalogue.find(profile)


def make_calendars(settings: HubSettings, inventory: Inventory | None) -> Calendars:
    """The calendar of each school, as the settings and the register want it."""
    calendar = settings.calendar or (inventory.calendar if inventory else None) or CalendarSettings.model_validate({})
    return Calendars(calendar, inventory.calendars if inventory else None, settings.maintenance)


def class_days(calendars: Calendars, school: str, first: str, last: str) -> list[str]:
    """The days with class from one to another, both included: ISO 8601, in order."""
    return list(_days_of(calendars.of(school), first, last))


@lru_cache(maxsize=256)
def _days_of(calendar: Calendar, first: str, last: str) -> Sequence[str]:
    """Schools that do the same share a calendar: a page of all of them asks for the same days over and over."""
    return tuple(day.isoformat() for day in calendar.class_days(date.fromisoformat(first), date.fromisoformat(last)))


def make_detection(settings: HubSettings, inventory: Inventory | None, pace: Pace = WHOLE) -> Detection:
    """Detection as the settings and the register want it: the same for live traffic and for replays."""
    profiles = _Profiles(load_catalog())
    calendar_of = make_calendars(settings, inventory).of
    if inventory is None or inventory.satellite is None:
        return Detection(settings.detection, calendar_of, profiles, pace=pace)
    position = inventory.satellite.orbital_position_deg_east
    return Detection(settings.detection, calendar_of, profiles, orbital_position=position, pace=pace)


class Judging:
    """What serves live traffic and replays alike. Each intent gives the numbers of the tickets that changed."""

    def __init__(
        self,
        store: Store,
        detection: Detection,
        tickets: Tickets,
        reports: Reports = lambda work: Judgements(work.connection),
        *,
        tell: Telling = lambda _work, _incidents, _now: None,
        keep_up: KeepingUp = lambda _work, _tickets: None,
    ) -> None:
        self._store, self._detection, self._tickets, self._reports = store, detection, tickets, reports
        self._tell, self._keep_up = tell, keep_up
        self._counted_at = -COUNTED_MS

    def judge(self, nodes: frozenset[NodeKey], now: int) -> frozenset[int]:
        """What these nodes have reported. One that cannot be judged is said and left for the next tick; the others are judged."""
        try:
            return self._judged(lambda stored: self._detection.judge(stored, nodes, now), now)
        except Exception:
            log.exception("%d nodes could not be judged together", len(nodes))
        if len(nodes) == 1:
            return frozenset()
        return frozenset(ticket for node in nodes for ticket in self.judge(frozenset([node]), now))

    @property
    def behind(self) -> bool:
        """Whether there is more to judge than was judged in one go."""
        return self._detection.behind

    def tick(self, now: int, *, listening: bool) -> frozenset[int]:
        """The time that passed. `listening`: the hub is connected to its broker; while it is not, no school is missed."""
        return self._judged(lambda stored: self._detection.tick(stored, now, listening=listening), now)

    def count_lessons(self, now: int) -> None:
        """Keep what lessons have been lost so far today, every few minutes, for those who look at the day while it lasts."""
        if 0 <= now - self._counted_at < COUNTED_MS:
            return
        self._counted_at = now
        told = self._detection.rooms_so_far()
        if told:
            with self._store.begin() as work:
                keep_room_days(work.connection, told)

    def finish(self, now: int) -> frozenset[int]:
        """All that is left, up to `now`: nothing more will come."""
        return self._judged(lambda stored: self._detection.finish(stored, now), now)

    def _judged(self, judge: Callable[[WhatToJudge], Iterable[Conclusion]], now: int) -> frozenset[int]:
        """What detection has in memory is what is on disk, also where a transaction fails."""
        try:
            with self._store.reading() as connection:
                stored = Noting(self._reports(UnitOfWork(connection)))
                conclusions = list(judge(stored))
            if not conclusions and not stored.noted:
                return frozenset()
            folded = dumped(stored.folded)
            with self._store.begin() as work:
                self._reports(work).save(folded, stored.judged)
                return self._keep(work, conclusions, now)
        except BaseException:
            self._detection.forget()
            raise

    def _keep(self, work: UnitOfWork, conclusions: Sequence[Conclusion], now: int) -> frozenset[int]:
        incidents = [each for each in conclusions if isinstance(each, Incident)]
        keep_incidents(work.connection, incidents)
        self._tell(work, incidents, now)
        keep_room_days(work.connection, [each for each in conclusions if isinstance(each, RoomDay)])
        findings = [each for each in conclusions if isinstance(each, FindingOpened | FindingCorrected | FindingCleared)]
        changed = frozenset(self._tickets.apply(TicketRows(work.connection), findings))
        error = tried(work, lambda: self._keep_up(work, changed))
        if error is not None:
            log.error("the office could not keep up with tickets; what was found is kept", exc_info=error)
        return changed
