"""What the hub has of each node's journals: committed and lost offsets, for the pages."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from hub.core.views import EpochView, OffsetRange
from hub.store.tables import committed, epoch, lost


def epochs_of(connection: Connection, node_id: int) -> tuple[EpochView, ...]:
    """The journals of a node, the newest first; the one that the hub makes for it comes last."""
    rows = connection.execute(
        select(epoch)
        .where(epoch.c.node_id == node_id)
        .order_by(epoch.c.ours, epoch.c.first_seen.desc(), epoch.c.id.desc())
    ).all()
    ids = [row.id for row in rows]
    have = _ranges(connection.execute(select(committed).where(committed.c.epoch_id.in_(ids)).order_by(*committed.c)))
    gone = _ranges(connection.execute(select(lost).where(lost.c.epoch_id.in_(ids)).order_by(*lost.c)))
    return tuple(
        EpochView(
            uuid=row.uuid,
            ours=row.ours,
            newest=row.newest,
            first_seen=row.first_seen,
            committed=tuple(have[row.id]),
            lost=tuple(gone[row.id]),
        )
        for row in rows
    )


def _ranges(rows: Iterable[Row[*tuple[Any, ...]]]) -> defaultdict[int, list[OffsetRange]]:
    ranges: defaultdict[int, list[OffsetRange]] = defaultdict(list)
    for row in rows:
        ranges[row.epoch_id].append(
            OffsetRange(row.first, row.last, getattr(row, "noticed_at", None), getattr(row, "reason", None))
        )
    return ranges
