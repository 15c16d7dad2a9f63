"""Ingestion: events in; facts committed in one transaction; then acknowledgements, replay and rebirth requests out.

1. `feed` turns events into facts. They wait in memory.
2. `commit` keeps all of them in one transaction, or none. It may be repeated until it succeeds.
3. `commands` says what the nodes should be told now. What was not committed is never acknowledged.

If the hub dies before 2 is done, journaled reports are sent again; if it dies between 2 and 3, they come as duplicates.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from hub.core.equipment import NodeKey
from hub.core.reports import Report
from hub.ingestion.arrivals import Event, NodeCommand
from hub.ingestion.counters import Counters
from hub.ingestion.draft import Draft
from hub.ingestion.facts import Fact, ReportMade
from hub.ingestion.fleet import Batch, Fleet
from hub.ingestion.messages import Message
from hub.ingestion.reasons import Reason
from hub.ingestion.replies import Replies
from hub.ingestion.sessions import Sessions
from hub.ingestion.settings import IngestionSettings
from wire.controls import REBIRTH, command

log = logging.getLogger(__name__)


class IntakeUnavailable(Exception):
    """The database cannot be written now; the same facts can be tried again."""


class Intake(Protocol):
    """One transaction."""

    def holds(self, report: Report) -> bool:
        """Whether a report of the same device, time and values is there, of a node without a journal."""

    def keep(self, batch: Batch, now: int) -> None:
        """Write all of it."""


Begin = Callable[[], AbstractContextManager[Intake]]
"""Leaving its block commits; it raises IntakeUnavailable where that failed for reasons that pass."""


class IngestionService:
    def __init__(
        self,
        begin: Begin,
        fleet: Fleet,
        settings: IngestionSettings,
        counters: Counters,
        witness: Callable[[Sequence[Fact]], None] = lambda _: None,
    ) -> None:
        """`witness` is shown every fact once, as it is understood."""
        self._begin, self._fleet, self._settings, self._counters = begin, fleet, settings, counters
        self._witness = witness
        self._sessions = Sessions(fleet, settings, counters)
        self._replies = Replies(fleet, settings, self._sessions.journal_of)
        self._facts: list[Fact] = []
        self._touched: set[NodeKey] = set()
        self._pressed = False

    def feed(self, events: Iterable[Event | Message | ReportMade], now: int) -> None:
        """Understand what arrived, and what is overdue. Recordings give messages that need no decoding, and facts."""
        known, taken = len(self._facts), 0
        for event in events:
            taken += 1
            if isinstance(event, ReportMade):
                self._facts.append(event)
            else:
                self._facts.extend(self._sessions.take(event))
        # After a whole batch more waits: a birth or a report that is missed may be there already.
        self._pressed = taken >= self._settings.batch
        self._facts.extend(self._sessions.tick(now, behind=self._pressed))
        self._witness(self._facts[known:])

    def remember(self, events: Iterable[Message | ReportMade]) -> None:
        """Bring the sessions to where they were after what was committed by an earlier run."""
        for event in events:
            if not isinstance(event, ReportMade):
                self._sessions.take(event)

    @property
    def waiting(self) -> int:
        """Facts that are not committed yet."""
        return len(self._facts)

    def commit(self, now: int) -> frozenset[NodeKey]:
        """Keep all facts that wait. The nodes that have changed. Raises IntakeUnavailable; the facts then wait on."""
        chunks = [self._facts] if self._facts else []
        while chunks:
            chunk = chunks.pop(0)
            try:
                self._keep(chunk, now)
            except IntakeUnavailable:
                self._counters.commit_failures.inc()
                self._facts = [fact for each in (chunk, *chunks) for fact in each]
                raise
            except Exception:  # noqa: BLE001  one fact that cannot be stored must not hold up the others
                self._counters.commit_failures.inc()
                chunks[:0] = self._halves(chunk)
        self._facts, touched, self._touched = [], frozenset(self._touched), set()
        return touched

    def commands(self, now: int) -> list[NodeCommand]:
        """What to tell the nodes now. It counts as told."""
        if self._facts:
            return []
        for node in self._replies.unanswered():
            self._sessions.want_rebirth(node)
        replies = list(self._replies.due(now, pressed=self._pressed))
        rebirths = [
            NodeCommand(node, (command(REBIRTH, True),))
            for node in self._sessions.rebirths_due(now, self._settings.rebirths_at_once)
        ]
        for each in [*replies, *rebirths]:
            self._counters.commands.labels((each.metrics[0].name or "").rpartition("/")[2]).inc()
        return [*replies, *rebirths]

    def _halves(self, facts: list[Fact]) -> list[list[Fact]]:
        """What to try next when the store refuses these for good: in halves, until the one is found that it refuses."""
        if len(facts) > 1:
            half = len(facts) // 2
            return [facts[:half], facts[half:]]
        log.exception("the store refuses a %s, which is dropped", type(facts[0]).__name__)
        self._counters.reject(Reason.UNSTORABLE)
        return []

    def _keep(self, facts: Sequence[Fact], now: int) -> None:
        with self._counters.commit_seconds.time(), self._begin() as intake:
            draft = Draft(self._fleet, intake.holds)
            draft.apply(facts)
            batch = draft.batch()
            if batch:
                intake.keep(batch, now)
        self._fleet.accept(batch)
        self._counters.commits.inc()
        self._counters.reports.inc(len(batch.reports))
        self._counters.duplicates.inc(draft.duplicates)
        self._counters.lost.inc(batch.lost_now)
        self._replies.committed(facts, batch.touched)
        self._touched |= batch.touched
