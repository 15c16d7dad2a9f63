"""What a birth says of its node's journal, if that makes sense."""

from uuid import UUID

from hub.ingestion.facts import JournalClaim
from hub.ingestion.reasons import Reason
from hub.ingestion.samples import Refuse
from wire.controls import JOURNAL_EPOCH, JOURNAL_LOST, JOURNAL_NEWEST, JOURNAL_OLDEST
from wire.losses import Loss, decode
from wire.payloads import Payload

MAX_OFFSET = 1 << 53
"""At a report a millisecond a journal gets there in 285 000 years."""
LEAP_AT_MOST = 1_000_000
"""So far beyond all that its node has named no offset is believed: what is missing before it would be asked for, or given up for
lost. A node that reports once a second makes so many in eleven days, and is born more often than that."""


def claim_in(payload: Payload, refuse: Refuse) -> JournalClaim | None:
    """None for a node without a journal, and for one whose journal metrics contradict each other."""
    epoch, oldest, newest = (payload.value(name) for name in (JOURNAL_EPOCH, JOURNAL_OLDEST, JOURNAL_NEWEST))
    if epoch is None and oldest is None and newest is None:
        return None
    uuid = _uuid(epoch)
    if uuid is None or not is_offset(oldest, least=0) or not is_offset(newest, least=0):
        refuse(Reason.JOURNAL)
        return None
    claim = JournalClaim(uuid, max(1, int(str(oldest))), int(str(newest)), _losses(payload, refuse))
    if claim.oldest > claim.newest + 1:
        refuse(Reason.JOURNAL)
        return None
    return claim


def _losses(payload: Payload, refuse: Refuse) -> tuple[Loss, ...]:
    told = payload.value(JOURNAL_LOST)
    try:
        return decode(told) if isinstance(told, str) else ()
    except ValueError:
        refuse(Reason.JOURNAL)
        return ()


def is_offset(value: object, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MAX_OFFSET


def _uuid(value: object) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None
