"""The read side on a real database."""

from typing import Any

import pytest
from sqlalchemy import event

from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.views import OffsetRange, TicketFilter, TicketOrder
from hub.store.views import StorePages

NOW, HOUR, MINUTE = 1_795_157_100_000, 3_600_000, 60_000
NODE, SILENT = NodeKey("cpm3", "30010012"), NodeKey("cpm3", "30010027")


@pytest.fixture
def pages(fleet: Any) -> StorePages:
    return StorePages(fleet.store)


def test_the_overview_counts_schools_trouble_and_tickets(pages: StorePages, district: Any) -> None:
    view = pages.overview(8, NOW)
    assert (view.online, view.silent, view.troubled, view.open_tickets) == (1, 1, 1, 2)
    assert [(line.node.school_name, line.devices, line.troubled, line.tickets) for line in view.schools] == [
        ("โรงเรียนบ้านทุ่งดอกจาน", 2, 1, 2),
        (None, 1, 0, 0),
    ]


def test_what_presses_stands_before_what_has_recovered(pages: StorePages, district: Any) -> None:
    assert [line.id for line in pages.overview(8, NOW).tickets] == [district.open_ticket, district.recovered_ticket]
    assert [line.id for line in pages.overview(1, NOW).tickets] == [district.open_ticket]


def test_an_overview_of_200_schools_takes_as_few_queries_as_one_of_two(pages: StorePages, fleet: Any) -> None:
    for number in range(200):
        node = fleet.node("cpm3", f"4001{number:04}")
        fleet.ticket(node, "p1-tv", "tv_failed", ["silent"], [])
    assert len(pages.overview(8, NOW).schools) == 200
    assert _queries(fleet, lambda: pages.overview(8, NOW)) == 5


def _queries(fleet: Any, act: Any) -> int:
    seen: list[str] = []
    with fleet.store.reading() as connection:
        engine = connection.engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_school_shows_its_computer_devices_tickets_and_journal(pages: StorePages, district: Any) -> None:
    view = pages.school(NODE)
    assert view is not None
    assert view.host is not None
    assert view.host.key == DeviceKey(NODE, HOST)
    assert [device.key.device for device in view.devices] == ["p1-receiver", "p1-tv"]
    assert [line.id for line in view.tickets] == [district.open_ticket, district.recovered_ticket]
    (epoch,) = view.epochs
    assert epoch.committed == (OffsetRange(1, 60), OffsetRange(71, 100))
    assert epoch.lost == (OffsetRange(61, 70, NOW - HOUR, "dropped"),)


def test_only_a_ticket_that_stands_makes_trouble(pages: StorePages, district: Any) -> None:
    view = pages.school(NODE)
    assert view is not None
    assert {device.key.device: device.tickets for device in view.devices} == {
        "p1-receiver": (),
        "p1-tv": (district.open_ticket,),
    }


def test_everything_of_a_silent_node_is_stale(pages: StorePages, fleet: Any) -> None:
    node = fleet.node("cpm3", "30010099", online=False)
    fleet.device(node, "p1-tv", "tv", {"power/on": True})
    device = pages.device(DeviceKey(NodeKey("cpm3", "30010099"), "p1-tv"))
    assert device is not None
    assert device.stale


def test_everything_of_a_node_that_the_hub_lost_sight_of_is_stale(pages: StorePages, fleet: Any) -> None:
    node = fleet.node("cpm3", "30010099", online=True, unseen_since=NOW)
    fleet.device(node, "p1-tv", "tv", {"power/on": True})
    device = pages.device(DeviceKey(NodeKey("cpm3", "30010099"), "p1-tv"))
    assert device is not None
    assert device.stale


def test_who_is_not_there_is_not_found(pages: StorePages) -> None:
    assert pages.school(NODE) is None
    assert pages.device(DeviceKey(NODE, "p1-tv")) is None
    assert pages.ticket(1) is None
    assert pages.reports(NODE, None, 0, 10) == ()
    assert pages.series(DeviceKey(NODE, "p1-tv"), ["power/on"], 0, NOW, 10)[0].points == ()


def test_nodes_and_devices_are_listed_part_by_part(pages: StorePages, district: Any) -> None:
    assert [view.key for view in pages.nodes(None, 1)] == [NODE]
    assert [view.key for view in pages.nodes(NODE, 1)] == [SILENT]
    first = pages.devices(None, None, 3)
    rest = pages.devices(None, first[-1].key, 3)
    assert [view.key.device for view in (*first, *rest)] == ["", "p1-receiver", "p1-tv", "p1-tv"]
    assert [view.key.node for view in pages.devices(SILENT, None, 9)] == [SILENT]


@pytest.mark.parametrize(
    ("words", "causes", "found"),
    [
        ("", [], {"open", "recovered"}),
        ("ทุ่งดอก", [], {"open", "recovered"}),
        ("30010012", [], {"open", "recovered"}),
        ("p1-tv", [], {"open"}),
        ("no such", ["receiver_failed"], {"recovered"}),
        ("100%", [], set()),
        ("_", [], set()),
    ],
)
def test_tickets_are_found_by_school_device_and_cause(
    pages: StorePages, district: Any, words: str, causes: list[str], found: set[str]
) -> None:
    names = {district.open_ticket: "open", district.recovered_ticket: "recovered"}
    lines = pages.tickets(TicketFilter(True, words=words, causes=causes), None, 9)
    assert {names[line.id] for line in lines} == found


@pytest.mark.parametrize("form", ["{}", "#{}"])
def test_a_ticket_is_found_by_its_number(pages: StorePages, district: Any, form: str) -> None:
    words = form.format(district.closed_ticket)
    lines = pages.tickets(TicketFilter(None, words=words, causes=[]), None, 9)
    assert district.closed_ticket in [line.id for line in lines]


def test_a_number_beyond_all_tickets_finds_nothing(pages: StorePages, district: Any) -> None:
    assert pages.tickets(TicketFilter(None, words="9" * 60, causes=[]), None, 9) == ()


def test_tickets_are_listed_the_newest_first_and_part_by_part(pages: StorePages, district: Any) -> None:
    ids = [line.id for line in pages.tickets(TicketFilter(None, words="", causes=[]), None, 2)]
    assert ids == [district.closed_ticket, district.recovered_ticket]
    rest = pages.tickets(TicketFilter(None, words="", causes=[]), ids[-1], 2)
    assert [line.id for line in rest] == [district.open_ticket]
    counts = pages.ticket_counts(NOW)
    assert (counts.open, counts.closed) == (2, 1)


@pytest.mark.parametrize("order", ["cause", "school"])
def test_tickets_stand_in_other_orders_and_go_on_behind_those_that_were_shown(
    pages: StorePages, district: Any, order: TicketOrder
) -> None:
    whole = pages.tickets(TicketFilter(order=order), None, 9)
    told = [line.cause if order == "cause" else line.device.node.school for line in whole]
    assert told == sorted(told)
    parts = [pages.tickets(TicketFilter(order=order, skip=skip), None, 1) for skip in range(4)]
    assert [line for part in parts for line in part] == list(whole)


def test_reports_come_back_as_they_were_stored(pages: StorePages, fleet: Any, district: Any) -> None:
    samples = [
        (NOW + step, {"signal/cnr_db": 12.5, "power/on": step > 1, "tuner/service": "DLTV 1"}) for step in range(4)
    ]
    fleet.reports(district.journal, district.receiver, samples)
    found = pages.reports(NODE, None, 2, 2)
    assert [(view.offset, view.t, dict(view.values)) for view in found] == [
        (offset, t, values) for offset, (t, values) in list(enumerate(samples, 1))[1:3]
    ]
    assert {view.epoch for view in found} == {"0b6f0d9e-5a38-4f54-9d4d-2f6b7e1f1a10"}
    assert pages.reports(NODE, "no-such-journal", 0, 2) == ()


def test_series_have_values_in_the_order_of_time_whatever_the_order_of_arrival(
    pages: StorePages, fleet: Any, district: Any
) -> None:
    times = [NOW - 3 * MINUTE, NOW - MINUTE, NOW - 2 * MINUTE]
    fleet.reports(district.journal, district.receiver, [(t, {"signal/cnr_db": t - NOW}) for t in times])
    key = DeviceKey(NODE, "p1-receiver")
    (series,) = pages.series(key, ["signal/cnr_db"], NOW - HOUR, NOW, 100)
    assert series.points == tuple((t, float(t - NOW)) for t in sorted(times))


def test_series_hold_gaps_of_silence_and_of_missing_values(pages: StorePages, fleet: Any, district: Any) -> None:
    values = {NOW - 60 * MINUTE: 1.0, NOW - 20 * MINUTE: 2.0, NOW - 18 * MINUTE: None, NOW - 16 * MINUTE: 3.0}
    fleet.reports(district.journal, district.receiver, [(t, {"signal/cnr_db": value}) for t, value in values.items()])
    (series,) = pages.series(DeviceKey(NODE, "p1-receiver"), ["signal/cnr_db"], NOW - HOUR, NOW, 100)
    assert [value for _, value in series.points] == [1.0, None, 2.0, None, 3.0]


def test_yes_and_no_are_one_and_zero_in_a_series(pages: StorePages, fleet: Any, district: Any) -> None:
    reports = [(NOW - 2 * MINUTE, {"power/on": True, "tuner/service": "x"}), (NOW - MINUTE, {"power/on": False})]
    fleet.reports(district.journal, district.receiver, reports)
    on, service = pages.series(DeviceKey(NODE, "p1-receiver"), ["power/on", "tuner/service"], NOW - HOUR, NOW, 100)
    assert [value for _, value in on.points] == [1.0, 0.0]
    assert [value for _, value in service.points if value is not None] == []
