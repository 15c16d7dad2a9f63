"""A hub of several processes on real PostgreSQL and Mosquitto: each district is taken in by one of them, whoever is killed."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from hub import ingest_part
from hub.store.bodies import metric_names
from hub.store.leases import LASTS_MS
from hub.store.opening import open_there
from hub.store.tables import device, epoch, report
from tests.e2e.conftest import Hub, Program
from tests.e2e.test_nothing_is_lost import journal_of
from tests.postgresql import databases

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]
GROUPS = ("cpm3", "cpm4")
NODE = "36010001"
AGENT = Path(__file__).parents[1] / "agent" / "streaming_agent.py"


@pytest.fixture
def processes(
    start: Any, mosquitto: Any, free_port: Callable[[], int], tmp_path: Path
) -> tuple[str, int, dict[str, Program]]:
    """The database, the port of the pages, and the programs."""
    url, port = databases().at(tmp_path / "shared.db"), free_port()
    (tmp_path / "hub.toml").write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["cpm3", "cpm4"]\n[http]\nlisten = "127.0.0.1:{port}"\n'
        f'[broker]\nurl = "{mosquitto.url}"\n[store]\nurl = "{url}"\n[ingestion]\nack_every_s = 2\nreplay_grace_s = 2\n'
    )

    def process(role: str) -> Program:
        program: Program = start("hub", "serve", "--config", str(tmp_path / "hub.toml"), "--role", role)
        return program

    roles = {"web": "web", "worker": "worker", "one": "ingest", "other": "ingest"}
    return url, port, {name: process(role) for name, role in roles.items()}


@pytest.fixture
def agents(mosquitto: Any, tmp_path: Path) -> Iterator[dict[str, Program]]:
    """One of each district, that tells something new every 50 ms."""
    made = {}
    for group in GROUPS:
        place = [mosquitto.url, str(tmp_path / group), f"hub-{group}", "50", group, NODE]
        made[group] = Program(
            [sys.executable, str(AGENT), *place], tmp_path / f"agent-{group}.log", {"PYTHONPATH": "."}
        )
        made[group].start()
    yield made
    for agent in made.values():
        agent.kill()


def taken_in(process: Program) -> set[str]:
    """The districts that a process takes in now, as it says itself."""
    said = re.findall(r"district (\w+) is taken in here(.*)", process.output)
    return {group for group, no_more in dict(said).items() if not no_more}


def newest(hub: Hub, group: str) -> int:
    node = hub.get(f"/api/v1/nodes/{group}/{NODE}")
    return max((int(each["newest"]) for each in node["journals"] if not each["ours"]), default=0) if node else 0


def held(url: str, uuid: str) -> list[tuple[int, str, int]]:
    """What the hub has of a journal, each as often as it has it."""
    told = (
        select(report.c.offset, device.c.key, report.c.t)
        .select_from(report.join(epoch).join(device, device.c.id == report.c.device_id))
        .where(epoch.c.uuid == uuid)
        .order_by(report.c.offset)
    )
    with closing(open_there(url)) as store, store.reading() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(told)]


def _holds(url: str, uuid: str, whole: list[tuple[int, str, int]]) -> bool:
    """Each once, and as it was told; newer ones may have come since."""
    return [each for each in held(url, uuid) if each[0] <= whole[-1][0]] == whole


def _unreadable(url: str) -> list[bytes]:
    """Reports of which a metric is not known."""
    with closing(open_there(url)) as store, store.reading() as connection:
        known = metric_names(connection).keys()
        bodies = connection.execute(select(report.c.body)).scalars()
        return [body for body in bodies if not {each[0] for each in orjson.loads(body)} <= known]


def test_what_a_process_did_is_looked_for_less_than_thirty_seconds_after_it_was_killed() -> None:
    """How long the rest takes is the machine's affair; docs/scale.md has what was measured."""
    assert LASTS_MS / 1000 + ingest_part._LOOK_S < 30


def test_a_killed_process_is_replaced_and_every_report_is_held_once(
    processes: tuple[str, int, dict[str, Program]], agents: dict[str, Program], until: Any, tmp_path: Path
) -> None:
    url, port, programs = processes
    hub = Hub(port)
    both = [programs["one"], programs["other"]]
    until("each process to take in one district", lambda: sorted(map(len, map(taken_in, both))) == [1, 1], 120)
    until("the worker to work", lambda: "is done here" in programs["worker"].output)
    until("reports of both", lambda: all(newest(hub, group) > 20 for group in GROUPS), 120)

    [orphan] = taken_in(both[0])
    both[0].kill()
    until("the other to take it over", lambda: taken_in(both[1]) == set(GROUPS))
    seen = newest(hub, orphan)
    until("reports of the orphan", lambda: newest(hub, orphan) > seen + 40)

    both[0].start()
    until("the work to be divided again", lambda: len(taken_in(both[1])) == 1, 120)
    for group, agent in agents.items():
        assert agent.stop() == 0
        uuid, told = journal_of(tmp_path / group)
        agent.start()  # the hub may still have to ask for the last ones
        whole = [(offset, *told[offset][:2]) for offset in sorted(told)]
        until("the hub to have them all", partial(_holds, url, uuid, whole), 120)
    assert _unreadable(url) == []
