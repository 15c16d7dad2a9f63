"""The process that judges, here in a thread: it has the database, hears its hub and tells it."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import pytest

from hub.apart.judge import PACE, Judge
from hub.apart.lines import Life, Said, read_said, spell
from hub.config import HubSettings
from hub.core.live import Changes
from hub.judging import Judging, make_detection
from hub.mqtt.host_client import utc_ms
from hub.office.following import keeping_up
from hub.store.opening import open_store
from hub.store.unit_of_work import Store
from hub.tickets.service import Tickets
from hub.web.settings import WebSettings
from tests.conftest import PATIENCE_S
from tests.stores import database

Outcome = Callable[[Store], tuple[list[tuple[object, ...]], int]]


class Hub:
    """The other end of both lines."""

    def __init__(self, settings: HubSettings) -> None:
        hears, self._says = _pipe()
        self._hears, says = _pipe()
        self.said: list[Said] = []
        self.ended: bool | None = None
        self._judge, self._pipes = Judge(settings, hears, says), (hears, says)
        self._threads = [threading.Thread(target=each) for each in (self._run, self._hear)]
        for thread in self._threads:
            thread.start()

    def tell(self, line: bytes) -> None:
        self._says.write(line)
        self._says.flush()

    def until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def end(self) -> None:
        if not self._says.closed:
            self._says.close()
        for thread in self._threads:
            thread.join(PATIENCE_S)
        self._hears.close()

    def _run(self) -> None:
        self.ended = self._judge.run()
        for pipe in self._pipes:
            pipe.close()

    def _hear(self) -> None:
        for line in self._hears:
            self.said.append(read_said(line))


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    hears, says = os.pipe()
    return os.fdopen(hears, "rb"), os.fdopen(says, "wb")


@pytest.fixture
def hub(settings: HubSettings) -> Iterator[Hub]:
    one = Hub(settings)
    yield one
    one.end()


@pytest.fixture
def store(settings: HubSettings) -> Iterator[Store]:
    opened = open_store(settings.store_url, settings.data_dir)
    yield opened
    opened.close()


def tickets_of(hub: Hub) -> frozenset[int]:
    return frozenset(each for told in hub.said if isinstance(told, Changes) for each in told.tickets)


def test_what_it_comes_to_is_in_the_database_and_is_told(
    hub: Hub, store: Store, outcome: Outcome, left: Callable[[Store], int]
) -> None:
    hub.until(lambda: len(tickets_of(hub)) == 3)
    tickets, repairs = outcome(store)
    assert (len(tickets), repairs) == (3, 3)
    assert {each[1:3] for each in tickets} == {("receiver_failed", "p1-receiver")}
    assert left(store) == 0
    requests = {number for told in hub.said if isinstance(told, Changes) for number in told.requests}
    assert len(requests) == 3


def test_it_says_how_it_goes_and_ends_when_nobody_speaks_to_it_any_more(hub: Hub) -> None:
    hub.tell(spell(True))
    hub.until(lambda: any(isinstance(told, Life) and not told.trouble and told.idle_s < 60 for told in hub.said))
    hub.end()
    assert hub.ended


def test_it_comes_to_the_same_as_a_hub_of_one_process(
    hub: Hub,
    store: Store,
    settings: HubSettings,
    tmp_path: Path,
    filled: Callable[[Store], None],
    outcome: Outcome,
) -> None:
    other = open_store(database(tmp_path / "other.db"))
    try:
        filled(other)
        zone = ZoneInfo(WebSettings().time_zone)
        keep_up = keeping_up(other, settings, None, zone=zone, clock=utc_ms, publish=lambda _: None)
        judging = Judging(other, make_detection(settings, None, PACE), Tickets(settings.tickets), keep_up=keep_up)
        judging.tick(utc_ms(), listening=True)
        assert not judging.behind
        hub.until(lambda: len(tickets_of(hub)) == 3)
        assert outcome(store) == outcome(other)
    finally:
        other.close()
