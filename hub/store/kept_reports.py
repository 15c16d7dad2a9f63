"""All stored reports, wherever they stand: rows of `report`, and chunks of those that are settled.

Whoever reads reports reads them here. Rows are read before chunks: a chore that packs meanwhile can show a report twice, which
is put right, and hides none.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Connection, ScalarSelect, bindparam, cast, func, select, union_all

from hub.core.hourly import HOUR_MS
from hub.store.chunk_tables import report_chunk
from hub.store.chunks import Kept, unpack_chunk
from hub.store.errors import UnreadableBody
from hub.store.hourly_tables import hourly, hourly_mark
from hub.store.tables import device, report

log = logging.getLogger(__name__)

_BLOCK_MS = 6 * HOUR_MS
"""A chunk spans no more than that (packing.py)."""
END = 1 << 62
"""Past any offset and any time."""
_ROW = (report.c.epoch_id, report.c.offset, report.c.device_id, report.c.t, report.c.body)
_CHUNK = (report_chunk.c.epoch_id, report_chunk.c.device_id, report_chunk.c.first, report_chunk.c.body)
_OF_DEVICES = select(*_ROW).where(
    report.c.device_id.in_(bindparam("devices", expanding=True)),
    report.c.t >= bindparam("since"),
    report.c.t < bindparam("until"),
)
_CHUNKS_OF_DEVICES = select(*_CHUNK).where(
    report_chunk.c.device_id.in_(bindparam("devices", expanding=True)),
    report_chunk.c.until >= bindparam("since"),
    report_chunk.c.since < bindparam("until"),
    # Follows from the line above; said so that no other days are looked at.
    report_chunk.c.until < bindparam("until") + _BLOCK_MS,
)
_OF_JOURNAL = (
    select(*_ROW)
    .where(
        report.c.epoch_id == bindparam("epoch"),
        report.c.offset > bindparam("after"),
        report.c.offset <= bindparam("upto"),
    )
    .order_by(report.c.offset)
    .limit(bindparam("most"))
)
_BEGUN = select(*_CHUNK).where(
    report_chunk.c.epoch_id == bindparam("epoch"),
    report_chunk.c.last > bindparam("after"),
    report_chunk.c.first <= bindparam("after"),
)
_FOLLOWING = (
    select(*_CHUNK)
    .where(
        report_chunk.c.epoch_id == bindparam("epoch"),
        report_chunk.c.first > bindparam("after"),
        report_chunk.c.first <= bindparam("upto"),
    )
    .order_by(report_chunk.c.first)
    .execution_options(yield_per=10)
)
_PRUNED = select(hourly.c.hour).join(
    hourly_mark,
    (hourly.c.device_id == bindparam("device"))
    & (hourly.c.hour == bindparam("at"))
    & (hourly_mark.c.pruned_before > bindparam("moment")),
)


def told_between(connection: Connection, device_id: int, since: int = 0, until: int = END) -> list[Kept]:
    """What a device reported from `since` on and before `until`, in the order of time, then of journals and offsets."""
    return told_of(connection, [device_id], since, until)[device_id]


def told_of(
    connection: Connection, devices: Collection[int], since: int = 0, until: int = END
) -> dict[int, list[Kept]]:
    """The same of several devices, in two queries for all of them."""
    found: dict[int, list[Kept]] = {device_id: [] for device_id in devices}
    bounds = {"devices": list(found), "since": since, "until": until}
    for row in connection.execute(_OF_DEVICES, bounds):
        found[row[2]].append(Kept(*row))
    rows = {device_id: len(told) for device_id, told in found.items()}
    for chunk in connection.execute(_CHUNKS_OF_DEVICES, bounds):
        found[chunk.device_id] += [each for each in _unpacked(chunk) if since <= each.t < until]
    return {
        device_id: sorted(_once(told) if 0 < rows[device_id] < len(told) else told, key=_by_time)
        for device_id, told in found.items()
    }


def next_told(connection: Connection, epoch: int, after: int, most: int, upto: int = END) -> list[Kept]:
    """The next reports of a journal behind the offset `after`, at most so many, in the order of their offsets."""
    bounds = {"epoch": epoch, "after": after, "upto": upto}
    found = [Kept(*row) for row in connection.execute(_OF_JOURNAL, bounds | {"most": most})]
    rows = len(found)
    for chunk in _chunks_after(connection, bounds):
        if len(found) >= most and found[most - 1].offset < chunk.first:
            break
        found += [each for each in _unpacked(chunk) if after < each.offset <= upto]
        found.sort(key=_by_offset)
    if rows and rows < len(found):
        found = sorted(_once(found), key=_by_offset)
    return found[:most]


def newest_told(connection: Connection, epoch: int) -> int:
    """The highest offset of a journal that is stored; 0 where none is."""
    row = connection.execute(select(func.max(report.c.offset)).where(report.c.epoch_id == epoch)).scalar()
    packed = connection.execute(select(func.max(report_chunk.c.last)).where(report_chunk.c.epoch_id == epoch)).scalar()
    return max(row or 0, packed or 0)


@lru_cache(1)
def first_told() -> ScalarSelect[Any]:
    """Of the device in the surrounding query: when it was heard first. To the hour where its first reports are pruned."""
    mine = device.c.id
    # No chunk spans two blocks of time, so that the first to begin ends with the first: the others need not be looked at.
    of_device = report_chunk.alias("of_device")
    first_end = select(func.min(of_device.c.until)).where(of_device.c.device_id == mine).correlate(device)
    in_first = report_chunk.c.until <= first_end.scalar_subquery() + _BLOCK_MS
    moments = union_all(
        select(func.min(report.c.t).label("t")).where(report.c.device_id == mine).correlate(device),
        select(func.min(report_chunk.c.since)).where(report_chunk.c.device_id == mine, in_first).correlate(device),
        select(cast(func.min(hourly.c.hour), BigInteger) * HOUR_MS + (HOUR_MS - 1))
        .where(hourly.c.device_id == mine)
        .correlate(device),
    ).subquery()
    return select(func.min(moments.c.t)).scalar_subquery()


def may_be_pruned(connection: Connection, device_id: int, t: int) -> bool:
    """Whether a device told something in that hour, of which it cannot be seen any more what it was."""
    return connection.execute(_PRUNED, {"device": device_id, "at": t // HOUR_MS, "moment": t}).first() is not None


def _chunks_after(connection: Connection, bounds: dict[str, int]) -> Iterator[Any]:
    """Those in whose midst the page begins, then the others in the order in which they begin."""
    yield from connection.execute(_BEGUN, {"epoch": bounds["epoch"], "after": bounds["after"]}).all()
    yield from connection.execute(_FOLLOWING, bounds)


def _unpacked(chunk: Any) -> list[Kept]:
    """A chunk that cannot be read tells nothing; it must not keep all others from being read."""
    try:
        return list(unpack_chunk(chunk.body, chunk.epoch_id, chunk.device_id))
    except UnreadableBody as error:
        log.error(
            "reports of device %s from %s on in journal %s: %s", chunk.device_id, chunk.first, chunk.epoch_id, error
        )
        return []


def _once(found: Iterable[Kept]) -> Iterable[Kept]:
    return {(each.epoch, each.offset): each for each in found}.values()


def _by_time(each: Kept) -> tuple[int, int, int]:
    return each.t, each.epoch, each.offset


def _by_offset(each: Kept) -> int:
    return each.offset
