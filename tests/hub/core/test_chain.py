"""How each part and link from the dish to the screen stands."""

from typing import Any

from hub.core.chain import Chain, Health, chains_of
from hub.core.equipment import DeviceKey, NodeKey, Reported
from hub.core.views import DeviceView, TicketLine

NODE = NodeKey("cpm3", "1")
LOCKED = {"device/reachable": True, "power/on": True, "signal/lock": True}
DARK = {**LOCKED, "signal/lock": False}
SHOWN = {"device/reachable": True, "power/on": True, "input/signal": True}


def device(key: str, kind: str, latest: dict[str, Any], **more: Any) -> DeviceView:
    told = {name: Reported(value, 1) for name, value in latest.items()}
    facts: dict[str, Any] = {
        "room": key.split("-", maxsplit=1)[0],
        "stale": False,
        "dish": "d1" if kind == "receiver" else None,
    }
    return DeviceView(
        key=DeviceKey(NODE, key), kind=kind, profile=None, properties={}, latest=told, **{**facts, **more}
    )


def ticket(number: int, key: str, cause: str, dish: str = "", recovered_at: int | None = None) -> TicketLine:
    return TicketLine(
        id=number,
        device=DeviceKey(NODE, key),
        kind=None,
        room=None,
        school_name=None,
        cause=cause,
        state="reported",
        open=True,
        onset_at=1,
        opened_at=1,
        recovered_at=recovered_at,
        closed_at=None,
        signs=(),
        version=1,
        dish=dish,
    )


def chain(*devices: DeviceView, tickets: Any = (), running: Any = (), seen: bool = True) -> Chain:
    (found,) = chains_of(devices, tickets, running, seen=seen)
    return found


ROOM = (device("p1-receiver", "receiver", LOCKED), device("p1-tv", "tv", SHOWN))


def states(found: Chain) -> tuple[Health, ...]:
    (branch,) = found.branches
    assert branch.receiver is not None
    assert branch.display is not None
    return (
        found.dish.health,
        found.lnb.health,
        branch.feed,
        branch.receiver.health,
        branch.picture,
        branch.display.health,
    )


W, T, L, F, U, S = Health.WELL, Health.TROUBLE, Health.LOST, Health.OFF, Health.UNKNOWN, Health.WEATHER


def test_a_receiver_with_lock_speaks_for_its_dish() -> None:
    assert states(chain(*ROOM)) == (W, W, W, W, W, W)


def test_what_a_school_that_is_not_heard_said_last_says_nothing() -> None:
    assert states(chain(*ROOM, seen=False)) == (U, U, U, U, U, U)


def test_a_receiver_that_is_off_says_nothing_of_the_dish() -> None:
    off = device("p1-receiver", "receiver", {**LOCKED, "power/on": False})
    assert states(chain(off, ROOM[1])) == (U, U, U, F, F, W)


def test_another_receiver_of_the_dish_speaks_for_it() -> None:
    off = device("p2-receiver", "receiver", {"power/on": False})
    assert chain(*ROOM, off).dish.health is W


def test_no_lock_without_a_ticket_is_lost_not_broken() -> None:
    dark = device("p1-receiver", "receiver", DARK)
    assert states(chain(dark, ROOM[1])) == (U, U, L, W, W, W)


def test_rain_explains_what_is_dark() -> None:
    dark = device("p1-receiver", "receiver", DARK)
    found = chain(dark, ROOM[1], running=["school_link_outage", "rain_fade"])
    assert states(found) == (S, S, S, W, W, W)
    assert found.sky == "rain_fade"


def test_a_ticket_of_the_dish_names_the_part_that_is_broken() -> None:
    dark = device("p1-receiver", "receiver", DARK)
    found = chain(dark, ROOM[1], tickets=[ticket(7, "", "lnb_failed", "d1")])
    assert states(found) == (U, T, T, W, W, W)
    assert [each.id for each in found.faults] == [7]
    found = chain(*ROOM, tickets=[ticket(8, "", "dish_misaligned", "d1")])
    assert (found.dish.health, found.lnb.health) == (T, W)


def test_a_ticket_of_a_screen_or_of_its_cable_is_told_there() -> None:
    assert states(chain(*ROOM, tickets=[ticket(7, "p1-tv", "tv_failed")]))[4:] == (W, T)
    assert states(chain(*ROOM, tickets=[ticket(7, "p1-tv", "tv_no_signal")]))[4:] == (T, W)
    assert states(chain(*ROOM, tickets=[ticket(7, "p1-receiver", "receiver_failed")]))[3] is T


def test_what_has_recovered_is_no_fault() -> None:
    assert states(chain(*ROOM, tickets=[ticket(7, "p1-tv", "tv_failed", recovered_at=5)])) == (W, W, W, W, W, W)


def test_what_does_not_answer_is_not_known() -> None:
    silent = device("p1-tv", "tv", {"device/reachable": False, "power/on": True})
    assert states(chain(ROOM[0], silent))[4:] == (U, U)


def test_a_screen_without_a_picture_source_has_lost_it() -> None:
    assert states(chain(ROOM[0], device("p1-tv", "tv", {**SHOWN, "input/signal": False})))[4] is L
    assert states(chain(ROOM[0], device("p1-tv", "tv", {"power/on": True})))[4] is U


def test_rooms_of_one_dish_share_it_and_rooms_of_two_do_not() -> None:
    second = device("p2-receiver", "receiver", LOCKED)
    assert [each.room for each in chain(*ROOM, second).branches] == ["p1", "p2"]
    other = device("p3-receiver", "receiver", LOCKED, dish="d2")
    assert [each.name for each in chains_of([*ROOM, other], (), (), seen=True)] == ["d1", "d2"]


def test_a_screen_without_a_receiver_of_its_own_hangs_on_the_only_dish() -> None:
    found = chain(*ROOM, device("p2-tv", "tv", SHOWN))
    assert [(each.room, each.receiver is None) for each in found.branches] == [("p1", False), ("p2", True)]


def test_two_screens_of_a_room_show_what_its_one_receiver_gives() -> None:
    found = chain(*ROOM, device("p1-projector", "projector", SHOWN))
    assert [each.receiver is not None for each in found.branches] == [True, True]


def test_a_room_has_its_own_part_of_the_chain() -> None:
    found = chain(*ROOM, device("p2-receiver", "receiver", LOCKED)).of_room("p2")
    assert [each.room for each in found.branches] == ["p2"]


def test_a_school_without_receivers_and_screens_has_no_chain() -> None:
    assert chains_of([device("p1-ups", "ups", {})], (), (), seen=True) == ()
