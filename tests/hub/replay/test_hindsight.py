"""A decline that is told as a moved dish first, and under its own name when days have shown it: one fault, one ticket."""

from math import ceil

HOUR, DAYS = 3_600_000, 15


def sunk(day: float) -> float:
    """By how many dB, since the first Friday."""
    return max(0.0, day - 4) * 0.4


def coarse(drop: float) -> int:
    """What a receiver says that tells its quality in seven steps."""
    return 87 - 14 * max(0, ceil((drop - 0.6) / 2.8))


def school(days, node, drop):
    """By the hour. The receiver of p1 is never off; that of p2 is on in class only, and tells its C/N."""
    p1 = {"signal__lock": True, "signal__quality_pct": 87}
    told = [
        days.line(days.at("00:00"), "NBIRTH", node, host__uptime_s=86_400),
        days.line(days.at("00:00"), "DBIRTH", node, "p1-receiver", device__reachable=True, **p1),
        days.line(days.at("00:00"), "DBIRTH", node, "p2-receiver", device__reachable=True, power__on=False),
    ]
    for hour in range(DAYS * 24):
        day, t = hour // 24, days.at("00:05") + hour * HOUR
        taught = day % 7 < 5 and 8 <= hour % 24 < 16
        p2 = {"power__on": taught, "signal__lock": taught}
        p2["signal__cnr_db"] = round(13.3 - drop(hour / 24), 1) if taught else None
        told += [
            days.line(t, "NDATA", node, host__uptime_s=86_400 + hour * 3600),
            days.line(t, "DDATA", node, "p1-receiver", signal__quality_pct=coarse(drop(hour / 24))),
            days.line(t, "DDATA", node, "p2-receiver", **p2),
        ]
    return told


def test_a_decline_that_was_told_as_a_moved_dish_and_passed_is_the_same_ticket(days, stage):
    """Over the weekend one receiver falls by a step. On Monday the other has sunk by a dB: the dish is said to be well."""
    schools = [school(days, node, sunk if node == "36030002" else lambda _: 0.0) for node in days.SCHOOLS]
    [ticket] = stage.replay(days.by_time(schools))["tickets"]
    assert (ticket["school"], ticket["dish"], ticket["cause"]) == ("36030002", "d1", "signal_degrading")
    assert days.at("00:00", 4) <= ticket["onset_at"] <= days.at("12:00", 5) <= ticket["opened_at"] < days.at("00:00", 7)
    assert ticket["recovered_at"] is None
    assert [said.split()[0] for said in ticket["evidence"]] == [
        "evidence.dish_misaligned.reception",
        "ticket.corrected",
        "evidence.signal_degrading.trend",
    ]


CLASS = dict.fromkeys(range(3), (8.5, 15.5))


def rooms(days, node, on, drop):
    """By ten minutes. p1 tells its C/N and is on at the hours of `on`, by day; the others are never off and tell only lock."""
    told = [days.line(days.at("00:00"), "NBIRTH", node, host__uptime_s=86_400)]
    for room in drop:
        hung = {"device__reachable": True, "Properties__kind": "receiver", "Properties__dish": "d1"}
        told.append(days.line(days.at("00:00"), "DBIRTH", node, f"{room}-receiver", Properties__room=room, **hung))
    for minute in range(5, len(on) * 1440, 10):
        hour, t = minute % 1440 / 60, days.at("00:00") + minute * 60_000
        begins, ends = on[minute // 1440]
        told.append(days.line(t, "NDATA", node, host__uptime_s=86_400 + minute * 60))
        for room, lost in drop.items():
            locked = lost(t) is not None and (room != "p1" or begins <= hour < ends)
            tells = {"power__on": begins <= hour < ends} if room == "p1" else {}
            if room == "p1":
                tells["signal__cnr_db"] = round(13.3 - lost(t), 1) if locked else None
            told.append(days.line(t, "DDATA", node, f"{room}-receiver", signal__lock=locked, **tells))
    return told


def played(days, stage, on, drop):
    """What comes of a district in which one school has its own hours, and troubles."""
    well = (CLASS, {"p1": lambda _: 0.0, "p2": lambda _: 0.0})
    own = {"36030002": (on, drop)}
    return stage.replay(days.by_time([rooms(days, node, *own.get(node, well)) for node in days.SCHOOLS]))


def test_what_a_dish_was_told_to_have_on_the_word_of_one_receiver_becomes_that_receivers(days, stage):
    """The other of its dish is off when it loses its lock for good, and hears as ever on the next day."""
    broke = days.at("11:33", 1)
    drop = {"p1": lambda _: 0.0, "p2": lambda t: None if t >= broke else 0.0}
    result = played(days, stage, {**CLASS, 1: (8.5, 11.4)}, drop)
    [ticket] = result["tickets"]
    assert (ticket["device"], ticket["dish"], ticket["cause"]) == ("p2-receiver", None, "receiver_failed")
    assert broke <= ticket["onset_at"] < ticket["opened_at"] < days.at("20:00", 1)
    assert ticket["recovered_at"] is None
    assert [said.split()[0] for said in ticket["evidence"]] == [
        "evidence.lnb_failed.reception",
        "ticket.corrected",
        "evidence.receiver_failed.no_lock",
    ]
    assert {(each["room"], each["cause"]) for each in result["lesson_minutes_lost"]} == {("p2", "receiver_failed")}


def test_what_a_receiver_was_told_to_have_while_nobody_could_say_that_its_dish_was_weak_becomes_the_dishes(days, stage):
    """By night the dish moves: one receiver loses its lock, one is just locked, and the one that tells its C/N is off."""
    moved = days.at("02:00", 1)
    drop = {
        "p1": lambda t: 3.0 if t >= moved else 0.0,
        "p2": lambda _: 0.0,
        "p3": lambda t: None if t >= moved else 0.0,
    }
    result = played(days, stage, {**CLASS, 1: (10.5, 15.5)}, drop)
    [ticket] = result["tickets"]
    assert (ticket["device"], ticket["dish"], ticket["cause"]) == (None, "d1", "dish_misaligned")
    assert moved <= ticket["onset_at"] < days.at("03:00", 1)
    assert days.at("10:30", 1) < ticket["opened_at"]
    assert {(each["room"], each["cause"]) for each in result["lesson_minutes_lost"]} == {("p3", "dish_misaligned")}


def test_a_receiver_that_broke_beside_one_that_heard_well_keeps_its_ticket_when_their_dish_moves(days, stage):
    """On the day after, the dish is moved: that is another fault, and another ticket."""
    broke, moved = days.at("09:33", 1), days.at("16:00", 1)
    drop = {"p1": lambda t: 3.0 if t >= moved else 0.0, "p2": lambda t: None if t >= broke else 0.0}
    tickets = played(days, stage, CLASS, drop)["tickets"]
    assert [(each["device"] or each["dish"], each["cause"]) for each in tickets] == [
        ("p2-receiver", "receiver_failed"),
        ("d1", "dish_misaligned"),
    ]


def test_a_dish_that_was_told_on_the_word_of_two_keeps_its_ticket_when_one_stays_dark(days, stage):
    """The LNB is changed in the evening; one of the two boxes has no lock after it either."""
    broke, mended = days.at("09:33", 1), days.at("16:00", 1)
    drop = {"p1": lambda t: None if broke <= t < mended else 0.0, "p2": lambda t: None if t >= broke else 0.0}
    tickets = played(days, stage, CLASS, drop)["tickets"]
    assert [(each["device"] or each["dish"], each["cause"]) for each in tickets] == [
        ("d1", "lnb_failed"),
        ("p2-receiver", "receiver_failed"),
    ]
