"""A district that has grown: 200 schools on the map, 1,600 devices, ninety days of what they said, and the office's year.

Rows as the hub would have written them: reports of the last 35 days, their hours for ninety, tickets, incidents. The year of
the office is as in benchmarks/reports.py, and ends yesterday.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from benchmarks.reports import GROUP, ZONE, District, Sizes
from hub.core.findings import Incident
from hub.core.hourly import Hourly
from hub.core.reports import Sample
from hub.store.bodies import pack
from hub.store.chunk_days import make_room
from hub.store.chunk_tables import report_chunk
from hub.store.chunks import Kept
from hub.store.hourly_bodies import pack_hour
from hub.store.hourly_tables import hourly, hourly_done
from hub.store.incidents import keep_incidents
from hub.store.opening import open_store
from hub.store.packing import BLOCK_MS, chunk_row
from hub.store.tables import committed, device, epoch, metric, node, report, school, ticket
from hub.store.unit_of_work import Store
from wire.metrics import DataType
from wire.vocabulary import BY_KIND

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
RAW_DAYS, DAYS = 35, 90
EVERY_MS = 1_800_000
"""How often a device reports that has nothing to say; most say more by day and less by night."""
_CENTRE = (14.9, 102.1)
_CAUSES = ("tv_failed", "receiver_failed", "tv_no_signal", "lnb_failed", "dish_misaligned")
_OPEN = 60
_INCIDENTS = 200
_VARIETY = 60
_Ids = dict[str, tuple[int, DataType]]
"""Number and type of each metric."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What devices of a kind say, with a value's mean and how much it varies."""

    values: tuple[tuple[str, float | bool, float], ...]


_SAID = {
    "tv": Kind((("device/reachable", True, 0), ("power/on", True, 0), ("volume/pct", 20.0, 6.0))),
    "receiver": Kind(
        (
            *(("device/reachable", True, 0), ("power/on", True, 0), ("signal/lock", True, 0)),
            *(("signal/cnr_db", 12.4, 0.6), ("signal/strength_dbm", -52.0, 1.5), ("signal/quality_pct", 78.0, 4.0)),
        )
    ),
}
"""Metrics that the vocabulary has for the kind."""
_COMPUTER = {"host/cpu_pct": 12.0, "host/mem_used_pct": 31.0, "net/internet": True, "host/uptime_s": 7200}
"""Said by the computer of each school, whose readings are not kept."""


class Grown:
    """Writes the district. now: ms; the same seed writes the same."""

    def __init__(self, store: Store, now: int, sizes: Sizes, seed: int = 7) -> None:
        self._store, self._now, self._sizes = store, now, sizes
        self._chance = random.Random(seed)

    def write(self, *, readings: bool = True) -> int:
        """How many reports there are; without `readings` none, for who measures what reads none."""
        yesterday = datetime.fromtimestamp(self._now / 1000, ZONE).date() - timedelta(days=1)
        District(self._store, self._sizes, last=yesterday).write()
        with self._store.begin() as work:
            self._place(work.connection)
            ids = self._metrics(work.connection)
            self._faults(work.connection)
        return sum(self._school(each, ids) for each in self._nodes()) if readings else 0

    def _nodes(self) -> list[int]:
        with self._store.reading() as connection:
            return list(connection.execute(select(node.c.id).order_by(node.c.id)).scalars())

    def _place(self, connection: Connection) -> None:
        """Schools around a town, most of them near."""
        for code in connection.execute(select(school.c.code)).scalars().all():
            far, turn = abs(self._chance.gauss(0, 0.25)), self._chance.uniform(0, math.tau)
            place = {"lat": _CENTRE[0] + far * math.sin(turn), "lon": _CENTRE[1] + far * math.cos(turn)}
            connection.execute(update(school).where(school.c.code == code).values(**place))
        connection.execute(update(node).values(online=True, heard_at=self._now, status_since=self._now - DAY_MS))
        said = {name: [value, self._now] for name, value in _COMPUTER.items()}
        told = {"key": "", "kind": "computer", "properties": {}, "latest": said}
        connection.execute(insert(device), [{"node_id": each} | told for each in self._ids(connection)])

    def _metrics(self, connection: Connection) -> dict[str, tuple[int, DataType]]:
        found = {}
        for kind, told in _SAID.items():
            for name, _, _ in told.values:
                datatype = BY_KIND[kind].get(name, DataType.DOUBLE)
                if name not in found:
                    row = insert(metric).returning(metric.c.id).values(name=name, datatype=int(datatype))
                    found[name] = connection.execute(row).scalar_one(), datatype
        return found

    def _faults(self, connection: Connection) -> None:
        for number, node_id in enumerate(self._chance.sample(self._ids(connection), min(_OPEN, self._sizes.schools))):
            at = self._now - self._chance.randrange(1, 20) * DAY_MS // 2
            told = {"node_id": node_id, "device": f"{number % self._sizes.rooms}-tv", "state": "reported", "open": True}
            more = {"cause": self._chance.choice(_CAUSES), "onset_at": at, "opened_at": at + HOUR_MS}
            connection.execute(
                insert(ticket).values(**told, **more, signs=["silent"], alternatives=[], version=1, dish="")
            )
        codes = connection.execute(select(school.c.code)).scalars().all()
        for number in range(_INCIDENTS):
            start = self._now - round(self._chance.uniform(0, DAYS)) * DAY_MS
            members = sorted(self._chance.sample(codes, min(6, len(codes))))
            end = None if number < 3 else start + 2 * HOUR_MS
            there = dict.fromkeys(members, (start, end))
            keep_incidents(connection, [Incident(GROUP, f"rain_fade:{number}", "rain_fade", start, end, there)])

    def _ids(self, connection: Connection) -> list[int]:
        return list(connection.execute(select(node.c.id).order_by(node.c.id)).scalars())

    def _school(self, node_id: int, ids: _Ids) -> int:
        """All that the devices of one school said, in one transaction."""
        with self._store.begin() as work:
            connection = work.connection
            of_school = select(device.c.id, device.c.kind).where(device.c.node_id == node_id)
            rows = connection.execute(of_school.where(device.c.kind.in_(_SAID))).all()
            journal = {"node_id": node_id, "uuid": f"journal-{node_id}", "ours": False, "first_seen": self._now}
            new = insert(epoch).returning(epoch.c.id).values(**journal, newest=0, judged=0)
            epoch_id = connection.execute(new).scalar_one()
            said = list(self._reports(epoch_id, [(row.id, row.kind) for row in rows], ids))
            settled = self._now // BLOCK_MS * BLOCK_MS
            packed = list(_packed(each for each in said if each.t < settled))
            make_room(connection, (each["until"] for each in packed))
            connection.execute(insert(report_chunk), packed)
            connection.execute(insert(report), [_row(each) for each in said if each.t >= settled])
            connection.execute(insert(hourly), list(self._hours([(row.id, row.kind) for row in rows], ids)))
            last = len(said)
            connection.execute(update(epoch).where(epoch.c.id == epoch_id).values(newest=last, judged=last))
            for table in (committed, hourly_done):
                connection.execute(insert(table).values(epoch_id=epoch_id, first=1, last=last))
            self._newest(connection, [(row.id, row.kind) for row in rows])
        return len(said)

    def _reports(self, epoch_id: int, devices: list[tuple[int, str]], ids: _Ids) -> Iterator[Kept]:
        named = {(name, datatype): number for name, (number, datatype) in ids.items()}
        bodies = {
            kind: [pack({name: Sample(value, ids[name][1]) for name, value in each.items()}, named) for each in said]
            for kind, said in self._said().items()
        }
        moments = range(self._now - RAW_DAYS * DAY_MS, self._now, EVERY_MS)
        for offset, (t, (device_id, kind)) in enumerate(((t, each) for t in moments for each in devices), 1):
            yield Kept(epoch_id, offset, device_id, t, self._chance.choice(bodies[kind]))

    def _hours(self, devices: list[tuple[int, str]], ids: _Ids) -> Iterator[dict[str, Any]]:
        bodies = {
            kind: [pack_hour({ids[name][0]: self._hour(value) for name, value in each.items()}) for each in said]
            for kind, said in self._said().items()
        }
        now = self._now // HOUR_MS
        for device_id, kind in devices:
            for hour in range(now - DAYS * 24, now):
                yield {"device_id": device_id, "hour": hour, "body": self._chance.choice(bodies[kind])}

    def _said(self) -> dict[str, list[dict[str, float | bool]]]:
        """Some of what the devices of a school say, over and over again."""
        return {kind: [self._values(kind) for _ in range(_VARIETY)] for kind in _SAID}

    def _hour(self, value: float | bool) -> Hourly:
        """As if it had been told every five minutes."""
        figure = float(value)
        spread = 0.0 if isinstance(value, bool) else abs(self._chance.gauss(0, 1))
        return Hourly(12, HOUR_MS, figure - spread, figure + spread, figure, figure)

    def _values(self, kind: str) -> dict[str, float | bool]:
        return {
            name: mean if isinstance(mean, bool) else round(self._chance.gauss(mean, spread), 2)
            for name, mean, spread in _SAID[kind].values
        }

    def _newest(self, connection: Connection, devices: list[tuple[int, str]]) -> None:
        wish = update(device).where(device.c.id == bindparam("its")).values(latest=bindparam("told"))
        told = [
            {"its": number, "told": {name: [value, self._now] for name, value in self._values(kind).items()}}
            for number, kind in devices
        ]
        connection.execute(wish, told)


def _packed(said: Iterable[Kept]) -> list[dict[str, Any]]:
    """As a hub has packed them that has run for long."""
    blocks: defaultdict[tuple[int, int], list[Kept]] = defaultdict(list)
    for each in said:
        blocks[each.device, each.t // BLOCK_MS].append(each)
    return [chunk_row(each) for each in blocks.values()]


def _row(each: Kept) -> dict[str, Any]:
    told = {"epoch_id": each.epoch, "offset": each.offset, "device_id": each.device}
    return {**told, "t": each.t, "body": each.body}


def grow(path: Path, now: int, sizes: Sizes, *, readings: bool = True) -> int:
    store = open_store(f"sqlite:///{path}")
    try:
        return Grown(store, now, sizes).write(readings=readings)
    finally:
        store.close()
