"""What detection is handed in a replay is what it would have read."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import orjson
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, select

from hub.core.reports import OURS, Report
from hub.ingestion.counters import Counters
from hub.ingestion.service import IngestionService
from hub.ingestion.settings import IngestionSettings
from hub.replay.heard import Heard
from hub.replay.lines import Line, read
from hub.replay.voices import Voices
from hub.store.intake import IntakeStore
from hub.store.judgements import Judgements
from hub.store.scratch import ScratchStore, open_scratch
from hub.store.tables import report
from hub.store.unit_of_work import UnitOfWork


@pytest.fixture
def scratch(tmp_path: Path, empty: Path) -> Iterator[ScratchStore]:
    opened = open_scratch(Path(copyfile(empty, tmp_path / "replay.db")))
    yield opened
    opened.close()


@pytest.fixture
def heard(scratch: ScratchStore, days: Any) -> Heard:
    return _heard(scratch, days, kept=True)


def _heard(scratch: ScratchStore, days: Any, *, kept: bool) -> Heard:
    """With a day of every school, committed in several transactions."""
    intake = IntakeStore(scratch)
    fleet = intake.load()
    heard = Heard(intake.begin, scratch, kept=kept)
    ingestion = IngestionService(heard.begin, fleet, IngestionSettings(), Counters(CollectorRegistry()))
    voices = Voices("cpm3")
    told = [orjson.dumps(each) for each in days.by_time(days.school_day(code, 4) for code in days.SCHOOLS)]
    numbered = ((number, read(data), data) for number, data in enumerate(told, 1))
    lines = [Line(said.t, said.node, number, said, data) for number, said, data in numbered]
    for begin in range(0, len(lines), 150):
        chunk = lines[begin : begin + 150]
        ingestion.feed([message for line in chunk for message in voices.speak(line)], chunk[-1].at)
        ingestion.commit(chunk[-1].at)
    return heard


Journals = dict[str, list[Report]]


def _told(judgements: Judgements, ahead: int = 0) -> Journals:
    judged = {key: {OURS: ahead} for key in judgements.waiting()}
    return {key.name: [each for told in judgements.unjudged(key, judged) for each in told] for key in judged}


def _both(heard: Heard, connection: Connection, ahead: int = 0) -> tuple[Journals, Journals]:
    return _told(heard.judgements(UnitOfWork(connection)), ahead), _told(Judgements(connection), ahead)


def test_reports_are_handed_on_as_they_are_stored(heard: Heard, scratch: ScratchStore, days: Any) -> None:
    with scratch.reading() as connection:
        handed, stored = _both(heard, connection)
        assert handed == stored
        assert sorted(handed) == sorted(days.SCHOOLS)
        assert all(len(each) > 100 for each in handed.values())
        assert _both(heard, connection, 40) == (_told(Judgements(connection), 40),) * 2


def test_reports_that_nobody_goes_on_from_are_not_stored(
    scratch: ScratchStore, days: Any, tmp_path: Path, empty: Path
) -> None:
    stored = open_scratch(Path(copyfile(empty, tmp_path / "stored.db")))
    passing, kept = _heard(scratch, days, kept=False), _heard(stored, days, kept=True)
    with scratch.reading() as connection, stored.reading() as other:
        assert _told(passing.judgements(UnitOfWork(connection))) == _told(kept.judgements(UnitOfWork(other)))
        assert not connection.execute(select(report)).all()
        assert other.execute(select(report)).all()
    stored.close()


def test_what_is_judged_is_not_handed_on_again(heard: Heard, scratch: ScratchStore) -> None:
    with scratch.begin() as work:
        judgements = heard.judgements(work)
        first, second, third = sorted(judgements.waiting())
        newest = {key: [*each][-1].offset for key in (first, second) for each in judgements.unjudged(key, {})}
        judgements.save({}, {first: {OURS: newest[first]}, second: {OURS: newest[second] - 3}})
    with scratch.reading() as connection:
        handed, stored = _both(heard, connection)
        assert handed == stored
        assert len(handed[second.name]) == 3
        assert set(handed) == {second.name, third.name}


def test_what_an_earlier_run_has_not_judged_is_handed_on(heard: Heard, scratch: ScratchStore) -> None:
    again = Heard(IntakeStore(scratch).begin, scratch)
    with scratch.reading() as connection:
        assert _told(again.judgements(UnitOfWork(connection))) == _told(heard.judgements(UnitOfWork(connection)))


def test_what_was_not_committed_is_not_handed_on(heard: Heard, scratch: ScratchStore) -> None:
    with scratch.reading() as connection:
        before = _told(heard.judgements(UnitOfWork(connection)))
    with pytest.raises(ZeroDivisionError):
        _fail_to_commit(heard, before)
    with scratch.reading() as connection:
        assert _told(heard.judgements(UnitOfWork(connection))) == before


def _fail_to_commit(heard: Heard, told: Journals) -> None:
    with heard.begin() as intake:
        intake.reports = next(iter(told.values()))
        raise ZeroDivisionError
