"""A district in which every page of the application has something to show, and where each page is found.

It is made as people make it, over the pages and the API; what agents and sheets bring is written row by row.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
from sqlalchemy import select, update

from hub.accounts.person import Place
from hub.core.assets import Asset, AssetState, Deed
from hub.core.equipment import NodeKey
from hub.core.findings import Incident, RoomDay
from hub.core.people import AT_THE_CONSOLE, Role
from hub.enrolment.certificate import Issued
from hub.messages.deliveries import Settled, State
from hub.rollouts.events import Event, Reason, What
from hub.rollouts.rollout import Kind, Order
from hub.rollouts.settings import RolloutSettings
from hub.store.assets import AssetRows
from hub.store.deliveries import DeliveryRows
from hub.store.enrolment import EnrolmentRows
from hub.store.messages import tell
from hub.store.repair_tables import repair as repair_table
from hub.store.rollouts import RolloutRows
from hub.store.supply import StockRows
from hub.store.survey_tables import survey_sheet
from hub.store.tables import school
from hub.supply.stock import Deed as StockDeed
from hub.supply.stock import Item
from hub.workflows.loading import load_definitions
from tests.hub.workflows.walking import invented, opener

NOW, MINUTE, DAY = 1_795_157_100_000, 60_000, 86_400_000
OURS = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
HERE, THERE = "/schools/cpm3/30010012", "/schools/cpm3/30010027"
TV = Asset("cpm3", "tv", "7730-001-0001", "SN-1", "LG 43UR640S", school="30010012", room="ป.1", device="p1-tv")
RAIN = Incident("cpm3", "rain", "rain_fade", NOW - 50 * MINUTE, None, {"30010012": (NOW - 50 * MINUTE, None)})
BY_NUMBER = frozenset({"software_install", "phone_consult"})
"""Types of which one is opened here; the others differ in their fields, which their forms show."""


class Furnished:
    """The district, written into a hub that lasts; `pages` tells the addresses of each route that has places in it."""

    def __init__(self, lasting: Any, district: Any) -> None:
        self._lasting, self._fleet, self._district = lasting, lasting.fleet, district
        self._schools()
        self._readings()
        self._equipment()
        self._repairs()
        self._supply()
        self._allocation()
        self._survey()
        self._rollout()
        self._messages()
        self._told()
        self._enrolment()
        lasting.office.country.tick(NOW)
        self.pages = self._pages()

    def _post(self, role: Role, path: str, status: int, **given: Any) -> httpx.Response:
        answer: httpx.Response = self._lasting.as_role(role).post(path, headers=OURS, **given)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer

    def _open(self, name: str, role: Role | None = None, **values: Any) -> str:
        definition = load_definitions()[name]
        values = values or invented(definition, definition.opening, 0)
        wish = {"type": name, "values": values, "note": "เริ่ม"}
        return str(self._post(role or opener(definition), "/api/v1/requests", 201, json=wish).json()["number"])

    def _step(self, number: str, transition: str, role: Role, **values: Any) -> None:
        address = f"/api/v1/requests/{number}"
        version = self._lasting.as_role(role).get(address).json()["version"]
        wish = {"transition": transition, "version": version, "values": values}
        self._post(role, f"{address}/steps", 200, json=wish)

    def _schools(self) -> None:
        self._fleet.school("cpm3", "30010027", "โรงเรียนบ้านหนองน้ำใสวิทยาคารราษฎร์อุทิศอนุสรณ์มิตรภาพที่ 179")
        with self._fleet.store.begin() as work:
            for code, lat, pupils in (("30010012", 15.90, 64), ("30010027", 15.93, 112)):
                place = {"lat": lat, "lon": 102.0, "pupils": pupils}
                work.connection.execute(update(school).where(school.c.code == code).values(**place))

    def _readings(self) -> None:
        times = range(NOW - 20 * 60 * MINUTE, NOW, 5 * MINUTE)
        values = [(t, {"signal/cnr_db": 12 + t % 3 / 3, "signal/lock": t % 7 > 0}) for t in times]
        self._fleet.reports(self._district.journal, self._district.receiver, values)
        self._fleet.incident(RAIN)
        minutes = {"rain_fade": 45.0, "tv_failed": 20.0}
        days = [f"2026-11-{day:02}" for day in (2, 3, 19, 20)]
        self._fleet.room_days(*(RoomDay("cpm3", "30010012", "ป.1", day, minutes, 120.0) for day in days))

    def _equipment(self) -> None:
        idle = Asset("cpm3", "projector", "7730-002-0002", "SN-2", "เครื่องฉายภาพ", school="30010027", room="ป.4")
        with self._fleet.store.begin() as work:
            rows, who = AssetRows(work.connection), Deed("added", "command", "", NOW)
            self.sticker = rows.add(_old(TV), who).token
            self.blank_sticker = rows.add(_old(idle, AssetState.IDLE), who).token

    def _repairs(self) -> None:
        told = {"symptom": "ไม่มีภาพ", "phone": "044 000 000", "reporter": "ครูมานี"}
        schools = ("cpm3/30010012", "cpm3/30010027")
        self.repairs = [self._open("repair", Role.TECHNICIAN, school=each, **told) for each in schools]
        trip = {"day": "2026-11-23", "driver": "person:2", "note": "พาบันได", "repair": self.repairs}
        self._post(Role.TECHNICIAN, "/trips/new", 303, data=trip)
        self.others = [self._open(name) for name in sorted(BY_NUMBER)]

    def _supply(self) -> None:
        with self._fleet.store.begin() as work:
            rows = StockRows(work.connection)
            rows.add_item(Item("LNB-U", "หัวรับสัญญาณ", "ตัว", "lnb", least=2))
            rows.add_item(Item("HDMI-3", "สาย HDMI 3 เมตร", "เส้น", "cable", least=9))
            rows.give("LNB-U", 5, StockDeed("person:1", "พัสดุ", 1))
        self.others.append(self._open("material_request", purpose="ซ่อมจาน", items=[{"item": "LNB-U", "quantity": 2}]))

    def _allocation(self) -> None:
        price = {"kind": "tv", "price": "24,000", "source": "ตลาด"}
        self._post(Role.GROUP_HEAD, "/api/v1/prices/2570", 200, json=price)
        self.round = self._open("allocation", title="ปีงบประมาณ 2570", budget="100000", rules="none")
        self._step(self.round, "appoint", Role.GROUP_HEAD, members="กลุ่ม DLICT")

    def _survey(self) -> None:
        form = {"type": "needs", "group": "cpm3", "turn": "รอบที่ 1/2570", "due_on": "2026-12-20", "which": "all"}
        self._post(Role.GROUP_HEAD, "/surveys/new", 303, data=form)
        with self._fleet.store.reading() as connection:
            found = connection.execute(select(survey_sheet.c.token).where(survey_sheet.c.school == "30010012"))
            self.sheet = str(found.scalar_one())

    def _rollout(self) -> None:
        names = ("30010012", "30010027")
        order = Order(0, Kind.RELEASE, "1.2", "cpm3", names, NOW, "person:1", RolloutSettings())
        events = (
            Event(What.WAVE, NOW, nodes=names[:1]),
            Event(What.ASKED, NOW, node=names[0]),
            Event(What.FAILED, NOW, node=names[0], reason=Reason.ROLLED_BACK, why="no birth in 5 minutes"),
            Event(What.STOPPED, NOW),
        )
        with self._fleet.store.begin() as work:
            rows = RolloutRows(work.connection)
            found = rows.one(rows.start(order))
            assert found is not None
            for event in events:
                found.apply(event)
            rows.keep(found, events)

    def _messages(self) -> None:
        way = {"service": "jsons", "name": "โทรศัพท์ของฉัน", "first": "https://push.example/x"}
        self._post(Role.ADMIN, "/account/messages/ways", 303, data=way)
        hook = {"name": "ระบบรับเรื่อง", "url": "http://127.0.0.1:9/x", "types": ["ticket.opened"]}
        self._post(Role.ADMIN, "/admin/webhooks", 200, data=hook)

    def _told(self) -> None:
        """One message that was not taken, and one on the way."""
        self._tell(self.others[0])
        with self._fleet.store.begin() as work:
            rows = DeliveryRows(work.connection)
            for letter in rows.due(NOW):
                assert rows.claim(letter, NOW)
                rows.settle(letter, Settled(State.FAILED, 1), "refused", NOW)
        self._tell(self.others[1])

    def _tell(self, overdue: str) -> None:
        words = {"type": {"th": "ปรึกษา", "en": "Advice"}, "state": {"th": "รับเรื่อง", "en": "received"}}
        with self._fleet.store.begin() as work:
            tell(work.connection, "request.overdue", {"number": overdue, **words}, (Role.ADMIN.value,), NOW - DAY)
        self._lasting.office.messages.gather()

    def _enrolment(self) -> None:
        order = {"which": "listed", "group": "cpm3", "show": "all"}
        self._post(Role.ADMIN, "/admin/enrolment", 303, data=order)
        with self._fleet.store.begin() as work:
            issued = Issued("key", "serial", "root", "PEM", NOW - DAY, NOW + 89 * DAY)
            EnrolmentRows(work.connection).keep(NodeKey("cpm3", "30010012"), issued, NOW - DAY)
        place = Place("ครูใหม่", frozenset({Role.SCHOOL}), "30010012")
        accounts = self._lasting.accounts
        self.secret = str(accounts.links.invite(AT_THE_CONSOLE, "new-teacher", place, NOW).secret)

    def _public(self) -> str:
        with self._fleet.store.reading() as connection:
            found = connection.execute(select(repair_table.c.token).limit(1))
            return str(found.scalar_one())

    def role(self, address: str) -> Role | None:
        """Who sees it, where that depends on more than a permission."""
        name = address.removeprefix("/requests/new/")
        return None if name == address else opener(load_definitions()[name])

    def _pages(self) -> Mapping[str, tuple[str, ...]]:
        return {
            "/schools/{group}/{node}": (HERE, THERE),
            "/schools/{group}/{node}/computer": (f"{HERE}/computer",),
            "/schools/{group}/{node}/devices/{device}": (f"{HERE}/devices/p1-receiver", f"{HERE}/devices/p1-tv"),
            "/schools/{group}/{node}/rooms/{room}": (f"{HERE}/rooms/ป.1",),
            "/tickets": ("/tickets", "/tickets?show=all"),
            "/tickets/{ticket_id}": ("/tickets/1", "/tickets/2", "/tickets/3"),
            "/e/{token}": (f"/e/{self.sticker}", f"/e/{self.blank_sticker}"),
            "/r/{token}": (f"/r/{self._public()}",),
            "/s/{token}": (f"/s/{self.sheet}",),
            "/link/{secret}": (f"/link/{self.secret}",),
            "/assets/{asset_id}": ("/assets/1",),
            "/assets/{asset_id}/change": ("/assets/1/change",),
            "/incidents/{group}/{key:path}": ("/incidents/cpm3/rain",),
            "/usage": ("/usage?show=all",),
            "/search": ("/search", "/search?q=ทุ่ง", "/search?q=nothing"),
            "/admin/messages/roles/{role}": ("/admin/messages/roles/technician",),
            "/people/{person_id}": ("/people/2",),
            "/admin/enrolment/{batch_id}": ("/admin/enrolment/1",),
            "/admin/agents/{group}/{node}": ("/admin/agents/cpm3/30010012",),
            "/admin/agents/{group}/{node}/shut-out": ("/admin/agents/cpm3/30010012/shut-out",),
            "/rollouts/{number}": ("/rollouts/1",),
            "/admin/profiles/{vendor}/{model}": ("/admin/profiles/lg/rs232",),
            "/supply/items/{code}": ("/supply/items/LNB-U",),
            "/requests/new/{request_type}": tuple(f"/requests/new/{name}" for name in _types()),
            "/requests/{number}": tuple(f"/requests/{each}" for each in (*self.repairs[:1], *self.others, self.round)),
            "/reports": ("/reports", "/reports?period=2570"),
            "/surveys/{survey_id}": ("/surveys/1",),
            "/surveys/{survey_id}/sheets/{sheet_id}": ("/surveys/1/sheets/1",),
            "/allocation/{number}": (f"/allocation/{self.round}",),
            "/trips/{trip_id}": ("/trips/1",),
            "/trips/new": ("/trips/new", f"/trips/new?repair={self.repairs[0]}"),
        }


def _old(asset: Asset, state: AssetState = AssetState.IN_USE) -> Asset:
    return replace(asset, state=state, acquired_on=date(2017, 1, 1), price_satang=1_299_000)


def _types() -> list[str]:
    return [name for name, each in load_definitions().items() if each.offered]
