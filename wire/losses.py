"""Reports that a node lost before anybody had them, as its NBIRTH lists them: journal, range of offsets, reason.

One text, `EPOCH FIRST LAST REASON` for each, `;` between. Whether a hub has some of them all the same is the hub's affair.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

AT_MOST = 64
_MAX_OFFSET = 1 << 53


class LossReason(StrEnum):
    """Stable: they are stored and shown.

    DROPPED    the journal was full, and its oldest reports made room
    REPLACED   the node writes another journal now, and says nothing of this one
    DAMAGED    what stood on the disk could not be read any more
    DISK_FULL  the disk took nothing, and memory ran over
    OTHER      a reason that we do not know
    """

    DROPPED = "dropped"
    REPLACED = "replaced"
    DAMAGED = "damaged"
    DISK_FULL = "disk_full"
    OTHER = "other"

    @classmethod
    def _missing_(cls, _value: object) -> "LossReason":
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Loss:
    """Offsets of one journal, both ends included."""

    epoch: str
    first: int
    last: int
    reason: LossReason


def encode(losses: Iterable[Loss]) -> str:
    """The newest of them, which stand last."""
    told = [f"{each.epoch} {each.first} {each.last} {each.reason}" for each in losses]
    return ";".join(told[-AT_MOST:])


def decode(text: str) -> tuple[Loss, ...]:
    """Raises ValueError for what `encode` does not write."""
    lines = text.split(";") if text else []
    if len(lines) > AT_MOST:
        raise ValueError(f"{len(lines)} losses are too many")
    return tuple(map(_loss, lines))


def _loss(line: str) -> Loss:
    epoch, first, last, reason = line.split(" ")
    loss = Loss(str(UUID(epoch)), int(first), int(last), LossReason(reason))
    if not 1 <= loss.first <= loss.last <= _MAX_OFFSET:
        raise ValueError(f"{line!r:.80} is no range")
    return loss
