"""sun_outage: computed from the site and the orbital position; announced ahead, no ticket."""

from types import SimpleNamespace

from hub.detection.sun import SunPath

EQUINOX_DAY = 114
"""30 September: days after the Monday of the recordings. The sun passes behind the satellite a few days around."""


def _passing(lab: SimpleNamespace) -> tuple[int, int]:
    """Begin and end of an outage within class hours."""
    start, end = lab.at("00:00", EQUINOX_DAY - 10), lab.at("00:00", EQUINOX_DAY + 20)
    windows = SunPath(78.5, 1.5).next_windows(15.8, 102.0, start, end - start)
    return windows[len(windows) // 2]


def _drowned(window: tuple[int, int]) -> object:
    return lambda t: (
        None if window[0] + 60_000 <= t < window[1] - 60_000 else 3.0 if window[0] <= t < window[1] else 0.0
    )


def test_the_sun_behind_the_satellite_is_an_incident_and_no_ticket(lab: SimpleNamespace) -> None:
    window = _passing(lab)
    town = lab.Town()
    for school in town.row(3, 20.0):
        school.lives(window[0] - lab.DAY, window[1] + 3 * lab.HOUR, _drowned(window), every_min=2)
    outcome = town.play(window[1] + 3 * lab.HOUR)
    assert outcome.faults == []
    assert {each.cause for each in outcome.incidents.values()} == {"sun_outage"}
    for each in outcome.incidents.values():
        assert window[0] - lab.MINUTE <= each.start <= window[1]
        assert each.end is not None
        assert each.end <= window[1] + 10 * lab.MINUTE


def test_the_same_at_another_hour_is_not_the_sun(lab: SimpleNamespace) -> None:
    start, end = _passing(lab)
    later = (start + 2 * lab.HOUR, end + 2 * lab.HOUR)
    town = lab.Town()
    town.school().lives(start - lab.DAY, later[1] + 3 * lab.HOUR, _drowned(later), every_min=2)
    outcome = town.play(later[1] + 3 * lab.HOUR)
    assert outcome.faults == []
    assert outcome.told("sun_outage") == []


def test_an_lnb_that_dies_while_the_sun_passes_is_found_all_the_same(lab: SimpleNamespace) -> None:
    start, end = _passing(lab)
    town = lab.Town()
    for n, school in enumerate(town.row(3)):
        until = end + lab.DAY
        school.lives(start - lab.DAY, until, lab.dark(start) if n == 0 else _drowned((start, end)), every_min=5)
    assert town.play(end + lab.DAY).tickets == [("36030001 dish dish", "lnb_failed")]


def test_what_the_sun_took_is_the_sun_s_however_short_it_was(lab: SimpleNamespace) -> None:
    """Lock is gone for five minutes and comes back weak: what it was is known only when the signal is back."""
    window = _passing(lab)
    middle = (window[0] + window[1]) // 2

    def drop(t: int) -> float | None:
        return None if abs(t - middle) < 2.5 * lab.MINUTE else 4.0 if window[0] <= t < window[1] else 0.0

    town = lab.Town()
    school = town.school(*lab.rooms(2))
    school.lives(window[0] - lab.DAY, window[1] + 3 * lab.HOUR, drop, every_min=1)
    outcome = town.play(window[1] + 3 * lab.HOUR)
    lost = [day.lost for day in outcome.days.values() if day.lost]
    assert lost
    assert all(list(each) == ["sun_outage"] for each in lost)


def test_what_is_not_back_when_the_sun_has_gone_is_not_the_sun_s(lab: SimpleNamespace) -> None:
    """A cable that is pulled while the sun passes, and put back before anybody could call it a fault."""
    window = _passing(lab)
    back = window[1] + 35 * lab.MINUTE

    def drop(t: int) -> float | None:
        return None if window[0] + lab.MINUTE <= t < back else 0.0

    town = lab.Town()
    for n, school in enumerate(town.row(3, 20.0)):
        school.lives(window[0] - lab.DAY, back + lab.HOUR, drop if n == 0 else _drowned(window), every_min=2)
    outcome = town.play(back + lab.HOUR)
    lost = outcome.lost("36030001", round((window[0] - lab.at("12:00")) / lab.DAY))
    assert lost["sun_outage"] <= 20
    assert sum(lost.values()) >= 35
    (incident,) = outcome.told("sun_outage")
    assert incident.end is not None
    assert incident.end <= window[1] + 10 * lab.MINUTE
