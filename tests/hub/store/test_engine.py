"""Opening the database, and bringing it up to date."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from hub.store.engine import open_engine, upgrade
from hub.store.errors import BadStoreUrl, StoreTooNew, StoreUnavailable
from hub.store.migrations import VERSIONS
from hub.store.migrations.run import configuration
from hub.store.tables import metadata
from wire.metrics import DataType, Metric
from wire.payloads import encode


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    yield engine
    engine.dispose()


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_what_is_committed_is_on_disk(engine: Engine) -> None:
    assert pragma(engine, "journal_mode") == "wal"
    assert pragma(engine, "synchronous") == 2


def test_foreign_keys_hold_and_writers_wait(engine: Engine) -> None:
    assert pragma(engine, "foreign_keys") == 1
    assert pragma(engine, "busy_timeout") == 10_000


def test_migrations_make_the_tables_that_the_code_names(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_the_table_of_reports_is_its_own_index(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        sql = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'report'")).scalar_one()
    assert "WITHOUT ROWID" in sql


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        before = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA schema_version").scalar() == before


def test_reports_of_an_older_release_are_read_as_before(engine: Engine) -> None:
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        old = [
            Metric(None, 12.5, DataType.FLOAT, alias=1),
            Metric(None, -3, DataType.INT32, timestamp=5, alias=2),
            Metric(None, None, DataType.FLOAT, alias=1),
        ]
        body = encode(old, timestamp=None, datatypes=False)
        for statement in (
            "INSERT INTO node (id, \"group\", name, school, properties) VALUES (1, 'a', 'b', 'b', '{}')",
            "INSERT INTO device (id, node_id, key, kind, properties, latest) VALUES (1, 1, '', 'other', '{}', '{}')",
            "INSERT INTO epoch (id, node_id, uuid, ours, newest, judged, first_seen) VALUES (1, 1, 'e', 0, 1, 0, 0)",
            "INSERT INTO committed VALUES (1, 1, 1)",
            "INSERT INTO metric VALUES (1, 'host/cpu_pct', 9), (2, 'error/lamp', 3)",
            "INSERT INTO ticket (id, node_id, device, cause, state, open, onset_at, opened_at, signs, version)"
            " VALUES (1, 1, '', 'x', 'reported', 1, 1, 1, '[]', 1)",
            "INSERT INTO ticket_entry VALUES (1, 1, 1, 'opened', 'x', '{}')",
        ):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO report VALUES (1, 7, 1, 100, ?)", (body,))
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM report").scalar_one()
        assert kept == b"[[1,12.5],[2,-3,5],[1,null]]"
        assert connection.exec_driver_sql("SELECT dish, alternatives FROM ticket").one() == ("", "[]")


def test_the_versions_that_we_know_are_those_that_there_are() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == VERSIONS


def test_a_database_of_a_newer_release_is_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="newer release"):
        upgrade(engine)


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x/y", "sqlite+nothing:///x"])
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(BadStoreUrl, match=r"store\.url"):
        open_engine(url)


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_engine(f"sqlite:///{tmp_path / 'missing' / 'hub.db'}")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    path.write_bytes(b"this is no database, whatever its name says" * 40)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_engine(f"sqlite:///{path}")


def test_a_reader_does_not_wait_for_a_writer(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine)
    other = sqlite3.connect(tmp_path / "hub.db", timeout=0)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO metric (name, datatype) VALUES ('a', 1)"))
        assert other.execute("SELECT count(*) FROM metric").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM metric").fetchone() == (1,)
    other.close()
