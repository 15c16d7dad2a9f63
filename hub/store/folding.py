"""Folds reports into hours, some thousands at a time, whenever they came and in whatever order.

Which offsets are in the hours already is kept as ranges, like those that are committed: what is committed and not folded is due.
A step reads some of that, works the hours that it touches out anew from all reports that they have, and writes hours and ranges
in one transaction; one that was killed, or that another has overtaken, has not been. Reports of an hour that is not over wait.
To hours whose other reports may be pruned already what is told late is added (late_hours.py).
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.core.hourly import HOLDS_MS, HOUR_MS, moment_of
from hub.ingestion.ranges import NOTHING, Range, Ranges
from hub.store.bodies import metric_names
from hub.store.gently import Gently
from hub.store.hourly_bodies import pack_hour
from hub.store.hourly_tables import hourly, hourly_done, hourly_mark
from hub.store.hours import Wanted, hours_told, ids_of
from hub.store.late_hours import Late, amended_hours
from hub.store.tables import committed, report
from hub.store.unit_of_work import Store

LATE_MS = 120_000
"""An hour is over so long after its end: its last reports are under way until then."""
_BATCH = 2000
_TICK_S = 0.25
_LOOK_EVERY_MS = 60_000
_OWN_TIME = re.compile(rb",\d{12,}\]")
"""Nothing else in a body looks like a value's own time but large numbers, and words that hold such."""
_PIECE = (
    select(report.c.offset, report.c.device_id, report.c.t, report.c.body)
    .where(report.c.epoch_id == bindparam("epoch"), report.c.offset.between(bindparam("first"), bindparam("last")))
    .order_by(report.c.offset)
)
_FROM_ON = select(hourly.c.hour).where(hourly.c.device_id == bindparam("device"), hourly.c.hour >= bindparam("first"))
_Touched = dict[int, set[int]]
_Hours = Mapping[tuple[int, int], bytes]


@dataclass(slots=True)
class _Due:
    """What a journal has to give. `done`: what of it is in the hours."""

    epoch: int
    ranges: Ranges
    done: Ranges


@dataclass(slots=True)
class _Step:
    """One step.

    over     the first hour that is not over
    touched  the hours of each device; `hours`: what they come to
    ahead    hours that are not over into which a value of theirs held on
    done     what each journal has in the hours afterwards; `waiting`: offsets of hours that are not over
    """

    over: int
    touched: _Touched = field(default_factory=lambda: defaultdict(set))
    ahead: _Touched = field(default_factory=lambda: defaultdict(set))
    done: dict[int, Ranges] = field(default_factory=dict)
    waiting: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hours: "_Hours" = field(default_factory=dict)

    def told(self, before: Mapping[int, Ranges]) -> Wanted:
        """Whether a report is in the hours once this step is done; `before`: what was before it."""
        return _within({**before, **self.done})


class Folding:
    """One thread at a time; several processes may do it at once, the slower of two then begins its step anew."""

    def __init__(self, store: Store, *, batch: int = _BATCH) -> None:
        self._store, self._batch = store, batch
        self._due: deque[_Due] = deque()
        self._waiting: dict[int, Ranges] = {}
        self._revision = self._pruned = 0
        self._done: dict[int, Ranges] = {}
        self._over = 0
        self._look_at = 0

    def tick(self, now: int) -> None:
        """Some of what is due. It takes no longer than a moment, and looks once a minute whether there is anything."""
        work = Gently()
        while (self._due or now >= self._look_at) and work.worked_s < _TICK_S:
            if not self.step(now):
                self._look_at = now + _LOOK_EVERY_MS
            work.rest()

    def step(self, now: int) -> bool:
        """Fold some. False where nothing is due at `now`."""
        over = (now - LATE_MS) // HOUR_MS
        if over != self._over:
            self._over, self._waiting = over, {}
        folded = False
        try:
            step = self._prepare(over)
            folded = step is None or self._keep(step)
        finally:
            if not folded:
                # What is due is found anew: what was taken of it is not in the hours, or another has written meanwhile.
                self._due.clear()
        if step is not None and folded:
            for epoch, offsets in step.waiting.items():
                self._waiting[epoch] = self._waiting.get(epoch, NOTHING).add(offsets)
        return step is not None

    def _prepare(self, over: int) -> _Step | None:
        """What is to be written, without a lock on anything; None where nothing is due."""
        with self._store.reading() as connection:
            if not self._due:
                mark = connection.execute(select(hourly_mark.c.revision, hourly_mark.c.pruned_before)).one()
                self._revision, self._pruned = mark.revision, mark.pruned_before // HOUR_MS
                self._due = deque(self._find(connection))
            if not self._due:
                return None
            step = _Step(over)
            self._take(connection, step)
            _take_ahead(connection, step)
            step.hours = self._worked_out(connection, step)
        return step

    def _find(self, connection: Connection) -> Iterator[_Due]:
        done = self._done = ranges_of(connection, hourly_done)
        for epoch, have in ranges_of(connection, committed).items():
            own = done.get(epoch, NOTHING)
            due = have - own - self._waiting.get(epoch, NOTHING)
            if due:
                yield _Due(epoch, due, own)

    def _take(self, connection: Connection, step: _Step) -> None:
        left = self._batch
        while self._due and left > 0:
            due = self._due[0]
            first, last = due.ranges.spans[0]
            last = min(last, first + left - 1)
            due.ranges -= Ranges(((first, last),))
            left -= last - first + 1
            self._read(connection, step, due, (first, last))
            if not due.ranges:
                self._due.popleft()

    def _read(self, connection: Connection, step: _Step, due: _Due, piece: Range) -> None:
        waiting = []
        bounds = {"epoch": due.epoch, "first": piece[0], "last": piece[1]}
        for offset, device, t, body in connection.execute(_PIECE, bounds):
            touched = hours_in(t, body)
            if max(touched) >= step.over:
                waiting.append(offset)
            else:
                # A value that held on into the next hour counts there; where that is not over, it waits for its own.
                held_on = {(each + HOLDS_MS - 1) // HOUR_MS for each in moments_in(t, body)}
                step.touched[device] |= touched | {hour for hour in held_on if hour < step.over}
                step.ahead[device] |= {hour for hour in held_on if hour >= step.over}
        due.done |= Ranges((piece,)) - NOTHING.add(waiting)
        step.done[due.epoch] = due.done
        if waiting:
            step.waiting[due.epoch] += waiting

    def _keep(self, step: _Step) -> bool:
        """Whether nobody else wrote meanwhile: what was read may be old then."""
        with self._store.begin() as work:
            ours = update(hourly_mark).where(hourly_mark.c.revision == self._revision)
            if work.connection.execute(ours.values(revision=self._revision + 1)).rowcount != 1:
                return False
            write_hours(work.connection, step.hours)
            _write_done(work.connection, step.done)
        self._revision += 1
        self._done.update(step.done)
        return True

    def _worked_out(self, connection: Connection, step: _Step) -> _Hours:
        """The bodies of hours by device and hour; empty ones of which nothing is known."""
        names = metric_names(connection)
        ids = ids_of(names)
        told = Late(_within(self._done), step.told(self._done))
        found = {}
        for device, wanted in step.touched.items():
            late = {hour for hour in wanted if hour < self._pruned}
            hours = hours_told(connection, device, wanted - late, names) if wanted - late else {}
            if late:
                hours |= amended_hours(connection, device, late, names, told)
            for hour, metrics in hours.items():
                found[device, hour] = pack_hour({ids[name]: each for name, each in metrics.items()})
        return found


def _take_ahead(connection: Connection, step: _Step) -> None:
    """An hour that is there although it is not over was folded when our clock was ahead: it has no report to wait for."""
    for device, hours in step.ahead.items():
        if hours:
            there = connection.execute(_FROM_ON, {"device": device, "first": step.over}).scalars()
            step.touched[device] |= hours.intersection(there)


def _within(ranges: Mapping[int, Ranges]) -> Wanted:
    return lambda epoch, offset: offset in ranges.get(epoch, NOTHING)


def moments_in(t: int, body: bytes) -> set[int]:
    """The report's time and those of its values."""
    found = {t}
    if _OWN_TIME.search(body):
        with suppress(ValueError, TypeError):
            found.update(moment_of(own[0], t) for _, _, *own in orjson.loads(body) if own)
    return found


def hours_in(t: int, body: bytes) -> set[int]:
    return {each // HOUR_MS for each in moments_in(t, body)}


def ranges_of(connection: Connection, table: Table) -> dict[int, Ranges]:
    spans: defaultdict[int, list[Range]] = defaultdict(list)
    for epoch, first, last in connection.execute(select(table.c.epoch_id, table.c.first, table.c.last)):
        spans[epoch].append((first, last))
    return {epoch: Ranges.of(each) for epoch, each in spans.items()}


def write_hours(connection: Connection, hours: _Hours) -> None:
    rows = [{"device_id": device, "hour": hour, "body": body} for (device, hour), body in hours.items() if body]
    if rows:
        statement = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(hourly)
        statement = statement.on_conflict_do_update(
            index_elements=[hourly.c.device_id, hourly.c.hour], set_={"body": statement.excluded.body}
        )
        connection.execute(statement, rows)
    empty = [{"d": device, "h": hour} for (device, hour), body in hours.items() if not body]
    if empty:
        here = (hourly.c.device_id == bindparam("d")) & (hourly.c.hour == bindparam("h"))
        connection.execute(delete(hourly).where(here), empty)


def _write_done(connection: Connection, done: Mapping[int, Ranges]) -> None:
    if not done:
        return
    connection.execute(delete(hourly_done).where(hourly_done.c.epoch_id.in_(done)))
    rows = [
        {"epoch_id": epoch, "first": first, "last": last} for epoch, ranges in done.items() for first, last in ranges
    ]
    if rows:
        connection.execute(insert(hourly_done), rows)
