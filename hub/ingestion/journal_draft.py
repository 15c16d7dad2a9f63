"""One journal in a batch: which offsets the batch adds, and which it learns to be lost."""

from dataclasses import dataclass, field

from hub.ingestion.facts import JournalClaim
from hub.ingestion.fleet import JournalState
from hub.ingestion.ranges import Ranges


@dataclass(slots=True)
class JournalDraft:
    """`before` is the journal as it is committed; `newest` and `lost` go beyond it."""

    before: JournalState
    newest: int
    lost: Ranges
    _fresh: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, journal: JournalState) -> "JournalDraft":
        return cls(journal, journal.newest, journal.lost)

    def take(self, offset: int) -> bool:
        """Whether the offset is new; it is then taken."""
        if offset in self._fresh or offset in self.before.committed:
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
        dropped = Ranges.of([(1, claim.oldest - 1)]) - self._have - self.lost
        self.newest = max(self.newest, claim.newest)
        self.lost = (self.lost - Ranges.of([(claim.oldest, claim.newest)])) | dropped
        return dropped.count

    def give_up(self) -> int:
        """What is missing will never come: the node writes another journal now. How many are newly lost."""
        missing = Ranges.of([(1, self.newest)]) - self._have - self.lost
        self.lost |= missing
        return missing.count

    def state(self) -> JournalState:
        """The journal as it is with this batch. What was given up for lost and came all the same is not lost."""
        committed = self._have
        return JournalState(self.before.first_seen, self.newest, committed, self.lost - committed)

    @property
    def _have(self) -> Ranges:
        return self.before.committed.add(self._fresh)
