"""Repairs and the tickets of telemetry: what readings open, correct and clear, and what people do, in one database."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from hub.config import HubSettings
from hub.core.assets import Asset
from hub.core.assets import Deed as AssetDeed
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Conclusion, FindingCleared, FindingCorrected, FindingOpened, Place
from hub.core.live import Changes
from hub.core.people import Principal, PrincipalKind, Role
from hub.core.texts import Text
from hub.detection.service import Detection
from hub.judging import Judging
from hub.office.office import Office
from hub.office.papering import f01, f35, m02
from hub.office.papering.facts import Facts
from hub.repairs.repair import Spot
from hub.requesting import make_engine
from hub.store.allocation_tables import opened_need
from hub.store.assets import AssetRows
from hub.store.engine import open_engine, upgrade
from hub.store.message_tables import message
from hub.store.messages import unspread
from hub.store.repairs import RepairRows
from hub.store.supply import StockRows
from hub.store.tables import device, node, school
from hub.store.tickets import TicketRows
from hub.store.unit_of_work import Store, UnitOfWork
from hub.store.workflow_tables import request, request_entry, request_notice
from hub.supply.stock import Deed, Item
from hub.tickets.service import Tickets
from hub.workflows.engine import Wish
from hub.workflows.refusals import Refusal, Refused
from hub.workflows.settings import OfficeSettings
from tests.stores import database

ZONE = ZoneInfo("Asia/Bangkok")
HOUR, DAY = 3_600_000, 86_400_000
NODE = NodeKey("cpm3", "30010012")
TV, RECEIVER = DeviceKey(NODE, "p1-tv"), DeviceKey(NODE, "p1-receiver")
TECHNICIAN = Principal(PrincipalKind.PERSON, "1", "ช่างสมมติ", frozenset({Role.TECHNICIAN}))
ENGINE = make_engine(OfficeSettings(holidays=()), ZONE)
NOW = round(datetime(2026, 11, 23, 9, tzinfo=ZONE).timestamp() * 1000)


class Finding:
    """Detection that has found just this."""

    def __init__(self) -> None:
        self.found: list[Conclusion] = []

    def tick(self, *_asked: object, **_how: object) -> list[Conclusion]:
        found, self.found = self.found, []
        return found

    def forget(self) -> None:
        """Nothing is remembered here."""


class Hub:
    """A school with a television and a receiver, the office, and what judges readings."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.now, self._finding = store, NOW, Finding()
        self.office = Office(store, HubSettings(data_dir=folder), ZONE, lambda: self.now, ENGINE)
        detection = cast(Detection, self._finding)
        self._judging = Judging(store, detection, Tickets(), keep_up=self.office.repairs.follow)

    def finds(self, *found: Conclusion) -> None:
        self._finding.found = list(found)
        self._judging.tick(self.now, listening=True)

    def number(self, ticket: int) -> str:
        with self.store.reading() as connection:
            found = RepairRows(connection).of_ticket(ticket)
        assert found is not None
        return found.number

    def state(self, number: str) -> str:
        return self.request(number).state

    def request(self, number: str) -> Any:
        found = self.office.requests.look.one(number)
        assert found is not None
        return found[0]

    def history(self, number: str) -> Any:
        found = self.office.requests.look.one(number)
        assert found is not None
        return found[1]

    def told(self, number: str) -> list[Any]:
        """Who, step by step."""
        notices = request_notice.join(request_entry).join(request, request.c.id == request_entry.c.request_id)
        of_it = select(request_notice.c.whom).select_from(notices).where(request.c.number == number)
        with self.store.reading() as connection:
            return list(connection.execute(of_it.order_by(request_notice.c.id)).scalars())

    def ticket(self, number: int) -> Any:
        with self.store.reading() as connection:
            return TicketRows(connection).get(number)

    def repair(self, number: str) -> Any:
        with self.store.reading() as connection:
            return RepairRows(connection).get(number)

    def count(self) -> int:
        with self.store.reading() as connection:
            return len(connection.execute(select(request.c.id).where(request.c.type == "repair")).all())

    def take(self, number: str, *steps: tuple[str, dict[str, Any]]) -> None:
        for name, values in steps:
            version = self.request(number).version
            self.office.requests.move(number, name, Wish(values, version=version), TECHNICIAN)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    engine = open_engine(database(tmp_path / "hub.db"))
    upgrade(engine)
    store = Store(engine)
    with store.begin() as work:
        work.connection.execute(insert(school).values(group="cpm3", code="30010012", name="โรงเรียนบ้านทุ่งดอกจาน"))
        row = {"group": "cpm3", "name": "30010012", "school": "30010012", "online": True, "properties": {}}
        work.connection.execute(insert(node).values(id=1, **row))
        for key, kind in (("p1-tv", "tv"), ("p1-receiver", "receiver")):
            values = {"node_id": 1, "key": key, "kind": kind, "room": "ป.1", "properties": {}, "latest": {}}
            work.connection.execute(insert(device).values(values))
    yield Hub(store, tmp_path)
    store.close()


def opened(t: int, key: DeviceKey = TV, cause: str = "tv_failed") -> FindingOpened:
    return FindingOpened(Place(key), cause, "silent", t - HOUR, t, (Text("evidence.any"),))


def cleared(t: int, key: DeviceKey = TV, cause: str = "tv_failed") -> FindingCleared:
    return FindingCleared(Place(key), cause, "silent", t, (Text("cleared.any"),))


DIAGNOSED = (("inspect", {}), ("diagnose", {"cause": "แผงจ่ายไฟเสีย", "branch": "own"}))
REPAIRED = (*DIAGNOSED, ("repair", {}), ("check", {"done": "เปลี่ยนแผงจ่ายไฟ"}))
HANDED_OVER = (*REPAIRED, ("hand_over", {"accepted_by": "ครูมานี"}))


def test_a_ticket_has_one_repair_from_the_transaction_that_keeps_it(hub: Hub) -> None:
    hub.finds(opened(NOW))
    hub.finds(opened(NOW), FindingOpened(Place(TV), "tv_failed", "other", NOW, NOW, ()))
    found = hub.request(hub.number(1))
    assert hub.count() == 1
    assert (found.state, found.school, found.opened_by) == ("reported", "30010012", "hub")
    assert found.values == {
        "school": "cpm3/30010012",
        "symptom": "cause.tv_failed",
        "channel": "automatic",
        "device": "cpm3/30010012/p1-tv",
    }


def spoil(hub: Hub, number: str, reminded: object) -> None:
    """What a request was reminded of, as nobody would have written it."""
    with hub.store.begin() as work:
        work.connection.execute(update(request).where(request.c.number == number).values(reminded=reminded))


def test_a_spoilt_repair_loses_no_finding_and_stops_no_other(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    given = {"school": "cpm3/30010012", "symptom": "dark", "device": "cpm3/30010012/p1-tv"}
    number = hub.office.requests.open("repair", Wish(given), TECHNICIAN).number
    spoil(hub, number, 5)
    hub.finds(opened(NOW), opened(NOW, RECEIVER, "tv_no_signal"))
    assert (hub.ticket(1).cause, hub.ticket(2).cause) == ("tv_failed", "tv_no_signal")
    assert hub.request(hub.number(2)).state == "reported"
    assert "the repair of ticket 1 could not follow it" in caplog.text
    hub.office.repairs.tick()
    assert caplog.text.count("could not follow it") == 1
    spoil(hub, number, [])
    hub.now += 2 * HOUR
    hub.office.repairs.tick()
    assert hub.number(1) == number


def test_what_the_office_cannot_do_with_findings_leaves_no_trace(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    def keep_up_and_fail(work: UnitOfWork, tickets: Iterable[int]) -> None:
        hub.office.repairs.keep_up(work, tickets)
        raise RuntimeError("the office burns")

    finding, published = Finding(), list[Changes]()
    finding.found = [opened(NOW)]
    hub.office.requests.tell(published.append)
    judging = Judging(hub.store, cast(Detection, finding), Tickets(), keep_up=keep_up_and_fail)
    assert judging.tick(NOW, listening=True) == {1}
    assert (hub.ticket(1).cause, hub.count(), published) == ("tv_failed", 0, [])
    assert "what was found is kept" in caplog.text


def test_the_ticket_stands_where_its_repair_does_until_it_is_closed(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *REPAIRED)
    assert (hub.ticket(1).state.value, hub.repair(number).verdict) == ("verifying", "not_yet")
    hub.take(number, ("not_mended", {"why": "ยังไม่ติด"}), ("check", {"done": "เปลี่ยนสายไฟ"}))
    hub.finds(cleared(NOW + HOUR))
    hub.take(number, ("not_mended", {"why": "ดูอีกครั้ง"}), ("check", {"done": "ดูแล้ว"}))
    assert hub.repair(number).verdict == "well"
    hub.take(number, ("hand_over", {"accepted_by": "ครูมานี"}), ("close", {"rating": "r5"}))
    ticket = hub.ticket(1)
    assert (ticket.state.value, ticket.closed_at, hub.repair(number).rating_asked_at) == ("closed", NOW, NOW)


def test_what_went_away_by_itself_is_closed_without_a_visit_and_nothing_else_is(hub: Hub) -> None:
    hub.finds(opened(NOW), opened(NOW, RECEIVER, "receiver_failed"))
    hub.finds(cleared(NOW + HOUR))
    hub.take(hub.number(1), ("close_recovered", {}))
    assert hub.ticket(1).state.value == "closed"
    with pytest.raises(Refused) as caught:
        hub.take(hub.number(2), ("close_recovered", {}))
    assert [fault.code for fault in caught.value.faults] == ["not_recovered"]
    assert hub.ticket(2).state.value == "reported"


def test_a_fault_that_was_long_gone_ends_its_repair_and_gets_another(hub: Hub) -> None:
    hub.finds(opened(NOW))
    first = hub.number(1)
    hub.take(first, ("inspect", {}))
    hub.finds(cleared(NOW + HOUR))
    hub.now = NOW + 20 * DAY
    hub.finds(opened(hub.now))
    assert (hub.state(first), hub.history(first)[-1].who) == ("closed", "hub")
    second = hub.number(2)
    assert (second != first, hub.state(second)) == (True, "reported")


def test_a_fault_that_comes_back_after_the_hand_over_is_worked_on_again_and_the_technicians_are_told(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *REPAIRED)
    hub.finds(cleared(NOW + HOUR))
    hub.take(number, ("hand_over", {"accepted_by": "ครูมานี"}))
    hub.now = NOW + 2 * DAY
    hub.finds(opened(hub.now + HOUR))
    again = hub.history(number)[-1]
    assert (hub.state(number), hub.ticket(1).state.value, hub.count()) == ("repairing", "repairing", 1)
    assert (again.transition, again.who, again.values) == ("reopen", "hub", {"further": "cause.tv_failed"})
    assert (hub.told(number)[-1], hub.repair(number).reports) == (["technician"], 0)


def test_the_repair_of_a_dish_whose_fault_was_one_receivers_goes_on_as_that_receivers(hub: Hub) -> None:
    dish, receiver = (
        Place(DeviceKey(NODE, ""), "d1"),
        Asset("cpm3", "receiver", school="30010012", device="p1-receiver"),
    )
    with hub.store.begin() as work:
        AssetRows(work.connection).add(receiver, AssetDeed("added", "person:1", "A", 1))
    told = FindingOpened(dish, "lnb_failed", "reception", NOW - HOUR, NOW, (Text("evidence.any"),))
    hub.finds(told, FindingCleared(dish, "lnb_failed", "reception", NOW + HOUR, (Text("cleared.any"),)))
    number = hub.number(1)
    hub.take(number, ("inspect", {}))
    hub.finds(replace(opened(NOW + 2 * HOUR, RECEIVER, "receiver_failed"), taken_for=((dish, "lnb_failed"),)))
    repair = hub.repair(number)
    assert (hub.number(1), hub.count(), hub.state(number)) == (number, 1, "inspecting")
    assert (repair.spot, repair.asset) == (Spot(RECEIVER), 1)
    assert hub.ticket(1).cause == "receiver_failed"


def test_what_was_handed_over_stays_so_while_no_fault_comes_back(hub: Hub) -> None:
    hub.finds(opened(NOW), FindingOpened(Place(TV), "tv_failed", "other", NOW, NOW, ()))
    number = hub.number(1)
    hub.take(number, *HANDED_OVER)
    hub.finds(cleared(NOW + HOUR))
    assert hub.ticket(1).recovered_at is None
    assert hub.state(number) == "handed_over"
    hub.finds(FindingCleared(Place(TV), "tv_failed", "other", NOW + HOUR, ()))
    hub.finds(opened(NOW + 2 * HOUR), cleared(NOW + 3 * HOUR))
    assert hub.state(number) == "handed_over"


def test_a_new_ticket_does_not_join_what_was_handed_over(hub: Hub) -> None:
    given = {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ", "device": "cpm3/30010012/p1-tv", "channel": "phone"}
    before = hub.office.requests.open("repair", Wish(given), TECHNICIAN).number
    hub.take(before, *HANDED_OVER)
    hub.finds(opened(NOW))
    after = hub.number(1)
    assert (after != before, hub.state(after), hub.ticket(1).state.value) == (True, "reported", "reported")
    assert (hub.state(before), hub.count()) == ("handed_over", 2)


def test_nothing_is_merged_into_what_was_handed_over(hub: Hub) -> None:
    hub.finds(opened(NOW), opened(NOW, RECEIVER, "receiver_failed"))
    hub.take(hub.number(1), *HANDED_OVER)
    with pytest.raises(Refused) as caught:
        hub.take(hub.number(2), ("merge", {"same_as": hub.number(1)}))
    assert [fault.code for fault in caught.value.faults] == ["no_other_repair"]
    hub.take(hub.number(1), ("reopen", {"further": "ดับอีก"}))
    hub.take(hub.number(2), ("merge", {"same_as": hub.number(1)}))
    assert hub.state(hub.number(2)) == "duplicate_of"


def test_tickets_that_turn_out_to_be_one_leave_one_repair(hub: Hub) -> None:
    hub.finds(opened(NOW), opened(NOW, cause="tv_no_signal"))
    one, other = hub.number(1), hub.number(2)
    hub.take(other, ("inspect", {}))
    hub.finds(FindingCorrected(Place(TV), "tv_no_signal", "tv_failed", "silent", NOW + HOUR, ()))
    assert (hub.state(other), hub.state(one)) == ("duplicate_of", "reported")
    assert hub.ticket(2).merged_into == 1


def test_a_ticket_joins_the_repair_that_was_reported_by_phone_and_stands_where_that_is(hub: Hub) -> None:
    given = {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ", "device": "cpm3/30010012/p1-tv", "channel": "phone"}
    number = hub.office.requests.open("repair", Wish(given), TECHNICIAN).number
    hub.take(number, ("inspect", {}))
    hub.finds(opened(NOW))
    assert (hub.number(1), hub.ticket(1).state.value, hub.count()) == (number, "inspecting", 1)


def test_tickets_from_before_there_were_repairs_get_theirs_where_they_stand(hub: Hub) -> None:
    tickets = Tickets()
    with hub.store.begin() as work:
        rows = TicketRows(work.connection)
        tickets.apply(rows, [opened(NOW), opened(NOW, RECEIVER, "receiver_failed")])
    hub.take(hub.office.repairs.number_of(2) or "", ("inspect", {}))
    hub.office.chores.tick(NOW)
    assert (hub.state(hub.number(1)), hub.state(hub.number(2)), hub.count()) == ("reported", "inspecting", 2)


def test_rented_equipment_is_claimed_and_its_time_stands_still(hub: Hub) -> None:
    with hub.store.begin() as work:
        asset = Asset("cpm3", "tv", school="30010012", device="p1-tv", rented_until=date(2027, 9, 30), vendor="บริษัท ก")
        AssetRows(work.connection).add(asset, AssetDeed("added", "person:1", "A", 1))
    hub.finds(opened(NOW))
    number = hub.number(1)
    beside = hub.office.repair_look.beside(hub.request(number), NOW)
    assert beside is not None
    assert (beside.suggests["branch"], beside.suggests["vendor"]) == ("rented", "บริษัท ก")
    hub.take(number, ("inspect", {}), ("diagnose", {"cause": "จอดับ", "branch": "rented"}))
    assert hub.repair(number).standing == "rented"
    hub.take(number, ("claim", {"branch": "rented", "vendor": "บริษัท ก", "claim_reference": "C-1"}))
    assert hub.ticket(1).state.value == "vendor_claim"
    hub.take(number, ("check", {"done": "บริษัทเปลี่ยนเครื่อง"}))
    assert hub.state(number) == "verifying"


def test_parts_are_ordered_by_a_purchase_request_or_taken_from_the_stock(hub: Hub) -> None:
    with hub.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("PSU-43", "แผงจ่ายไฟ", "แผง", "tv"))
        stock.give("PSU-43", 2, Deed("person:3", "พัสดุ", 1))
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *DIAGNOSED, ("order_parts", {"parts": "แผงจ่ายไฟ 43 นิ้ว 1 แผง"}))
    (purchase,) = hub.office.requests.look.children(number)
    assert (purchase.type, purchase.values["subject"]) == ("purchase_request", "แผงจ่ายไฟ 43 นิ้ว 1 แผง")
    with pytest.raises(Refused) as caught:
        hub.take(number, ("use_parts", {"issued": [{"item": "PSU-43", "quantity": 3}], "place": "office"}))
    assert caught.value.refusal is Refusal.GUARD
    hub.take(number, ("use_parts", {"issued": [{"item": "PSU-43", "quantity": 1}], "place": "office"}))
    with hub.store.reading() as connection:
        assert StockRows(connection).level("PSU-43", "office").count == 1
    hub.take(number, ("repair", {}), ("check", {"done": "เปลี่ยนแผง"}))
    assert hub.ticket(1).state.value == "verifying"


def test_what_is_beyond_repair_ends_and_opens_a_need(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *DIAGNOSED, ("give_up", {"why": "ฟ้าผ่า แผงไหม้ทั้งหมด"}))
    assert (hub.ticket(1).state.value, hub.repair(number).need_wished_at) == ("irreparable", NOW)
    with hub.store.reading() as connection:
        assert connection.execute(select(opened_need.c.request)).scalars().all() == [number]


def test_a_repair_that_is_late_is_warned_of_and_escalated(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.now = NOW + 2 * DAY
    for _ in range(3):
        hub.office.chores.tick(hub.now)
    told = [each.told.value for each in hub.history(number)]
    assert told[0] == "opened"
    assert {"warned", "overdue"} <= set(told)


def test_the_school_is_told_of_a_hand_over_with_the_link_that_asks_for_a_rating(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *REPAIRED)
    hub.finds(cleared(NOW + HOUR))
    hub.take(number, ("hand_over", {"accepted_by": "ครูมานี"}))
    with hub.store.reading() as connection:
        told = [(each.whom, each.school) for each in unspread(connection, 99) if each.code == "repair.rate"]
        path = connection.execute(select(message.c.params).where(message.c.code == "repair.rate")).scalar_one()["path"]
    assert told == [(("hub", "school"), "30010012")]
    assert path == f"/r/{hub.repair(number).token}"


def test_what_the_readings_found_is_told_once_and_a_visit_with_its_day(hub: Hub) -> None:
    hub.office.messages.gather()
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.office.messages.gather()
    hub.take(number, ("plan_visit", {"visit_on": "2026-11-24"}))
    hub.office.messages.gather()
    with hub.store.reading() as connection:
        told = connection.execute(select(message.c.code, message.c.params).order_by(message.c.id)).all()
    assert [each.code for each in told] == ["ticket.opened", "request.noted"]
    params = told[-1].params
    assert (params["step"]["en"], params["when"]["date"]) == ("Plan the visit, or give it to somebody", "2026-11-24")


def test_what_ended_by_itself_is_told_to_the_school(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.finds(cleared(NOW + HOUR))
    hub.take(number, ("close_recovered", {}))
    assert hub.told(number)[-1] == ["hub", "school"]


def test_open_pages_of_a_ticket_are_told_of_steps_on_its_repair(hub: Hub) -> None:
    told: list[Changes] = []
    hub.office.moves.tell(told.append)
    hub.finds(opened(NOW))
    hub.take(hub.number(1), ("inspect", {}))
    given = {"school": "cpm3/30010012", "symptom": "ไม่มีภาพ"}
    hub.office.requests.open("repair", Wish(given), TECHNICIAN)
    assert told == [Changes(tickets=frozenset([1]))]


def test_the_papers_say_what_was_found_used_and_done(hub: Hub) -> None:
    with hub.store.begin() as work:
        stock = StockRows(work.connection)
        stock.add_item(Item("PSU-43", "แผงจ่ายไฟ", "แผง", "tv"))
        stock.give("PSU-43", 1, Deed("person:3", "พัสดุ", 1))
        asset = Asset("cpm3", "tv", "7440-001", school="30010012", device="p1-tv", serial="SN-1")
        AssetRows(work.connection).add(asset, AssetDeed("added", "person:1", "A", 1))
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, *DIAGNOSED, ("use_parts", {"issued": [{"item": "PSU-43", "quantity": 1}], "place": "office"}))
    hub.now = NOW + DAY
    hub.take(number, ("repair", {}), ("check", {"done": "เปลี่ยนแผง"}))
    hub.finds(cleared(NOW + DAY))
    hub.take(number, ("hand_over", {"accepted_by": "ครูมานี"}))
    facts = facts_of(hub, number)
    report, handed = f01.values(facts), f35.values(facts)
    assert (report["channel"], report["route"], report["verify_result"]) == ("automatic", "own", "works")
    assert report["parts"] == [{"item": "แผงจ่ายไฟ", "qty": 1, "unit": "แผง"}]
    assert (report["working_days"], report["recipient"]["name"]) == (1.0, "ครูมานี")
    assert handed["items"][0]["serial_number"] == "SN-1"
    for form in ("F01", "F35"):
        paper = hub.office.papers.of_request(number, form, "pdf", TECHNICIAN, hub.now)
        assert paper is not None
        assert paper.startswith(b"%PDF")


def facts_of(hub: Hub, number: str) -> Facts:
    return Facts(
        store=hub.store,
        request=hub.request(number),
        entries=hub.history(number),
        definition=ENGINE.definitions["repair"],
        number="1/2570",
        office=OfficeSettings(name="สพป.ตัวอย่าง", director="นายสมมุติ มั่นคง", phone="044 000 000", holidays=()),
        zone=ZONE,
        now=hub.now,
        people={},
        schools={"cpm3/30010012": "โรงเรียนบ้านทุ่งดอกจาน"},
    )


def test_the_vendor_gets_a_letter_that_names_the_set_and_what_the_readings_showed(hub: Hub) -> None:
    with hub.store.begin() as work:
        asset = Asset(
            "cpm3",
            "tv",
            "7440-001",
            school="30010012",
            device="p1-tv",
            serial="SN-1",
            name="Sun 43X",
            model="HD-2000",
            acquired_on=date(2026, 5, 3),
            warranty_until=date(2029, 5, 2),
        )
        AssetRows(work.connection).add(asset, AssetDeed("added", "person:1", "A", 1))
    hub.finds(opened(NOW))
    number = hub.number(1)
    claim = {"branch": "in_warranty", "vendor": "บริษัท ก", "claim_reference": "C-1"}
    hub.take(number, ("inspect", {}), ("diagnose", {"cause": "จอ\nดับ", "branch": "in_warranty"}), ("claim", claim))
    letter = m02.values(facts_of(hub, number))
    (row,) = letter["equipment"]
    assert (row["serial_number"], row["asset_number"], row["model"]) == ("SN-1", "7440-001", "HD-2000")
    assert (row["acquired_on"], row["until"]) == (date(2026, 5, 3), date(2029, 5, 2))
    assert letter["to"] == "ผู้จัดการบริษัท ก"
    assert "เปลี่ยน โทรทัศน์ Sun 43X ที่อยู่" in letter["subject"]
    for told in ("โรงเรียนบ้านทุ่งดอกจาน", number, "23 พฤศจิกายน 2569", "จอ ดับ"):
        assert told in letter["cause"], told
    assert letter["evidence"]
    assert "C-1" in letter["reference"]
    paper = hub.office.papers.of_request(number, "M02", "pdf", TECHNICIAN, hub.now)
    assert paper is not None
    assert paper.startswith(b"%PDF")


def test_a_vendor_of_rented_equipment_is_asked_by_the_contract(hub: Hub) -> None:
    hub.finds(opened(NOW))
    number = hub.number(1)
    hub.take(number, ("inspect", {}), ("diagnose", {"cause": "จอดับ", "branch": "rented"}))
    hub.take(number, ("claim", {"branch": "rented", "vendor": "ร้าน ข"}))
    letter = m02.values(facts_of(hub, number))
    assert "สัญญาเช่า" in letter["purpose"]
    assert letter["reference"] is None
