"""What the hub has of each node's journals: committed and lost offsets, for the pages."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from hub.core.views import EpochView, OffsetRange
from hub.store.tables import committed, epoch, lost

_EPOCHS = (
    select(epoch)
    .where(epoch.c.node_id == bindparam("node"))
    .order_by(epoch.c.ours, epoch.c.first_seen.desc(), epoch.c.id.desc())
)
_THESE: BindParameter[Any] = bindparam("epochs", expanding=True)
_HAVE = select(committed).where(committed.c.epoch_id.in_(_THESE)).order_by(*committed.c)
_GONE = select(lost).where(lost.c.epoch_id.in_(_THESE)).order_by(*lost.c)


def epochs_of(connection: Connection, node_id: int) -> tuple[EpochView, ...]:
    """The journals of a node, the newest first; the one that the hub makes for it comes last."""
    rows = connection.execute(_EPOCHS, {"node": node_id}).all()
    ids = {"epochs": [row.id for row in rows]}
    have = _ranges(connection.execute(_HAVE, ids).all())
    gone = _ranges(connection.execute(_GONE, ids).all())
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
