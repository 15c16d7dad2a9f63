"""What stands behind the charts, put together: happenings, calendars, what detection learnt, the limits of profiles."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from firmware_profiles.schema import Profile
from hub.config import HubSettings
from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.history import Background, Bound, Level
from hub.core.hourly import HOUR_MS
from hub.core.strip import Known, Strip, strip_of
from hub.detection.calendars import Calendars
from hub.detection.levels import GAUGES
from hub.sheets.writing import Value, write_csv
from hub.store.happenings import events_of, spells_at
from hub.store.learnt import LearntLevel, learnt_level
from hub.store.spans import Span
from hub.store.strips import faults_in, heard_in, lost_in
from hub.store.unit_of_work import Store

_POINTS = 600
_DAY_MS = 86_400_000
ProfileOf = Callable[[str], Profile | None]
"""The profile of that name; None where there is none."""


class LookingBack:
    """Fills the port History of hub/web/history_pages.py."""

    def __init__(self, store: Store, calendars: Calendars, settings: HubSettings, profile_of: ProfileOf) -> None:
        self._store, self._calendars, self._profile_of = store, calendars, profile_of
        self._detection = settings.detection

    def background(self, key: DeviceKey, profile: str | None, since: int, until: int) -> Background:
        with self._store.reading() as connection:
            spells = spells_at(connection, key.node.group, key.node.school, since, until)
            events = events_of(connection, key, Span(since, until, _POINTS))
            learnt = learnt_level(connection, key)
        levels = [*self._learnt(learnt), *self._limits(key, profile)]
        return Background(self._class_hours(key.node.school, since, until), spells, events, tuple(levels))

    def file(self, heading: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
        return write_csv(heading, rows)

    def running(self, node: NodeKey, now: int) -> tuple[str, ...]:
        with self._store.reading() as connection:
            found = spells_at(connection, node.group, node.school, now, now)
        return tuple(each.cause for each in found if each.end is None)

    def strips(self, node: NodeKey, days: int, now: int, room: str | None = None) -> tuple[Strip, ...]:
        calendar = self._calendars.of(node.school)
        since = now - days * _DAY_MS
        held = [(day.isoformat(), calendar.class_stretches(day)) for day, _ in calendar.class_ms_by_day(since, now)]
        if not held:
            return ()
        begin = held[0][1][0][0]
        with self._store.reading() as connection:
            heard = heard_in(connection, node, _hours(held), now, room)
            lost = lost_in(connection, node, held[0][0], held[-1][0])
            faults = faults_in(connection, node, begin, now)
            spells = spells_at(connection, node.group, node.school, begin, now)
        rooms = sorted(heard.keys() | lost.keys()) if room is None else [room]
        everywhere = [*spells, *faults[None]]
        return tuple(
            strip_of(each, held, Known(heard.get(each, {}), lost.get(each, {}), [*everywhere, *faults[each]]), now)
            for each in rooms
        )

    def _class_hours(self, school: str, since: int, until: int) -> tuple[tuple[int, int], ...]:
        calendar = self._calendars.of(school)
        days = [day for day, _ in calendar.class_ms_by_day(since, until)]
        return tuple(stretch for day in days for stretch in calendar.class_stretches(day))

    def _learnt(self, learnt: LearntLevel | None) -> Iterator[Level]:
        if learnt is None:
            return
        settings = self._detection.level
        unit = 1.0 if learnt.gauge == GAUGES[0] else settings.quality_points_per_db
        enter = max(settings.enter_db, 4 * learnt.scatter)
        yield Level(learnt.gauge, Bound.CLEAR_SKY, learnt.base * unit)
        yield Level(learnt.gauge, Bound.LOW, (learnt.base - enter) * unit)

    def _limits(self, key: DeviceKey, profile: str | None) -> Iterator[Level]:
        found = self._profile(key, profile)
        for limit in found.limits if found else ():
            bound = limit.below if limit.above is None else limit.above
            if bound is not None:
                yield Level(limit.metric, Bound.LIMIT, float(bound))

    def _profile(self, key: DeviceKey, profile: str | None) -> Profile | None:
        named = profile or (self._detection.host_profile if key.device == HOST else None)
        return None if named is None else self._profile_of(named)


def _hours(days: Iterable[tuple[str, Sequence[tuple[int, int]]]]) -> frozenset[int]:
    """Those since 1970 that class touches."""
    stretches = (stretch for _, held in days for stretch in held)
    return frozenset(hour for start, end in stretches for hour in range(start // HOUR_MS, (end - 1) // HOUR_MS + 1))
