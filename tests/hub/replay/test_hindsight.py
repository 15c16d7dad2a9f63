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
