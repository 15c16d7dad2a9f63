"""Databases that hold a day of some schools, not judged yet; and what judging them came to."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select

from hub.config import HubSettings
from hub.ingestion.counters import Counters
from hub.ingestion.service import IngestionService
from hub.ingestion.settings import IngestionSettings
from hub.mqtt.host_client import utc_ms
from hub.replay.lines import DATA, Line, Said
from hub.replay.values import samples
from hub.replay.voices import Voices
from hub.store.intake import IntakeStore
from hub.store.opening import open_store
from hub.store.repair_tables import repair
from hub.store.tables import epoch, ticket
from hub.store.unit_of_work import Store
from tests.stores import database

MINUTE = 60_000
BANGKOK = ZoneInfo("Asia/Bangkok")
_YESTERDAY = datetime.fromtimestamp(utc_ms() / 1000, BANGKOK) - timedelta(days=1)
MORNING = round(_YESTERDAY.replace(hour=8, minute=0, second=0, microsecond=0).timestamp() * 1000)
"""Of yesterday: up to now nothing more happens."""
ALWAYS = {"weekdays": list(range(7)), "terms": [["2020-01-01", "2100-01-01"]], "holidays": []}
SCHOOLS = ("36030001", "36030002", "36030003")
ROOMS = (1, 2, 3)


def said(minutes: int, kind: str, node: str, device: str = "", **metrics: object) -> Said:
    told = [(name.replace("__", "/", 1), value) for name, value in metrics.items()]
    values = samples(told) if kind in DATA else {}
    return Said(MORNING + minutes * MINUTE, kind, node, device, told, False, values)


def day_of(node: str) -> Iterator[Said]:
    """Of the receiver of the first room the picture is gone from half past nine on."""
    yield said(0, "NBIRTH", node, host__uptime_s=86_400)
    for room in ROOMS:
        facts = {"Properties__kind": "receiver", "Properties__room": f"p{room}", "Properties__dish": "d1"}
        yield said(0, "DBIRTH", node, f"p{room}-receiver", device__reachable=True, signal__lock=True, **facts)
    for minutes in range(5, 8 * 60, 5):
        yield said(minutes, "NDATA", node, host__uptime_s=86_400 + minutes * 60)
        for room in ROOMS:
            lock = room != 1 or minutes < 90
            level = 13.0 + minutes % 10 / 10 if lock else None
            yield said(minutes, "DDATA", node, f"p{room}-receiver", signal__lock=lock, signal__cnr_db=level)


def fill(store: Store, nodes: tuple[str, ...] = SCHOOLS) -> None:
    """As ingestion commits what these schools say on that day."""
    intake, voices = IntakeStore(store), Voices("cpm3")
    ingestion = IngestionService(intake.begin, intake.load(), IngestionSettings(), Counters(CollectorRegistry()))
    lines = sorted((each.t, node, number, each) for node in nodes for number, each in enumerate(day_of(node)))
    for number, (t, node, _, each) in enumerate(lines):
        ingestion.feed(voices.speak(Line(t, node, number, each, b"")), t)
    ingestion.commit(lines[-1][0])


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    """A hub whose database holds the day."""
    (tmp_path / "hub").mkdir(mode=0o700)
    url = database(tmp_path / "hub" / "hub.db")
    store = open_store(url)
    try:
        fill(store)
    finally:
        store.close()
    given = {"data_dir": tmp_path / "hub", "groups": ["cpm3"], "calendar": ALWAYS, "store": {"url": url}}
    return HubSettings.model_validate(given)


Counted = tuple[list[tuple[object, ...]], int]


def come_to(store: Store) -> Counted:
    """All tickets, and how many have a repair."""
    said_of = (ticket.c.node_id, ticket.c.cause, ticket.c.device, ticket.c.onset_at, ticket.c.opened_at, ticket.c.state)
    with store.reading() as connection:
        tickets = [tuple(row) for row in connection.execute(select(*said_of).order_by(*said_of))]
        return tickets, connection.execute(select(func.count()).select_from(repair)).scalar_one()


def unjudged(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.sum(epoch.c.newest - epoch.c.judged))).scalar_one())


@pytest.fixture
def outcome() -> Callable[[Store], Counted]:
    return come_to


@pytest.fixture
def left() -> Callable[[Store], int]:
    return unjudged


@pytest.fixture
def filled() -> Callable[[Store], None]:
    return fill
