"""One journal in a batch: which offsets the batch adds, and which it learns to be lost."""

from dataclasses import dataclass, field

from hub.ingestion.facts import JournalClaim
from hub.ingestion.fleet import JournalState
from hub.ingestion.ranges import NOTHING, Ranges
from wire.losses import Loss, LossReason


@dataclass(slots=True)
class JournalDraft:
    """`before` is the journal as it is committed; `newest` and `lost` go beyond it."""

    before: JournalState
    newest: int
    lost: Ranges
    _reasons: dict[LossReason, Ranges]
    _fresh: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, journal: JournalState) -> "JournalDraft":
        return cls(journal, journal.newest, journal.lost, dict(journal.reasons))

    def take(self, offset: int) -> bool:
        """Whether the offset is new; it is then taken."""
        # Mostly it is beyond all that was named before.
        if offset in self._fresh or (offset <= self.before.newest and offset in self.before.committed):
            return False
        self._fresh.add(offset)
        self.newest = max(self.newest, offset)
        return True

    def take_next(self) -> int:
        """An offset of our own: the next one."""
        self.newest += 1
        self._fresh.add(self.newest)
        return self.newest

    def claimed(self, claim: JournalClaim) -> int:
        """What the journal holds can still come; what it held and dropped never will. How many are newly lost."""
        self._forget(Ranges.of([(claim.oldest, claim.newest)]))
        lost = sum(self.lose(each) for each in claim.lost if each.epoch == claim.epoch)
        lost += self._lose(1, claim.oldest - 1, LossReason.DROPPED)
        self.newest = max(self.newest, claim.newest)
        return lost

    def lose(self, loss: Loss) -> int:
        """The node says so. How many are newly lost: what we have is not."""
        self.newest = max(self.newest, loss.last)
        return self._lose(loss.first, loss.last, loss.reason)

    def give_up(self) -> int:
        """What is missing will never come: the node writes another journal now. How many are newly lost."""
        return self._lose(1, self.newest, LossReason.REPLACED)

    def state(self) -> JournalState:
        """The journal as it is with this batch. What was given up for lost and came all the same is not lost."""
        committed = self._have
        reasons = {reason: left for reason, each in self._reasons.items() if (left := each - committed)}
        return JournalState(self.before.first_seen, self.newest, committed, self.lost - committed, reasons)

    def _lose(self, first: int, last: int, reason: LossReason) -> int:
        missing = Ranges.of([(first, last)]) - self._have - self.lost
        if missing:
            self.lost |= missing
            if reason is not LossReason.DROPPED:
                self._reasons[reason] = self._reasons.get(reason, NOTHING) | missing
        return missing.count

    def _forget(self, held: Ranges) -> None:
        self.lost -= held
        self._reasons = {reason: each - held for reason, each in self._reasons.items()}

    @property
    def _have(self) -> Ranges:
        return self.before.committed.add(self._fresh)
