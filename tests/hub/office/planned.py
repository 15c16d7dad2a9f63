"""A district whose rounds of allocation are carried out on a database: two schools, at the first one an old television."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from hub.allocation.lines import Line, Stage
from hub.allocation.rounds import RoundView, StageWish
from hub.config import HubSettings
from hub.core.assets import Asset
from hub.core.assets import Deed as AssetDeed
from hub.core.people import Principal, PrincipalKind, Role
from hub.office.office import Office
from hub.store.assets import AssetRows
from hub.store.engine import open_engine, upgrade
from hub.store.tables import device, node, school, ticket
from hub.store.unit_of_work import Store
from hub.workflows.engine import Wish
from tests.stores import database

NOW, DAY, ZONE = 1_795_157_100_000, 86_400_000, ZoneInfo("Asia/Bangkok")
ADDED = AssetDeed("added", "command", "", NOW)
HEAD = Principal(PrincipalKind.PERSON, "1", "Head", frozenset({Role.GROUP_HEAD}))
DIRECTOR = Principal(PrincipalKind.PERSON, "2", "Director", frozenset({Role.DIRECTOR}))
OLD = Asset("cpm3", "tv", "7730-001-0001", "OLD-1", "TV 32", school="30010012", room="p1", device="p1-tv")


@dataclass
class District:
    """Two schools; at the first one an old TV that is always broken."""

    store: Store
    office: Office
    node_id: int
    now: int = NOW
    number: str = "AL-2570-0001"
    """Of the round that its steps are about."""

    @property
    def round(self) -> RoundView:
        found = self.office.allocation.round(self.number, HEAD)
        assert found is not None
        return found

    def move(self, transition: str, who: Principal = HEAD, **values: str) -> None:
        found = self.office.requests.look.one(self.number)
        assert found is not None
        self.office.requests.move(self.number, transition, Wish(values, "", found[0].version), who)

    def plan(self, budget: str = "50000", rules: str = "none", **more: str) -> RoundView:
        """A round whose plan the hub has proposed."""
        given = {"title": "2570", "budget": budget, "rules": rules, **more}
        self.number = self.office.requests.open("allocation", Wish(given), HEAD).number
        self.move("appoint", members="DLICT")
        return self.round

    def approve(self) -> None:
        self.move("propose", plan="x")
        self.move("approve", DIRECTOR)

    def take(self, line: Line, stage: Stage, **more: Any) -> Line:
        return self.office.allocation.step(line.id, StageWish(stage, line.version, **more), HEAD)

    def add(self, *assets: Asset) -> list[Asset]:
        with self.store.begin() as work:
            return [AssetRows(work.connection).add(each, ADDED) for each in assets]

    def asset(self, asset_id: int) -> Asset:
        with self.store.reading() as connection:
            found = AssetRows(connection).get(asset_id)
        assert found is not None
        return found

    def hear(self, key: str, serial: str, kind: str = "tv") -> None:
        """The agent of the first school hears a device."""
        with self.store.begin() as work:
            told = {"properties": {"serial_number": serial}, "latest": {}, "kind": kind, "profile": "lg/rs232"}
            there = (device.c.node_id == self.node_id) & (device.c.key == key)
            if not work.connection.execute(update(device).where(there).values(**told)).rowcount:
                work.connection.execute(insert(device).values(node_id=self.node_id, key=key, room="p1", **told))

    def break_down(self, key: str, times: int, *, lasting: bool = False) -> None:
        told = {"node_id": self.node_id, "device": key, "dish": "", "cause": "tv_failed", "signs": [], "version": 1}
        for at in range(times):
            onset = NOW - (100 + at) * DAY
            ends: dict[str, Any] = {"open": lasting, "state": "reported" if lasting else "closed"}
            ends |= {"closed_at": None if lasting else onset + 20 * DAY}
            with self.store.begin() as work:
                work.connection.execute(insert(ticket).values(**told, onset_at=onset, opened_at=onset, **ends))


@contextmanager
def planned(tmp_path: Path) -> Iterator[District]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        for code, pupils in (("30010012", 80), ("30010027", 300)):
            row = insert(school).values(group="cpm3", code=code, name=f"School {code}", pupils=pupils)
            work.connection.execute(row)
        row = insert(node).values(group="cpm3", name="30010012", school="30010012", online=True, properties={})
        node_id = int(work.connection.execute(row).inserted_primary_key[0])  # type: ignore[index]
    made = District(store, Office(store, HubSettings(), ZONE, lambda: made.now), node_id)
    made.office.needs.put_price(2570, {"kind": "tv", "price": "20,000", "source": "list"}, HEAD)
    yield made
    store.close()
