"""Works hours out anew from all reports that are there, device by device, also while the hub runs.

Hours of which reports may be gone stay as they are.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, select, update

from hub.core.hourly import HOUR_MS
from hub.store.bodies import metric_names
from hub.store.chunk_tables import report_chunk
from hub.store.folding import LATE_MS, Folding, hours_in, write_hours
from hub.store.hourly_bodies import pack_hour
from hub.store.hourly_tables import hourly_mark
from hub.store.hours import hours_told, ids_of
from hub.store.kept_reports import told_between
from hub.store.tables import device, report
from hub.store.unit_of_work import Store

_AT_ONCE = 48
Progress = Callable[[int, int], None]


def fold_again(store: Store, now: int, progress: Progress = lambda _done, _all: None) -> int:
    """Work all hours out anew that are over and whose reports are there. How many reports that were."""
    over = (now - LATE_MS) // HOUR_MS
    with store.reading() as connection:
        devices = connection.execute(select(device.c.id).order_by(device.c.id)).scalars().all()
        total = _count(connection)
    done = 0
    for owner in devices:
        hours, reports = _reported(store, owner, over)
        for at in range(0, len(hours), _AT_ONCE):
            while not _write(store, owner, hours[at : at + _AT_ONCE]):
                pass
        done += reports
        progress(done, max(done, total))
    folding = Folding(store)
    while folding.step(now):
        pass
    return done


def _count(connection: Connection) -> int:
    rows = connection.execute(select(func.count()).select_from(report)).scalar_one()
    packed = connection.execute(select(func.sum(report_chunk.c.reports))).scalar()
    return int(rows) + int(packed or 0)


def _reported(store: Store, owner: int, over: int) -> tuple[Sequence[int], int]:
    """The hours of a device that its reports are about, and how many reports there are."""
    with store.reading() as connection:
        told = told_between(connection, owner)
    hours = {hour for each in told for hour in hours_in(each.t, each.body) if hour < over}
    return sorted(hours), len(told)


def _write(store: Store, owner: int, hours: Sequence[int]) -> bool:
    """False where somebody else wrote hours meanwhile."""
    with store.reading() as connection:
        mark = connection.execute(select(hourly_mark.c.revision, hourly_mark.c.pruned_before)).one()
        names = metric_names(connection)
        ids = ids_of(names)
        whole = [hour for hour in hours if hour >= mark.pruned_before // HOUR_MS]
        told = hours_told(connection, owner, whole, names)
    bodies = {(owner, hour): pack_hour({ids[name]: each for name, each in told[hour].items()}) for hour in whole}
    with store.begin() as work:
        ours = update(hourly_mark).where(hourly_mark.c.revision == mark.revision)
        if work.connection.execute(ours.values(revision=mark.revision + 1)).rowcount != 1:
            return False
        write_hours(work.connection, bodies)
    return True
