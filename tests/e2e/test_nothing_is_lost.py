"""Broker, hub and agent are killed at random moments; in the end the hub holds every report of the journal exactly once."""

import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.journal_packing import unpacked_group

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
ROUNDS = 9
SECONDS_BETWEEN_KILLS = (0.2, 4.0)


class _RestlessReceiver(BaseHTTPRequestHandler):
    """OpenWebif whose C/N differs at every reading, so that every reading is a report."""

    readings = count()

    def do_GET(self) -> None:
        cnr = 5.0 + 2 * (next(self.readings) % 8)
        status = {"inStandby": "false", "currservice_name": "DLTV 1"}
        signal = {"snr": 80, "snr_db": f"{cnr:.2f}", "agc": 60, "ber": 0, "tunertype": "DVB-S", "inStandby": "false"}
        body = json.dumps(signal if "signal" in self.path else status).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The test's output belongs to the test."""


@pytest.fixture
def receiver_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _RestlessReceiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def journal_of(folder: Path) -> tuple[str, dict[int, tuple[str, int, dict[str, Any]]]]:
    """Epoch and reports of a journal whose agent has ended: offset to (device, t, values)."""
    with closing(sqlite3.connect(folder / "journal.sqlite3")) as db:
        (epoch,) = db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
        rows = db.execute("SELECT offset, body FROM reports").fetchall()
    entries = {kept.offset: kept.entry for offset, body in rows for kept in unpacked_group(offset, body).kept}
    return epoch, {
        offset: (entry.device or "", entry.t, {metric.name or "": metric.value for metric in entry.metrics})
        for offset, entry in entries.items()
    }


def reports_of(hub: Any, epoch: str) -> list[dict[str, Any]]:
    """Everything that the hub stores of one journal, over all pages of the answer."""
    found, address = [], f"/api/v1/nodes/demo/99990001/reports?epoch={epoch}&limit=1000"
    while address:
        page = hub.get(address)
        found += page["items"]
        address = page["next"]
    return found


def test_every_report_is_stored_exactly_once_whatever_is_killed(
    start: Any,
    until: Any,
    mosquitto: Any,
    free_port: Callable[[], int],
    hub_at: Any,
    receiver_port: int,
    tmp_path: Path,
    record_property: Any,
) -> None:
    seed = random.randrange(2**32)
    record_property("seed", seed)
    chance, port = random.Random(seed), free_port()
    (tmp_path / "hub.toml").write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["demo"]\n[http]\nlisten = "127.0.0.1:{port}"\n'
        f'[broker]\nurl = "{mosquitto.url}"\n[ingestion]\nack_every_s = 2\nreplay_grace_s = 2\n'
    )
    (tmp_path / "agent.toml").write_text(
        f'group = "demo"\nnode = "99990001"\n[uplink]\nbroker = "{mosquitto.url}"\nreplay_per_s = 200\n'
        f'[journal]\ndirectory = "{tmp_path / "journal"}"\ncommit_every_s = 0.2\n[host]\nevery_s = 1\ninternet = []\nntp = ""\n'
        f'[[device]]\nkey = "p1-receiver"\nprofile = "enigma2/openwebif"\nroom = "p1"\n'
        f'address = "http://127.0.0.1:{receiver_port}"\nevery_s = 0.1\n'
    )
    hub = hub_at(port)
    programs = {
        "hub": start("hub", "serve", "--config", str(tmp_path / "hub.toml")),
        "agent": start("agent", "run", "--config", str(tmp_path / "agent.toml")),
        "broker": mosquitto,
    }
    until("the first reports", lambda: journal(hub)["newest"])

    victims = [name for name in programs for _ in range(ROUNDS // len(programs))]
    chance.shuffle(victims)
    for name in victims:
        time.sleep(
            chance.uniform(*SECONDS_BETWEEN_KILLS)
        )  # the random moment is what is tested, not a wait for something
        programs[name].kill()
        time.sleep(chance.uniform(0, 2))
        programs[name].start()

    before_the_end = newest(hub, until)
    until("more reports after the last kill", lambda: newest(hub, until) > before_the_end + 20)
    assert programs["agent"].stop() == 0
    epoch, told = journal_of(tmp_path / "journal" / "demo" / "99990001")
    programs["agent"].start()  # the hub may still have to ask for the last ones
    until("the hub to have them all", lambda: covers(hub, epoch, max(told)), 120)

    stored = reports_of(hub, epoch)
    offsets = [report["offset"] for report in stored]
    assert len(offsets) == len(set(offsets))
    held = {report["offset"]: (report["device"], report["t"], report["values"]) for report in stored}
    assert {offset: held.get(offset) for offset in told} == told


def journal(hub: Any) -> dict[str, Any]:
    node = hub.get("/api/v1/nodes/demo/99990001")
    # Beside the agent's journal there is the one that the hub makes of births and deaths.
    told = [each for each in node["journals"] if not each["ours"]] if node else []
    return told[0] if told else {"epoch": "", "newest": 0, "committed": [], "lost": []}


def newest(hub: Any, until: Any) -> int:
    until("the hub", lambda: hub.ready, 60)
    return int(journal(hub)["newest"])


def covers(hub: Any, epoch: str, last: int) -> bool:
    """Whether the hub holds 1 to `last` of this journal without a hole and lists none as lost."""
    state = journal(hub)
    committed = state["committed"]
    return state["epoch"] == epoch and not state["lost"] and committed[0]["first"] == 1 and committed[0]["last"] >= last
