"""Lesson time: in which minutes of class a room could not be shown its lesson, by cause, and in which it was used.

Losses are spans told by others: a fault from its onset to its end, a fade, an outage. They may be told late, moved and renamed;
each day of each room that they touch is then told anew. A minute is lost once: to the span that began first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from hub.core.findings import RoomDay

_MINUTE_MS = 60_000
_KEPT_DAYS = 60
_DAY_MS = 86_400_000
_Place = tuple[str, str, str, str]
"""District, school, room, and the day in ISO 8601."""


class Days(Protocol):
    """The calendar, as far as days of class are asked for."""

    def class_ms_by_day(self, start: int, end: int) -> Iterable[tuple[date, int]]: ...

    def class_stretches(self, day: date) -> tuple[tuple[int, int], ...]: ...


@dataclass(slots=True)
class Loss:
    """From `start` on, until `end` (None: it lasts), lessons cannot be shown in these rooms.

    supposed  nobody looked: what is known is that the others on its dish could not
    """

    rooms: list[str]
    cause: str
    start: int
    end: int | None = None
    supposed: bool = False


@dataclass(slots=True)
class Use:
    """A room's use. `since`: it is in use since then; `by_day`: ms of class used on past days, by ISO date."""

    since: int | None = None
    by_day: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """The lesson time of a school.

    dirty       room and ISO date of days that have to be told anew
    told_until  what lasts was told as lasting up to then: also past what an absent node's own history has reached
    """

    losses: dict[str, Loss] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    dirty: dict[str, list[str]] = field(default_factory=dict)
    told_until: int = 0

    def lose(self, key: str, loss: Loss, days: Days, t: int) -> None:
        """The loss `key` is this; what was told of it before is replaced."""
        before = self.losses.get(key)
        if not loss.rooms or loss == before:
            return
        if before is not None:
            self._mark(before, days, t)
        self.losses[key] = loss
        self._mark(loss, days, t)

    def end(self, key: str, end: int, days: Days, t: int | None = None) -> None:
        """The loss is over since `end`, which is known at `t`: until then days were told as if it lasted."""
        loss = self.losses.get(key)
        if loss is not None and loss.end is None:
            self._mark(loss, days, end if t is None else t)
            loss.end = max(end, loss.start)

    def drop(self, key: str, days: Days, t: int) -> None:
        """It was none, as is known at `t`."""
        self._mark(self.losses.pop(key), days, t)

    def use(self, room: str, used: bool, t: int, days: Days) -> None:
        """Whether the room is in use from `t` on."""
        use = self.uses.get(room)
        if use is None:
            use = self.uses[room] = Use()
        if used and use.since is None:
            use.since = t
        elif not used and use.since is not None:
            self._count(room, use, t, days)
            use.since = None

    def tell(self, group: str, school: str, days: Days, t: int, *, running: bool) -> Iterator[RoomDay]:
        """The days that changed. `running`: also those that losses and uses which still last have touched by `t`."""
        if running:
            self._account(days, t)
            self.told_until = t
        for room in sorted(self.dirty):
            for iso in sorted(set(self.dirty[room])):
                yield self._day((group, school, room, iso), days, t)
        self.dirty.clear()
        self._forget(t)

    def so_far(self, group: str, school: str, days: Days, t: int) -> Iterator[RoomDay]:
        """Days of the last 24 hours on which rooms lost something, up to `t`: for those who watch. Nothing changes by it."""
        for room, iso in sorted(set(self._lately(days, t))):
            yield self._day((group, school, room, iso), days, t)

    def _lately(self, days: Days, t: int) -> Iterator[tuple[str, str]]:
        for loss in self.losses.values():
            start, end = max(loss.start, t - _DAY_MS), t if loss.end is None else loss.end
            lost = {day.isoformat() for day, ms in days.class_ms_by_day(start, max(end, start)) if ms}
            yield from ((room, iso) for room in loss.rooms for iso in lost)

    def _day(self, place: _Place, days: Days, t: int) -> RoomDay:
        _, _, room, iso = place
        lost = self._lost(room, date.fromisoformat(iso), days, t)
        return RoomDay(*place, lost, self._used(room, iso, days, t) / _MINUTE_MS)

    def _used(self, room: str, iso: str, days: Days, t: int) -> int:
        """What was counted, and what has passed since."""
        use = self.uses.get(room)
        if use is None:
            return 0
        since = t if use.since is None else use.since
        more = sum(ms for day, ms in days.class_ms_by_day(since, max(since, t)) if day.isoformat() == iso)
        return use.by_day.get(iso, 0) + more

    def _account(self, days: Days, t: int) -> None:
        for loss in self.losses.values():
            if loss.end is None:
                self._mark(loss, days, t)
        for room, use in self.uses.items():
            if use.since is not None:
                self._count(room, use, t, days)

    def _count(self, room: str, use: Use, t: int, days: Days) -> None:
        start = use.since if use.since is not None else t
        for day, ms in days.class_ms_by_day(start, t):
            if ms:
                iso = day.isoformat()
                use.by_day[iso] = use.by_day.get(iso, 0) + ms
                self.dirty.setdefault(room, []).append(iso)
        use.since = max(start, t)

    def _mark(self, loss: Loss, days: Days, t: int) -> None:
        end = max(t, self.told_until) if loss.end is None else loss.end
        touched = [day.isoformat() for day, ms in days.class_ms_by_day(loss.start, max(end, loss.start)) if ms]
        for room in loss.rooms:
            known = self.dirty.setdefault(room, [])
            known.extend(day for day in touched if day not in known)

    def _lost(self, room: str, day: date, days: Days, t: int) -> Mapping[str, float]:
        lost: dict[str, float] = {}
        touching = [loss for loss in self.losses.values() if room in loss.rooms]
        touching.sort(key=lambda each: (each.start, each.cause))
        for first, last in days.class_stretches(day):
            reached = first
            for loss in touching:
                start, end = max(reached, loss.start), min(last, t if loss.end is None else loss.end)
                if end > start:
                    lost[loss.cause] = lost.get(loss.cause, 0.0) + (end - start) / _MINUTE_MS
                    reached = end
        return lost

    def _forget(self, t: int) -> None:
        oldest = t - _KEPT_DAYS * _DAY_MS
        for key in [key for key, loss in self.losses.items() if loss.end is not None and loss.end < oldest]:
            del self.losses[key]
        for use in self.uses.values():
            while len(use.by_day) > _KEPT_DAYS:
                del use.by_day[min(use.by_day)]
