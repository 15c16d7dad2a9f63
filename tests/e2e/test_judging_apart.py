"""A real hub with a process of its own that judges, and a real agent: whichever is killed, all is taken in and judged."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from hub.store.opening import open_there
from hub.store.tables import epoch
from tests.e2e.conftest import Hub, Program
from tests.stores import database

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
AGENT = Path(__file__).parents[1] / "agent" / "streaming_agent.py"


@pytest.fixture
def agent(mosquitto: Any, tmp_path: Path) -> Iterator[Program]:
    """It tells something new every 50 ms."""
    place = [mosquitto.url, str(tmp_path / "agent"), "hub-cpm3", "50"]
    one = Program([sys.executable, str(AGENT), *place], tmp_path / "agent.log", {"PYTHONPATH": "."})
    yield one
    one.kill()


def judged(url: str) -> tuple[int, int]:
    """How many reports are judged, and how many are left."""
    told = select(func.sum(epoch.c.judged), func.sum(epoch.c.newest - epoch.c.judged))
    with closing(open_there(url)) as store, store.reading() as connection:
        done, left = connection.execute(told).one()
    return int(done or 0), int(left or 0)


def judge_of(port: int) -> psutil.Process | None:
    """Of the hub that shows itself there."""
    for each in psutil.process_iter(["cmdline"]):
        # One of another hub may end while it is looked at.
        with suppress(psutil.NoSuchProcess):
            parent = each.parent() if (each.info["cmdline"] or [])[-1:] == ["hub.apart"] else None
            if parent is not None and any(f":{port}" in word for word in parent.cmdline()):
                return each
    return None


def has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_whichever_is_killed_all_is_taken_in_and_judged(
    start: Any, agent: Program, free_port: Callable[[], int], mosquitto: Any, until: Any, tmp_path: Path
) -> None:
    port, url = free_port(), database(tmp_path / "hub" / "hub.db")
    (tmp_path / "hub.toml").write_text(
        f'data_dir = "{tmp_path / "hub"}"\ngroups = ["cpm3"]\n[broker]\nurl = "{mosquitto.url}"\n[store]\nurl = "{url}"\n'
        "[judging]\napart = true\n[detection]\nsettle_s = 1\n[ingestion]\nack_every_s = 2\nreplay_grace_s = 2\n"
    )

    def hub() -> Program:
        program: Program = start("hub", "serve", "--config", str(tmp_path / "hub.toml"), "--http", f"127.0.0.1:{port}")
        return program

    first, pages = hub(), Hub(port)
    until("the hub to be ready", lambda: pages.ready)
    agent.start()
    until("reports to be judged", lambda: judged(url)[0] > 20)

    orphan = judge_of(port)
    assert orphan is not None
    orphan.kill()
    until("another that judges", lambda: (one := judge_of(port)) is not None and one.pid != orphan.pid)
    before = judged(url)[0]
    until("it to judge", lambda: judged(url)[0] > before + 40)

    orphan = judge_of(port)
    assert orphan is not None
    first.kill()
    hub()
    until("the hub to be ready again", lambda: pages.ready)
    # It ends because its hub has ended, which it hears of in its own time.
    until("the orphan to end", lambda: has_ended(orphan))
    before = judged(url)[0]
    until("it to judge again", lambda: judged(url)[0] > before + 40)
