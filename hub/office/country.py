"""Counts the districts every few minutes, and tells what was counted last: nobody who looks makes the hub count."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hub.core.class_time import ClassTime
from hub.core.districts import NO_AGES, DistrictCount
from hub.store.district_counts import Agents, ByCause, DistrictRows
from hub.store.unit_of_work import Store

_EVERY_MS = 2 * 60_000
_SLOWLY_MS = 60 * 60_000
"""What changes slowly, and takes longest to count: rooms, and the days of the month that are over."""


class Country:
    """Fills hub.web.country_pages.CountryPages; `tick` is the chore that keeps it true."""

    def __init__(self, store: Store, groups: Sequence[str], bells: ClassTime, zone: ZoneInfo) -> None:
        """groups: the districts that the hub serves"""
        self._store, self._groups, self._bells, self._zone = store, tuple(groups), bells, zone
        self._next: int | None = None
        self._slowly: tuple[int, date, Mapping[tuple[str, str], int], ByCause] | None = None

    def districts(self, groups: Collection[str] | None = None) -> Mapping[str, DistrictCount]:
        """Of those that somebody may see, also those that were not counted yet."""
        with self._store.reading() as connection:
            kept = DistrictRows(connection).counts(groups)
        served = (group for group in self._groups if groups is None or group in groups)
        return {group: kept.get(group, DistrictCount()) for group in served}

    def tick(self, now: int) -> None:
        if self._next is None:
            self._next = self._due(now)
        if now >= self._next:
            self._next = now + _EVERY_MS
            counts = self._counted(now)
            with self._store.begin() as work:
                DistrictRows(work.connection).keep(counts)

    def _due(self, now: int) -> int:
        """After a start, which has enough to do for those who look: not before what was counted last is old."""
        found = [each.at for each in self.districts().values()]
        known = [at for at in found if at is not None and at <= now]
        return min(known) + _EVERY_MS if known and len(known) == len(found) else now

    def _counted(self, now: int) -> Mapping[str, DistrictCount]:
        day = datetime.fromtimestamp(now / 1000, self._zone).date()
        with self._store.reading() as connection:
            rows = DistrictRows(connection)
            rooms, before = self._slow(rows, day, now)
            today = day.isoformat()
            lost = rows.lost(today, today)
            schools, agents = rows.schools(), rows.agents()
            tickets, overdue = rows.open_tickets(now), rows.overdue(now)
        by_district = self._class_so_far(rooms, day, now)
        return {
            group: DistrictCount(
                at=now,
                schools=schools.get(group, 0),
                agents=agents.get(group, _NONE).known,
                silent=agents.get(group, _NONE).silent,
                rooms=by_district.get(group, (0, 0.0))[0],
                class_min=by_district.get(group, (0, 0.0))[1],
                lost=lost.get(group, {}),
                lost_month=_both(before.get(group, {}), lost.get(group, {})),
                ages=tickets.get(group, NO_AGES),
                overdue=overdue.get(group, 0),
            )
            for group in self._groups
        }

    def _slow(self, rows: DistrictRows, day: date, now: int) -> tuple[Mapping[tuple[str, str], int], ByCause]:
        """Rooms, and what the days of the month before this one lost. Detection corrects them when a cause was another."""
        kept = self._slowly
        if kept is None or kept[1] != day or now - kept[0] >= _SLOWLY_MS:
            first, yesterday = day.replace(day=1), date.fromordinal(day.toordinal() - 1)
            before = rows.lost(first.isoformat(), yesterday.isoformat())
            kept = self._slowly = (now, day, rows.rooms(), before)
        return kept[2], kept[3]

    def _class_so_far(
        self, rooms: Mapping[tuple[str, str], int], day: date, now: int
    ) -> Mapping[str, tuple[int, float]]:
        """Rooms and their minutes of class, by district."""
        begin = round(datetime.combine(day, time.min, self._zone).timestamp() * 1000)
        found: dict[str, tuple[int, float]] = {}
        for (group, school), count in rooms.items():
            known, minutes = found.get(group, (0, 0.0)), self._bells.minutes(school, begin, now)
            found[group] = known[0] + count, known[1] + count * minutes
        return found


_NONE = Agents(0, 0)


def _both(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    return {cause: one.get(cause, 0.0) + other.get(cause, 0.0) for cause in (*one, *other)}
