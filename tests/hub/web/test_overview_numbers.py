"""The first page: the day's numbers as the database tells them, and what waits for whoever looks."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from hub.core.findings import RoomDay
from hub.core.overview import Pending
from hub.core.people import Permission, Principal, Role
from hub.store.tables import school

PROGRAM = {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "test"}
NOW, HOUR, DAY = 1_795_157_100_000, 3_600_000, 86_400_000
By = Callable[[Role], httpx.Client]


@pytest.fixture
def somebody(hub: Any) -> Callable[[Role], Principal]:
    def known(role: Role) -> Principal:
        person = hub.accounts.people.by_login(role.value)
        assert person is not None
        return person.principal  # type: ignore[no-any-return]

    return known


def waiting(hub: Any, who: Principal) -> dict[str, int]:
    return {each.state or each.why.value: each.count for each in hub.office.overview.waiting(who, NOW)}


def asked(client: httpx.Client, request_type: str, **values: Any) -> str:
    answer = client.post("/api/v1/requests", json={"type": request_type, "values": values}, headers=PROGRAM)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def test_the_day_so_far_is_counted_from_the_rooms_and_what_they_lost(hub: Any, district: Any) -> None:
    hub.fleet.room_days(
        RoomDay("cpm3", "30010012", "ป.1", "2026-11-20", {"rain_fade": 30.0, "tv_failed": 10.0}, 120.0),
        RoomDay("cpm3", "30010012", "ป.1", "2026-11-19", {"rain_fade": 99.0}, 0.0),
    )
    day = hub.office.overview.day(NOW)
    # From the first bell at 8.30 to a quarter to two, in the one room with a receiver.
    assert (day.rooms, day.class_min) == (1, 315.0)
    assert day.lost == (("rain_fade", 30.0), ("tv_failed", 10.0))
    assert day.available == pytest.approx(1 - 40 / 315)


def test_tickets_of_the_day_are_those_that_want_somebody(hub: Any, district: Any) -> None:
    hub.fleet.ticket(district.node, "p9-tv", "tv_failed", [], [], snoozed_until=NOW + DAY)
    hub.fleet.ticket(district.node, "p8-tv", "tv_failed", [], [], state="inspecting", onset_at=NOW - 9 * DAY)
    found = {each.state: each.counts for each in hub.office.overview.day(NOW).tickets}
    assert found == {"reported": (2, 0, 0, 0), "inspecting": (0, 0, 0, 1)}


def test_silent_computers_are_counted_with_the_one_that_is_silent_longest(hub: Any, district: Any) -> None:
    day = hub.office.overview.day(NOW)
    assert (day.silent, day.silent_since) == (1, NOW - 2 * HOUR)


def test_whoever_asks_within_seconds_gets_the_same(hub: Any, district: Any) -> None:
    before = hub.office.overview.day(NOW)
    hub.fleet.node("cpm3", "30010099", online=False)
    assert hub.office.overview.day(NOW + 4_000) is before
    assert hub.office.overview.day(NOW + 5_000).silent == 2


def test_schools_without_a_place_are_not_on_the_map(hub: Any, district: Any) -> None:
    assert hub.office.overview.places() == ()
    with hub.fleet.store.begin() as work:
        work.connection.execute(update(school).values(lat=15.9, lon=102.0))
    (place,) = hub.office.overview.places()
    assert (place.code, place.lat, place.lon) == ("30010012", 15.9, 102.0)


def test_schools_without_a_computer_have_a_list_of_their_own_that_leads_to_a_code(
    as_role: By, hub: Any, district: Any
) -> None:
    hub.fleet.school("cpm3", "30010099", "โรงเรียนบ้านปลายทาง")
    page = as_role(Role.TECHNICIAN).get("/?show=absent").text
    assert "โรงเรียนบ้านปลายทาง" in page
    assert "โรงเรียนบ้านทุ่งดอกจาน</a>" not in page
    assert "/admin/enrolment?group=cpm3&amp;show=all&amp;q=30010099" in page
    # Who makes no codes sees them all the same.
    director = as_role(Role.DIRECTOR).get("/?show=absent").text
    assert "โรงเรียนบ้านปลายทาง" in director
    assert "/admin/enrolment" not in director


def test_where_every_school_has_a_computer_nothing_is_said_of_those_without(as_role: By, district: Any) -> None:
    assert "show=absent" not in as_role(Role.TECHNICIAN).get("/").text


def test_a_register_without_any_computer_says_what_comes_next(as_role: By, hub: Any) -> None:
    hub.fleet.school("cpm3", "30010099", "โรงเรียนบ้านปลายทาง")
    page = as_role(Role.ADMIN).get("/?lang=en").text
    assert "The register is there. Make codes" in page


def test_schools_without_a_computer_of_other_districts_are_not_counted(hub: Any) -> None:
    hub.fleet.school("cpm3", "1", "ก")
    hub.fleet.school("nma1", "2", "ข")
    assert [each.code for each in hub.office.overview.absent(frozenset({"cpm3"}))] == ["1"]
    assert len(hub.office.overview.absent()) == 2


def test_a_repair_waits_for_everybody_until_somebody_works_on_it(
    hub: Any, district: Any, as_role: By, somebody: Callable[[Role], Principal]
) -> None:
    number = asked(as_role(Role.CLERK), "repair", school="cpm3/30010012", symptom="ไม่มีภาพ")
    technician = somebody(Role.TECHNICIAN)
    assert waiting(hub, technician)["unassigned"] == 1
    head = as_role(Role.GROUP_HEAD)
    version = head.get(f"/api/v1/requests/{number}").json()["version"]
    wish = {"transition": "inspect", "version": version, "values": {"technician": technician.label}}
    answer = head.post(f"/api/v1/requests/{number}/steps", json=wish, headers=PROGRAM)
    assert answer.status_code == 200, answer.text
    assert waiting(hub, technician).get("unassigned") is None
    assert waiting(hub, technician)["mine"] == 1
    assert "mine" not in waiting(hub, somebody(Role.GROUP_HEAD))


def test_a_purchase_waits_for_supply_and_the_silent_computer_for_technicians(
    hub: Any, district: Any, as_role: By, somebody: Callable[[Role], Principal]
) -> None:
    asked(as_role(Role.SUPPLY), "purchase_request", subject="HDMI 5 m")
    assert waiting(hub, somebody(Role.SUPPLY)) == {"asked": 1}
    assert waiting(hub, somebody(Role.DIRECTOR)) == {}
    assert waiting(hub, somebody(Role.TECHNICIAN))["silent"] == 1


def test_new_equipment_waits_for_those_who_may_adopt_it(
    hub: Any, somebody: Callable[[Role], Principal], district: Any
) -> None:
    for role in (Role.TECHNICIAN, Role.CLERK):
        who = somebody(role)
        found = {each.why for each in hub.office.overview.waiting(who, NOW)}
        assert Pending.NEWCOMERS not in found
        assert (Pending.SILENT in found) == who.may(Permission.WORK_ON_TICKETS)
