"""The supply workflows with their behaviour on a real database: five LNBs in the stock, and an asset at another school."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from hub.core.assets import Asset, AssetState
from hub.core.assets import Deed as AssetDeed
from hub.core.people import Principal, PrincipalKind, Role
from hub.office.supply import supply_hooks
from hub.requesting import Requests, make_engine
from hub.store.assets import AssetRows
from hub.store.engine import open_engine, upgrade
from hub.store.message_tables import message
from hub.store.people_tables import person
from hub.store.supply import StockRows
from hub.store.tables import school
from hub.store.unit_of_work import Store, UnitOfWork
from hub.supply.places import OFFICE, ONE_OFFICE, Offices
from hub.supply.stock import Deed, Item
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refused
from hub.workflows.request import Step
from hub.workflows.settings import OfficeSettings
from tests.stores import database

ZONE = ZoneInfo("Asia/Bangkok")
CAR, NUMBER = "car:person:1", "7440-001-0001/69"
ISSUED = [{"item": "LNB-U", "quantity": 4}]
TYPES = ("material_request", "purchase_request", "loan", "specification")


def at(moment: str) -> int:
    return round(datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp() * 1000)


def who(role: Role, number: str, **more: Any) -> Principal:
    return Principal(PrincipalKind.PERSON, number, role.value.title(), frozenset({role}), **more)


TECHNICIAN, HEAD = who(Role.TECHNICIAN, "1"), who(Role.GROUP_HEAD, "2")
SUPPLY, DIRECTOR = who(Role.SUPPLY, "3"), who(Role.DIRECTOR, "4")
TEACHER = who(Role.SCHOOL, "5", school="30010012")


@dataclass
class Office:
    """Requests with the behaviour of supply, on a stock of five LNBs and an asset at another school."""

    store: Store
    now: int = at("2026-11-23T09:00")
    offices: Offices = ONE_OFFICE

    def __post_init__(self) -> None:
        engine = make_engine(OfficeSettings(holidays=()), ZONE)
        engine.definitions = {name: engine.definitions[name] for name in TYPES}
        hooks = {**supply_hooks(self.offices), "unbind_line": _no_rounds}
        self.requests = Requests(self.store, engine, lambda: self.now, hooks, offices=self.offices)

    def open(self, kind: str, by: Principal, **given: Any) -> str:
        return self.requests.open(kind, Wish(given), by).number

    def move(self, number: str, step: str, by: Principal, **given: Any) -> Any:
        found = self.requests.look.one(number)
        assert found is not None
        return self.requests.move(number, step, Wish(given, version=found[0].version), by)

    def refused(self, number: str, step: str, by: Principal, **given: Any) -> list[tuple[str, int | None]]:
        with pytest.raises(Refused) as caught:
            self.move(number, step, by, **given)
        return [(each.code, each.row) for each in caught.value.faults]

    def stock(self, place: str = OFFICE) -> int:
        with self.store.reading() as connection:
            return StockRows(connection).level("LNB-U", place).count

    def asset(self) -> Asset:
        with self.store.reading() as connection:
            found = AssetRows(connection).by_number("cpm3", NUMBER)
        assert found is not None
        return found

    def told(self) -> list[tuple[str, list[str]]]:
        with self.store.reading() as connection:
            return [(row.code, row.whom) for row in connection.execute(select(message).order_by(message.c.id))]


@contextmanager
def supplied(tmp_path: Path) -> Iterator[Office]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        work.connection.execute(
            insert(person).values(login="t", name="ช่าง", roles=["technician"], active=True, created_at=1)
        )
        for code in ("30010012", "30010027"):
            work.connection.execute(insert(school).values(group="cpm3", code=code, name=f"โรงเรียน {code}"))
        stock = StockRows(work.connection)
        stock.add_item(Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", least=2))
        stock.give("LNB-U", 5, Deed("person:3", "พัสดุ", 1))
        asset = Asset("cpm3", "receiver", NUMBER, school="30010027", room="ป.1", state=AssetState.SPARE)
        AssetRows(work.connection).add(asset, AssetDeed("added", "person:3", "พัสดุ", 1))
    yield Office(store)
    store.close()


def _no_rounds(_work: UnitOfWork, _step: Step) -> None:
    """Nothing is bought for a round here."""
