"""How long does a chart of 90 days of one metric take, in a district of 1,600 devices, and what do its hours weigh?

The hours of all devices are written as the fold writes them; one device also gets every report of the time, which the hub's own
code then folds, and which the same chart is drawn from without hours, for comparison.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from benchmarks.ceilings import against
from firmware_profiles.loader import load_catalog
from hub.config import HubSettings
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.hourly import HOUR_MS, Hourly
from hub.core.reports import Sample
from hub.judging import make_calendars
from hub.office.looking_back import LookingBack
from hub.store.bodies import pack
from hub.store.bulk import insert_new
from hub.store.folding import LATE_MS, Folding
from hub.store.hourly_bodies import pack_hour
from hub.store.hourly_tables import hourly
from hub.store.opening import open_store
from hub.store.packing import Packing
from hub.store.series import series_of
from hub.store.spans import LONG_MS, Span
from hub.store.tables import committed, device, epoch, metric, node, report
from hub.store.unit_of_work import Store
from wire.metrics import DataType

TARGET_MS = 50.0
"""A chart of 90 days, on a quiet machine."""
GROUP = "cpm3"
_METRICS = (
    ("signal/cnr_db", DataType.FLOAT),
    ("signal/quality_pct", DataType.FLOAT),
    ("signal/strength_dbm", DataType.FLOAT),
    ("signal/ber", DataType.DOUBLE),
    ("signal/lock", DataType.BOOLEAN),
    ("power/on", DataType.BOOLEAN),
    ("device/reachable", DataType.BOOLEAN),
    ("tuner/frequency_khz", DataType.INT32),
)
_MOVING = 4
_BODIES = 400
_EVERY_MS = 120_000
_AT_ONCE = 50_000
_NOW = 1_795_157_100_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the district, and of what is kept of it."""

    schools: int = 200
    devices: int = 8
    days: int = 90


@dataclass(frozen=True, slots=True)
class Timed:
    """What was asked, so often, and how long it took: the middle, 95 of 100, the worst, in ms."""

    what: str
    times: int
    middle: float
    most: float
    worst: float


class District:
    """Writes schools with their devices and hours. The same seed writes the same district."""

    def __init__(self, store: Store, sizes: Sizes, seed: int = 1) -> None:
        self._store, self._sizes, self._chance = store, sizes, random.Random(seed)
        self.keys: list[DeviceKey] = []

    def write(self) -> None:
        with self._store.begin() as work:
            named = [{"name": name, "datatype": int(datatype)} for name, datatype in _METRICS]
            work.connection.execute(insert(metric), named)
            for at in range(self._sizes.schools):
                self._school(work.connection, f"3001{at:04}")
        for rows in _chunks(self._hours()):
            with self._store.begin() as work:
                insert_new(work.connection, hourly, rows)

    def write_reports(self) -> int:
        """Each report of the first device, of the whole time. How many."""
        ids = {(name, datatype): number for number, (name, datatype) in enumerate(_METRICS, 1)}
        rows = []
        since = _NOW - self._sizes.days * 24 * HOUR_MS
        for offset, t in enumerate(range(since, _NOW, _EVERY_MS), 1):
            level = 12 + self._chance.random()
            told = {name: Sample(_value(datatype, level), datatype) for name, datatype in _METRICS}
            rows.append((1, offset, 1, t, pack(told, ids)))
        with self._store.begin() as work:
            first = {"id": 1, "node_id": 1, "uuid": "e1", "ours": False, "judged": 0, "first_seen": 0}
            work.connection.execute(insert(epoch).values(**first, newest=len(rows)))
            work.connection.execute(insert(committed).values(epoch_id=1, first=1, last=len(rows)))
            insert_new(work.connection, report, rows)
        return len(rows)

    def _school(self, connection: Connection, code: str) -> None:
        key = NodeKey(GROUP, code)
        place = {"group": GROUP, "name": code, "school": code, "online": True, "properties": {}}
        number = connection.execute(insert(node).values(**place).returning(node.c.id)).scalar_one()
        for at in range(self._sizes.devices):
            room, kind = f"p{at // 2 + 1}", ("receiver", "tv")[at % 2]
            named = {"node_id": number, "key": f"{room}-{kind}", "kind": kind, "room": room}
            connection.execute(insert(device).values(**named, properties={}, latest={}))
            self.keys.append(DeviceKey(key, f"{room}-{kind}"))

    def _hours(self) -> Iterator[tuple[int, int, bytes]]:
        bodies = [self._body() for _ in range(_BODIES)]
        newest = _NOW // HOUR_MS
        # The first device's hours are left for the fold.
        for number in range(2, len(self.keys) + 1):
            for hour in range(newest - self._sizes.days * 24, newest):
                yield number, hour, self._chance.choice(bodies)

    def _body(self) -> bytes:
        hours = {}
        for number in range(1, len(_METRICS) + 1):
            low = 10 + self._chance.random()
            high = low + self._chance.random() if number <= _MOVING else low
            hours[number] = Hourly(12, HOUR_MS, low, high, (low + high) / 2, high)
        return pack_hour(hours)


def fold(store: Store) -> float:
    """How many seconds it took to fold all reports there are."""
    folding, begun = Folding(store), time.process_time()
    while folding.step(_NOW + LATE_MS):
        pass
    return time.process_time() - begun


def settle(store: Store) -> None:
    """Reports of whole blocks of time become chunks, as hours after they came."""
    with store.begin() as work:
        work.connection.execute(update(epoch).values(judged=epoch.c.newest))
    packing = Packing(store, 10_000.0)
    while packing.step(_NOW):
        pass


def measure(store: Store, district: District, sizes: Sizes, times: int) -> Iterator[Timed]:
    """Charts and strips of devices and schools all over the district."""
    chance, until = random.Random(2), _NOW
    since = until - sizes.days * 24 * HOUR_MS
    settings = HubSettings()
    history = LookingBack(store, make_calendars(settings, None), settings, load_catalog().find)

    def chart(begin: int, key: DeviceKey) -> None:
        with store.reading() as connection:
            series_of(connection, key, ("signal/cnr_db",), Span(begin, until, 600))

    some = chance.choices(district.keys, k=times)
    yield _timed(f"{sizes.days} days of one metric", partial(chart, since), some)
    yield _timed("48 hours of it, of reports", partial(chart, until - LONG_MS), district.keys[:1] * times)
    yield _timed(f"what stands behind {sizes.days} days", lambda key: history.background(key, None, since, until), some)
    yield _timed("lessons of a school, 7 days", lambda key: history.strips(key.node, 7, until), some)
    yield _timed(
        f"lessons of a room, {sizes.days} days", lambda key: history.strips(key.node, sizes.days, until, "p1"), some
    )


def decode_all(store: Store, district: District, sizes: Sizes) -> float:
    """The same chart as it was made before there were hours: from every report. In ms."""
    begun = time.perf_counter()
    with store.reading() as connection:
        for at in range(0, sizes.days * 24 * HOUR_MS, LONG_MS):
            span = Span(_NOW - at - LONG_MS, _NOW - at, 600)
            series_of(connection, district.keys[0], ("signal/cnr_db",), span)
    return (time.perf_counter() - begun) * 1000


def read_hours(store: Store, sizes: Sizes, number: int) -> None:
    """The hours of a device, as they stand in the database."""
    since = _NOW // HOUR_MS - sizes.days * 24
    with store.reading() as connection:
        connection.execute(select(hourly).where(hourly.c.device_id == number, hourly.c.hour >= since)).all()


def _timed(what: str, ask: Callable[[Any], object], keys: Sequence[object]) -> Timed:
    took = []
    for key in keys:
        begun = time.perf_counter()
        ask(key)
        took.append((time.perf_counter() - begun) * 1000)
    most = quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    return Timed(what, len(took), median(took), most, max(took))


def _value(datatype: DataType, level: float) -> float | bool | int:
    if datatype is DataType.BOOLEAN:
        return True
    return int(level) if datatype is DataType.INT32 else round(level, 2)


def _chunks(rows: Iterator[tuple[int, int, bytes]]) -> Iterator[list[tuple[int, int, bytes]]]:
    found: list[tuple[int, int, bytes]] = []
    for row in rows:
        found.append(row)
        if len(found) == _AT_ONCE:
            yield found
            found = []
    yield found


def _bytes(store: Store) -> int:
    with store.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(connection.execute(text("PRAGMA page_size")).scalar_one())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=200)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--times", type=int, default=100)
    options = parser.parse_args()
    sizes = Sizes(schools=options.schools, days=options.days)
    with tempfile.TemporaryDirectory() as folder, closing(open_store(f"sqlite:///{Path(folder) / 'hub.db'}")) as store:
        district, empty = District(store, sizes), _bytes(store)
        district.write()
        rows = (len(district.keys) - 1) * sizes.days * 24
        weight = (_bytes(store) - empty) / rows
        print(f"{len(district.keys)} devices, {rows} hours: {weight:.0f} bytes an hour of {len(_METRICS)} metrics")
        reports = district.write_reports()
        seconds = fold(store)
        settle(store)
        print(f"{reports} reports folded in {seconds:.1f} s of processor time: {reports / seconds:.0f} a second")
        found = list(measure(store, district, sizes, options.times))
        for each in found:
            print(f"{each.what}: {each.middle:.1f} ms, 95 % {each.most:.1f} ms, worst {each.worst:.1f} ms")
        bare = _timed("rows", partial(read_hours, store, sizes), range(2, len(district.keys) + 1, 7))
        print(against("its rows read and left packed, 95 %", found[0].most, bare.most, "ms"))
        print(f"the same chart from every report: {decode_all(store, district, sizes):.0f} ms")
    return int(found[0].most > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())
