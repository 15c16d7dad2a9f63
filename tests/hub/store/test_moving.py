"""A grown district moves from SQLite to a real PostgreSQL, and back: whole, whatever ends it in between."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from benchmarks.grown import grow
from benchmarks.reports import Sizes
from hub.__main__ import main
from hub.store.audit import AuditLog, verify
from hub.store.directory import DataDirectory
from hub.store.engine import open_engine
from hub.store.moving_between import move
from hub.store.opening import open_store
from hub.store.people_tables import person
from hub.store.tables import metadata, metric, report, ticket
from hub.store.unit_of_work import Store
from hub.store.workflow_tables import request_entry
from tests.postgresql import databases

NOW = 1_790_000_000_000


def tell_nobody(_table: str, _done: int, _total: int) -> None:
    pass


def size_of(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        counted = select(func.count())
        return {
            table.name: connection.execute(counted.select_from(table)).scalar_one() for table in metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("grown") / "hub.db"
    grow(path, NOW, Sizes(schools=1, rooms=1))
    url = f"sqlite:///{path}"
    store = open_store(url)
    for at in range(3):
        AuditLog(store).write("hub", "test.written", "อุปกรณ์ที่ 1", {"at": at}, at)
    with store.begin() as work:
        # The last numbers of a table whose rows are gone are never given again.
        work.connection.execute(text("INSERT INTO sqlite_sequence VALUES ('request_file', 77)"))
    store.close()
    return url


@pytest.fixture
def target(tmp_path: Path) -> str:
    """A database with empty tables."""
    return databases().at(tmp_path / "target.db").replace("+psycopg", "")


@pytest.fixture
def moved(grown: str, target: str) -> Iterator[Store]:
    move(grown, target, tell_nobody)
    store = open_store(target)
    yield store
    store.close()


def test_every_row_is_there_and_the_same(grown: str, target: str) -> None:
    assert move(grown, target, tell_nobody) == sum(size_of(open_engine(grown)).values())
    old, new = open_engine(grown), open_engine(target)
    for table in (report, ticket, request_entry):
        rows = select(table).order_by(*table.primary_key.columns)
        with old.connect() as here, new.connect() as there:
            found = there.execute(rows).all()
            assert found
            assert found == here.execute(rows).all()
    old.dispose()
    new.dispose()


def test_there_and_back_again_is_the_same(grown: str, target: str, tmp_path: Path) -> None:
    move(grown, target, tell_nobody)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    move(target, back, tell_nobody)
    old, new = open_engine(grown), open_engine(back)
    assert size_of(old) == size_of(new)
    rows = select(report).order_by(*report.primary_key.columns)
    with old.connect() as here, new.connect() as there:
        assert here.execute(rows).all() == there.execute(rows).all()
        numbers = text("SELECT name, seq FROM sqlite_sequence WHERE name = 'request_file'")
        assert here.execute(numbers).all() == there.execute(numbers).all()
    old.dispose()
    new.dispose()
    assert (tmp_path / "back.db").stat().st_mode & 0o077 == 0


def test_new_rows_get_numbers_that_no_row_ever_had(grown: str, moved: Store) -> None:
    with moved.begin() as work:
        added = work.connection.execute(insert(metric).values(name="x/new", datatype=1).returning(metric.c.id))
        number = added.scalar_one()
        highest = work.connection.execute(select(func.max(metric.c.id))).scalar_one()
    assert number == highest
    with moved.reading() as connection:
        assert connection.execute(text("SELECT last_value FROM request_file_id_seq")).scalar_one() == 77


def test_the_histories_are_kept_by_their_rules_again(moved: Store) -> None:
    with pytest.raises(IntegrityError), moved.begin() as work:
        work.connection.execute(update(request_entry).values(request_id=1))
    AuditLog(moved).write("hub", "test.written", "", {}, NOW)
    verdict = verify(moved)
    assert (verdict.kept, verdict.broken) == (4, None)


MOVER = """
import sys
from hub.store import moving
from hub.store.moving_between import move
moving.Move.__init__.__kwdefaults__["at_once"] = 40
move(sys.argv[1], sys.argv[2], lambda *told: print(*told, flush=True))
"""


def test_a_move_that_is_killed_again_and_again_goes_on_and_loses_nothing(grown: str, target: str) -> None:
    for wait in (1, 3, 40, 90):
        mover = [sys.executable, "-c", MOVER, grown, target]
        with subprocess.Popen(mover, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(wait):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
    move(grown, target, tell_nobody)
    old, new = open_engine(grown), open_engine(target)
    assert size_of(old) == size_of(new)
    old.dispose()
    new.dispose()


def test_a_database_that_is_being_moved_into_is_refused_to_a_hub(
    grown: str, target: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        pass

    def end(_table: str, _done: int, _total: int) -> None:
        raise Ended

    with pytest.raises(Ended):
        move(grown, target, end)
    monkeypatch.setenv("DLTV_HUB_STORE__URL", target)
    assert main(["migrate", "--data-dir", str(tmp_path)]) != 0
    assert "a move into this database has not ended" in capsys.readouterr().err


def test_a_database_that_holds_other_rows_is_refused(
    grown: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(target)
    with store.begin() as work:
        work.connection.execute(insert(metric).values(name="a", datatype=1))
    store.close()
    assert main(["migrate", "--from", grown, "--to", target]) != 0
    assert "holds rows that are not of this move, in metric" in capsys.readouterr().err


def test_while_a_hub_runs_nothing_is_moved(grown: str, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(target)
    with store.reading() as connection:
        connection.execute(select(person.c.id))
        assert main(["migrate", "--from", grown, "--to", target]) != 0
        assert "works on postgresql+psycopg://" in capsys.readouterr().err
    store.close()
    folder = DataDirectory(Path(grown.removeprefix("sqlite:///")).parent)
    assert main(["migrate", "--from", grown, "--to", target]) != 0
    assert "another hub works in" in capsys.readouterr().err
    folder.release()


def test_the_command_says_what_it_did_and_what_comes_next(grown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no table yet, they are made."""
    target = databases().blank("moved").replace("+psycopg", "")
    assert main(["migrate", "--from", grown, "--to", target]) == 0
    said = capsys.readouterr()
    assert "report: " in said.err
    assert "now name the new database with store.url" in said.out


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (["--from", "sqlite:///nowhere.db"], "a move has two ends"),
        (["--from", "sqlite:///nowhere.db", "--to", "sqlite:///other.db"], "there is no such database"),
        (["--from", "nonsense", "--to", "sqlite:///other.db"], "no database is named like that"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(ends: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", *ends]) != 0
    said = capsys.readouterr().err
    assert told in said
    assert len(said.splitlines()) == 1
