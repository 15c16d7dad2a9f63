"""The process that judges, as its hub keeps it: whenever either is killed, all is judged once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from hub.apart import keeper
from hub.apart.keeper import JudgeApart
from hub.apart.lines import spell
from hub.config import HubSettings
from hub.core.live import Changes
from hub.store.directory import DataDirectory
from hub.store.opening import open_store
from hub.store.unit_of_work import Store
from tests.conftest import PATIENCE_S

pytestmark = pytest.mark.e2e
Outcome = Callable[[Store], tuple[list[tuple[object, ...]], int]]


class Kept:
    """A hub's side of it, with what it published."""

    def __init__(self, settings: HubSettings) -> None:
        self.published: list[Changes] = []
        self._directory = DataDirectory(settings.data_dir)
        self.judge = JudgeApart(settings, self._directory.judge, self.published.append)
        self.registry = CollectorRegistry()
        self.judge.show(self.registry)
        self.judge.start()

    @property
    def tickets(self) -> frozenset[int]:
        return frozenset(each for told in self.published for each in told.tickets)

    def metric(self, name: str) -> float:
        lines = generate_latest(self.registry).decode().splitlines()
        return next((float(line.split()[1]) for line in lines if line.startswith(f"{name} ")), -1.0)

    def kill(self) -> int:
        """Which was there."""
        until(lambda: self.judge.pid)
        pid = self.judge.pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def end(self) -> None:
        self.judge.stop()
        self._directory.release()


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def kept(settings: HubSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(keeper, "_AGAIN_S", (0.1,))
    one = Kept(settings)
    yield one
    one.end()


@pytest.fixture
def store(settings: HubSettings) -> Iterator[Store]:
    opened = open_store(settings.store_url, settings.data_dir)
    yield opened
    opened.close()


def test_it_says_nothing_is_judged_until_it_is(kept: Kept) -> None:
    assert kept.judge.trouble == "it starts"
    until(lambda: not kept.judge.trouble)
    assert kept.metric("dltv_judging_process_resident_memory_bytes") > 0
    assert abs(kept.metric("dltv_judged_timestamp_seconds") - time.time()) < PATIENCE_S


def test_what_it_is_told_does_not_stand_in_the_list_of_processes(kept: Kept) -> None:
    until(lambda: not kept.judge.trouble)
    process = psutil.Process(kept.judge.pid)
    assert process.cmdline()[-2:] == ["-m", "hub.apart"]
    assert all("hub.db" not in each for each in process.environ().values())


def test_one_that_is_killed_is_told_of_and_another_goes_on(
    kept: Kept, store: Store, outcome: Outcome, left: Callable[[Store], int]
) -> None:
    first = kept.kill()
    until(lambda: kept.judge.pid not in (0, first))
    until(lambda: left(store) == 0)
    second = kept.kill()
    until(lambda: kept.judge.trouble == "its process ended with -9" or kept.judge.pid not in (0, second))
    until(lambda: not kept.judge.trouble and kept.judge.pid not in (0, second))
    tickets, repairs = outcome(store)
    assert (len(tickets), repairs) == (3, 3)


def test_its_signals_are_for_the_hub_and_it_ends_with_it(kept: Kept) -> None:
    until(lambda: not kept.judge.trouble)
    pid = kept.judge.pid
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    kept.judge.tick(0, listening=True)
    kept.judge.tick(0, listening=False)
    kept.judge.stop()
    assert kept.judge.pid == 0
    assert not psutil.pid_exists(pid)


def test_one_that_does_not_end_is_killed(kept: Kept) -> None:
    until(lambda: not kept.judge.trouble)
    process = psutil.Process(kept.judge.pid)
    process.suspend()
    kept.judge.stop()
    until(lambda: not process.is_running())


def test_the_directory_is_taken_until_it_is_gone_also_where_its_hub_was_killed(settings: HubSettings) -> None:
    """`settings` is what it is handed; nobody reads what it says."""
    directory = DataDirectory(settings.data_dir)
    orphan = subprocess.Popen(
        [sys.executable, "-m", "hub.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(directory.judge,),
    )
    try:
        assert orphan.stdin is not None
        assert orphan.stdout is not None
        orphan.stdin.write(spell(settings))
        orphan.stdin.flush()
        assert orphan.stdout.readline()
        directory.release()
        taken: list[DataDirectory] = []
        taking = threading.Thread(target=lambda: taken.append(DataDirectory(settings.data_dir)))
        taking.start()
        taking.join(0.5)
        assert orphan.poll() is not None or not taken
        orphan.stdin.close()
        taking.join(PATIENCE_S)
        assert taken
        assert orphan.wait(PATIENCE_S) == 0
        taken[0].release()
    finally:
        orphan.kill()
        orphan.wait()
        with suppress(OSError):
            orphan.stdin.close()  # type: ignore[union-attr]
        orphan.stdout.close()  # type: ignore[union-attr]
