"""Working beside a hub: on what is there, and on nothing else."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.store.errors import StoreError, StoreUnavailable
from hub.store.opening import open_store, open_there


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no such database"):
        open_there(f"sqlite:///{tmp_path / 'hub.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_release_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    store = open_store(url)
    with store.begin() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    store.close()
    with pytest.raises(StoreError, match="dltv-hub migrate"):
        open_there(url)


def test_a_hub_s_own_is_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    open_store(url).close()
    open_there(url).close()


def test_a_database_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    """It holds hashes of passwords; SQLite gives the files beside it the same rights."""
    before = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path / 'hub.db'}")
        with store.begin() as work:
            work.connection.execute(text("UPDATE alembic_version SET version_num = '1'"))
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
        store.close()
    finally:
        os.umask(before)
