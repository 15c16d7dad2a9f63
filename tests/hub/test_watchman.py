"""The hub looks after itself: real database, real calls."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import SecretStr
from sqlalchemy import insert, select

from hub.intake_watch import Intake, IntakeWatch
from hub.store.engine import open_engine, upgrade
from hub.store.message_tables import message
from hub.store.tables import node
from hub.store.unit_of_work import Store
from hub.watching.settings import WatchSettings
from hub.watching.troubles import Trouble
from hub.watchman import Watched, Watchman

MINUTE = 60_000
START = 1_795_157_100_000


@dataclass
class Hub:
    """What the watchman looks at, to be set by hand."""

    store: Store
    folder: Path
    now: int = START
    idle: float = 0.1
    reached: bool = True
    heard: int = 0
    waits: int = 0
    chores: dict[str, float] = field(default_factory=lambda: {"hours": 1.0})
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def watchman(self, settings: WatchSettings | None = None) -> Watchman:
        intake = Intake(lambda: self.idle, lambda: self.reached, lambda: self.heard, lambda: self.waits)
        watched = Watched(IntakeWatch(intake, self.now).look, lambda: self.chores, self.folder)
        # The disk of whoever runs the tests is not what is tested.
        usual = WatchSettings(disk_free_pct=0)
        return Watchman(watched, self.store, settings or usual, self.registry, lambda: self.now)

    def told(self) -> list[str]:
        with self.store.reading() as connection:
            rows = connection.execute(select(message.c.code, message.c.whom).order_by(message.c.id)).all()
        assert all(row.whom == ["admin"] for row in rows)
        return [row.code for row in rows]

    def metric(self, line: str) -> bool:
        return line in generate_latest(self.registry).decode().splitlines()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        row = {"group": "cpm3", "name": "1", "school": "1", "online": True, "properties": {}}
        work.connection.execute(insert(node), [row])
    yield Hub(store, tmp_path)
    store.close()


def looked(hub: Hub, watchman: Watchman, minutes: float) -> set[Trouble]:
    hub.now = START + round(minutes * MINUTE)
    return set(watchman.look(hub.now))


def test_when_ingestion_stops_administrators_are_told_once_and_again_when_it_is_over(hub: Hub) -> None:
    watchman = hub.watchman()
    looked(hub, watchman, 0)
    hub.idle = 600
    hub.heard = 1
    assert looked(hub, watchman, 20) == {Trouble.INGEST_STOPPED}
    assert looked(hub, watchman, 21) == {Trouble.INGEST_STOPPED}
    hub.idle = 0.1
    assert looked(hub, watchman, 22) == set()
    assert hub.told() == ["hub.ingest_stopped", "hub.ingest_stopped_over"]


def test_silence_of_computers_that_are_on_is_told(hub: Hub) -> None:
    watchman = hub.watchman()
    hub.heard = 5
    assert looked(hub, watchman, 0) == set()
    assert looked(hub, watchman, 14.9) == set()
    assert looked(hub, watchman, 15) == {Trouble.NOTHING_HEARD}
    hub.heard = 6
    assert looked(hub, watchman, 15.2) == set()
    assert hub.told() == ["hub.nothing_heard", "hub.nothing_heard_over"]


def test_a_restart_raises_no_alarm(hub: Hub) -> None:
    watchman = hub.watchman()
    hub.reached = False
    for minute in range(10):
        assert looked(hub, watchman, minute) == set()
    hub.reached, hub.heard = True, 1
    assert looked(hub, watchman, 10) == set()
    assert hub.told() == []


def test_a_broker_that_was_never_reached_is_told_after_the_grace(hub: Hub) -> None:
    watchman = hub.watchman()
    hub.reached = False
    looked(hub, watchman, 0)
    assert looked(hub, watchman, 11) == {Trouble.BROKER_AWAY}


def test_prometheus_sees_what_is_wrong(hub: Hub) -> None:
    watchman = hub.watchman()
    assert hub.metric('dltv_trouble{trouble="ingest_stopped"} 0.0')
    looked(hub, watchman, 0)
    hub.waits = 3
    looked(hub, watchman, 12)
    assert hub.metric('dltv_trouble{trouble="falling_behind"} 1.0')
    assert hub.metric("dltv_nodes_online 1.0")


def test_a_database_that_refuses_stops_no_watch_and_is_told_when_it_is_back(hub: Hub) -> None:
    watchman = hub.watchman()
    looked(hub, watchman, 0)
    database, hidden = hub.folder / "hub.db", hub.folder / "away"
    hub.store.close()
    for each in hub.folder.glob("hub.db*"):
        each.rename(hidden if each == database else each.with_name(f"gone-{each.name}"))
    database.mkdir()
    hub.idle, hub.heard = 900, 1
    assert looked(hub, watchman, 15) == {Trouble.INGEST_STOPPED}
    database.rmdir()
    hidden.rename(database)
    assert looked(hub, watchman, 16) == {Trouble.INGEST_STOPPED}
    assert hub.told() == ["hub.ingest_stopped"]


def test_who_watches_after_a_restart_tells_nothing_twice_and_the_end_once(hub: Hub) -> None:
    first = hub.watchman()
    looked(hub, first, 0)
    hub.idle, hub.heard = 1800, 1
    looked(hub, first, 20)
    hub.now, hub.registry = START + 21 * MINUTE, CollectorRegistry()
    second = hub.watchman()
    assert looked(hub, second, 22) == set()
    assert looked(hub, second, 32) == {Trouble.INGEST_STOPPED}
    hub.idle = 0.1
    assert looked(hub, second, 33) == set()
    assert hub.told() == ["hub.ingest_stopped", "hub.ingest_stopped_over"]


class Waiting(BaseHTTPRequestHandler):
    """Who waits to hear that the hub is alive."""

    def do_GET(self) -> None:
        self.server.calls.append(self.path)  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def waiting() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Waiting)
    server.calls, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def calling(hub: Hub, waiting: Any) -> Watchman:
    url = SecretStr(f"http://127.0.0.1:{waiting.server_address[1]}/alive/very-secret")
    return hub.watchman(WatchSettings(disk_free_pct=0, alive_url=url))


def test_while_reports_come_and_are_kept_the_address_is_called_once_a_minute(
    hub: Hub, calling: Watchman, waiting: Any
) -> None:
    for tenth in range(30):
        hub.heard += 1
        looked(hub, calling, tenth / 10)
    assert waiting.calls == ["/alive/very-secret"] * 3


@pytest.mark.parametrize(
    "fail",
    [
        lambda hub: setattr(hub, "idle", 3600),
        lambda hub: setattr(hub, "reached", False),
        lambda hub: None,
    ],
    ids=["ingestion hangs", "the broker is away", "nobody says anything"],
)
def test_the_call_is_missed_when_nothing_is_kept(
    hub: Hub, calling: Watchman, waiting: Any, fail: Callable[[Hub], None]
) -> None:
    hub.heard = 1
    looked(hub, calling, 0)
    fail(hub)
    looked(hub, calling, 20)
    waiting.calls.clear()
    looked(hub, calling, 40)
    assert waiting.calls == []


def test_an_address_that_fails_is_not_named_in_the_log(
    hub: Hub, calling: Watchman, waiting: Any, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.status, hub.heard = 500, 1
    looked(hub, calling, 0)
    assert "was not reached" in caplog.text
    assert "very-secret" not in "\n".join(each.getMessage() for each in caplog.records if each.name.startswith("hub"))
