"""A hub that is asked to end: what it was told is on disk, everybody is told that it goes, nothing stays behind."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import psutil
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import select

from hub.store.opening import open_there
from hub.store.tables import report
from tests.conftest import Mosquitto
from tests.e2e.conftest import Hub, Program
from tests.stores import database
from wire.hoststate import HostState
from wire.payloads import decode
from wire.topics import MessageType, Topic

pytestmark = pytest.mark.e2e
AGENT = Path(__file__).parents[1] / "agent" / "streaming_agent.py"
STATE = "spBv1.0/STATE/hub-cpm3"


class Listener:
    """Hears what the broker hears, in the order in which it hears it."""

    def __init__(self, broker: Mosquitto) -> None:
        self._told: list[tuple[str, bytes]] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _c, _u, message: self._told.append((message.topic, message.payload))
        self._client.connect(broker.host, broker.port)
        self._client.subscribe([(STATE, 1), ("spBv1.0/cpm3/#", 1)])
        self._client.loop_start()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def farewell(self, since: int) -> int | None:
        """Where it stands among all that was told. The will of the connection, which nobody says, is older."""
        for place, (topic, payload) in enumerate(self._told):
            if topic == STATE and not (state := HostState.decode(payload)).online and state.timestamp >= since:
                return place
        return None

    def reports(self, before: int | None = None) -> set[int]:
        """By their offsets in the computer's journal, which the agent tells first."""
        told = [payload for topic, payload in self._told[:before] if _is_data(topic)]
        return {int(str(next(iter(decode(payload).metrics)).value)) for payload in told}


def _is_data(topic: str) -> bool:
    return topic != STATE and Topic.parse(topic).type in {MessageType.NDATA, MessageType.DDATA}


@pytest.fixture
def listener(mosquitto: Mosquitto) -> Iterator[Listener]:
    one = Listener(mosquitto)
    yield one
    one.close()


@pytest.fixture
def agent(mosquitto: Mosquitto, tmp_path: Path) -> Iterator[Program]:
    """It tells something new every 20 ms."""
    place = [mosquitto.url, str(tmp_path / "agent"), "hub-cpm3", "20"]
    one = Program([sys.executable, str(AGENT), *place], tmp_path / "agent.log", {"PYTHONPATH": "."})
    yield one
    if one.running:
        one.kill()


def held(url: str) -> set[int]:
    with closing(open_there(url)) as store, store.reading() as connection:
        return set(connection.execute(select(report.c.offset)).scalars())


def test_what_a_hub_was_told_before_its_farewell_is_on_disk_and_its_children_end_with_it(
    start: Any,
    agent: Program,
    listener: Listener,
    free_port: Callable[[], int],
    mosquitto: Mosquitto,
    until: Any,
    tmp_path: Path,
) -> None:
    port, url = free_port(), database(tmp_path / "hub" / "hub.db")
    # What comes within a second is committed together: some of it waits whenever the hub is asked to end.
    (tmp_path / "hub.toml").write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["cpm3"]\n[broker]\nurl = "{mosquitto.url}"\n[store]\nurl = "{url}"\n'
        f'[http]\nlisten = "127.0.0.1:{port}"\n[judging]\napart = true\n[ingestion]\nlinger_s = 1\n'
    )
    hub, pages = start("hub", "serve", "--config", str(tmp_path / "hub.toml")), Hub(port)
    until("the hub to be ready", lambda: pages.ready)
    agent.start()
    until("reports to be on disk", lambda: len(held(url)) > 20)
    [judge] = hub.children

    known, asked_at = len(listener.reports()), time.time_ns() // 1_000_000
    until("something to wait", lambda: len(listener.reports()) > known + 5)
    assert hub.stop() == 0
    end = until("its farewell", lambda: listener.farewell(asked_at))
    assert (
        listener.reports(before=end) - held(url) == set() or "not everything could be committed in time" in hub.output
    )
    assert "Traceback" not in hub.output
    assert not judge.is_running() or judge.status() == psutil.STATUS_ZOMBIE
