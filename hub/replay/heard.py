"""Reports on their way from ingestion to detection: what was committed a moment ago is at hand, and need not be read again.

They stand in the database all the same where it is kept: from there a replay that was stopped goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from hub.core.equipment import NodeKey
from hub.core.reports import OURS, Report
from hub.detection.service import Ahead
from hub.ingestion.fleet import Batch
from hub.ingestion.service import Begin, Intake
from hub.store.judgements import Judgements
from hub.store.unit_of_work import Store, UnitOfWork

_NOTHING: Mapping[str, int] = {}


class Heard:
    """Committed reports that are not judged yet, by node. Nodes of a replay have one journal, OURS, without gaps."""

    def __init__(self, begin: Begin, store: Store, *, kept: bool = True) -> None:
        """With what an earlier run has committed and not judged. `kept`: so that a later run can go on from there."""
        self._begin, self._kept = begin, kept
        self._reports: defaultdict[NodeKey, list[Report]] = defaultdict(list)
        with store.reading() as connection:
            stored = Judgements(connection)
            for key in stored.waiting():
                self._note(each for journal in stored.unjudged(key, {}) for each in journal)

    @contextmanager
    def begin(self) -> Iterator["_Passing"]:
        """A transaction of ingestion, whose reports are kept here once it is committed."""
        with self._begin() as intake:
            passing = _Passing(intake, kept=self._kept)
            yield passing
        self._note(passing.reports)

    def judgements(self, work: UnitOfWork) -> "Handed":
        return Handed(work, self)

    def nodes(self) -> list[NodeKey]:
        """Those that have something to judge."""
        return list(self._reports)

    def behind(self, key: NodeKey, offset: int) -> Iterator[Report]:
        """The reports of a node that come after this one."""
        reports = self._reports[key]
        return islice(reports, max(0, offset - reports[0].offset + 1), None)

    def judged(self, key: NodeKey, offset: int) -> None:
        """All up to there, which will not be asked for again."""
        reports = self._reports[key]
        del reports[: max(0, offset - reports[0].offset + 1)]
        if not reports:
            del self._reports[key]

    def _note(self, reports: Iterable[Report]) -> None:
        for each in reports:
            self._reports[each.device.node].append(each)


class _Passing:
    """One transaction of ingestion, seen through."""

    def __init__(self, intake: Intake, *, kept: bool) -> None:
        self._intake, self._kept = intake, kept
        self.reports: Sequence[Report] = ()

    def holds(self, _report: Report) -> bool:
        """What was there before has been left out already (repeats.py), by the same comparison and more."""
        return False

    def keep(self, batch: Batch, now: int) -> None:
        self._intake.keep(batch if self._kept else replace(batch, reports=()), now)
        self.reports = batch.reports


class Handed(Judgements):
    """What is stored for detection, but for the reports, which it gets from hand to hand."""

    def __init__(self, work: UnitOfWork, heard: Heard) -> None:
        super().__init__(work.connection)
        self._heard = heard

    def waiting(self) -> list[NodeKey]:
        return self._heard.nodes()

    def unjudged(self, key: NodeKey, ahead: Ahead) -> Sequence[Iterator[Report]]:
        return [self._heard.behind(key, ahead.get(key, _NOTHING).get(OURS, 0))]

    def save(
        self, states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        super().save(states, judged)
        for key, offsets in judged.items():
            self._heard.judged(key, offsets[OURS])
