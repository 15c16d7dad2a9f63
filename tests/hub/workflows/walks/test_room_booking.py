"""Rooms: booked three days ahead, moved and cancelled two days ahead, urgent two hours ahead, never two at once."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.core.people import Role
from hub.workflows.refusals import Refused

SCHOOL, TECHNICIAN = Role.SCHOOL, Role.TECHNICIAN
ROOM = {
    "room": "video",
    "meeting": "ประชุมครู DLTV",
    "starts": "2026-11-26T09:00",
    "ends": "2026-11-26T12:00",
    "people": "15",
    "urgent": "no",
    "phone": "044 000 000",
}


def told(wish: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as raised:
        wish()
    return [fault.code for fault in raised.value.faults]


def test_a_room_is_booked_prepared_used_and_left_in_order(office: Any) -> None:
    walk = office.open("room_booking", SCHOOL, **ROOM, papers=1).by(TECHNICIAN, "book").by(TECHNICIAN, "prepare")
    assert walk.by(SCHOOL, "leave", left_ready="ready").state == "used"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"starts": "2026-11-25T09:00"}, ["days_ahead"]),
        ({"urgent": "yes", "starts": "2026-11-23T10:59"}, ["hours_ahead"]),
        ({"people": 16}, ["at_most"]),
        ({"starts": "2026-11-26T12:00"}, ["later"]),
    ],
)
def test_the_rules_hold(office: Any, change: dict[str, Any], codes: list[str]) -> None:
    assert told(lambda: office.open("room_booking", SCHOOL, **{**ROOM, **change})) == codes


@pytest.mark.parametrize(
    "change", [{"urgent": "yes", "starts": "2026-11-23T11:00"}, {"room": "phumiphak", "people": 60}]
)
def test_what_the_rules_allow_is_booked(office: Any, change: dict[str, Any]) -> None:
    assert office.open("room_booking", SCHOOL, **{**ROOM, **change}).state == "asked"


@pytest.mark.parametrize(
    ("room", "starts", "ends", "free"),
    [
        ("video", "2026-11-26T08:00", "2026-11-26T09:00", True),
        ("video", "2026-11-26T08:00", "2026-11-26T09:01", False),
        ("video", "2026-11-26T12:00", "2026-11-26T13:00", True),
        ("video", "2026-11-26T10:00", "2026-11-26T11:00", False),
        ("chan_pha", "2026-11-26T09:00", "2026-11-26T12:00", True),
    ],
)
def test_no_two_meetings_are_in_a_room_at_once(office: Any, room: str, starts: str, ends: str, free: bool) -> None:
    office.rooms = [
        office.open("room_booking", SCHOOL, **{**ROOM, "room": room, "starts": starts, "ends": ends}).request.values
    ]
    if free:
        assert office.open("room_booking", SCHOOL, **ROOM)
    else:
        assert told(lambda: office.open("room_booking", SCHOOL, **ROOM)) == ["no_overlap"]


def test_it_is_moved_and_cancelled_two_days_ahead(office: Any, moment: Callable[[str], int]) -> None:
    walk = office.open("room_booking", SCHOOL, **ROOM).by(TECHNICIAN, "book")
    later = {"starts": "2026-11-30T09:00", "ends": "2026-11-30T12:00"}
    assert walk.by(SCHOOL, "postpone", **later).state == "asked"
    office.now = moment("2026-11-29T09:00")
    moved_again = {"starts": "2026-12-14T09:00", "ends": "2026-12-14T12:00"}
    assert told(lambda: walk.by(SCHOOL, "postpone", **moved_again)) == ["days_ahead"]
    assert told(lambda: walk.by(SCHOOL, "cancel")) == ["days_ahead"]
    assert walk.by(TECHNICIAN, "cancel_late", why="วิทยากรป่วย").state == "cancelled"
