"""host_…: the node's own metrics past the limits of its profile, by the clock, with hysteresis."""

from types import SimpleNamespace

import pytest

from wire.metrics import Value

HOT, COOL = {"host/cpu_temp_c": 85.0}, {"host/cpu_temp_c": 60.0}


@pytest.mark.parametrize(
    ("cause", "metric", "well", "past", "minutes"),
    [
        ("host_overheating", "host/cpu_temp_c", 60.0, 85.0, 10),
        ("host_disk_full", "host/disk_used_pct", 40.0, 95.0, 10),
        ("host_disk_worn", "host/disk_life_used_pct", 20.0, 95.0, 0),
        ("host_undervoltage", "host/undervoltage", False, True, 10),
        ("host_clock_wrong", "host/clock_offset_s", 0.5, 30.0, 15),
        ("host_clock_wrong", "host/clock_offset_s", 0.5, -30.0, 15),
    ],
)
def test_past_its_limit_for_long_enough_even_at_night(
    lab: SimpleNamespace, cause: str, metric: str, well: Value, past: Value, minutes: int
) -> None:
    said = [
        (lab.at("02:00"), "", {metric: well}),
        (lab.at("03:00"), "", {metric: past}),
        (lab.at("05:00"), "", {metric: well}),
    ]
    opened, cleared = lab.Classroom([lab.COMPUTER]).play(said, lab.at("06:00"))
    assert lab.told([opened, cleared]) == [
        ("opened", f": {cause}", f"past_limit:{metric}", lab.at("03:00") + minutes * 60_000),
        ("cleared", f": {cause}", f"past_limit:{metric}", lab.at("05:00")),
    ]
    assert opened.evidence[0].code == "evidence.past_limit"
    assert (opened.evidence[0].params["metric"], opened.evidence[0].params["value"]) == (metric, past)


def test_a_short_peak_is_no_fault(lab: SimpleNamespace) -> None:
    said = [
        (lab.at("09:00"), "", HOT),
        (lab.at("09:09"), "", COOL),
        (lab.at("09:10"), "", HOT),
        (lab.at("09:19"), "", COOL),
    ]
    assert lab.Classroom([lab.COMPUTER]).play(said, lab.at("10:00")) == []


def test_a_little_below_the_limit_it_is_not_well_again(lab: SimpleNamespace) -> None:
    said = [(lab.at("09:00"), "", HOT), (lab.at("10:00"), "", {"host/cpu_temp_c": 78.0}), (lab.at("11:00"), "", COOL)]
    assert lab.told(lab.Classroom([lab.COMPUTER]).play(said, lab.at("12:00")))[1:] == [
        ("cleared", ": host_overheating", "past_limit:host/cpu_temp_c", lab.at("11:00"))
    ]


def test_a_computer_without_a_profile_of_its_own_gets_the_default_limits(lab: SimpleNamespace) -> None:
    said = [(lab.at("09:00"), "", HOT)]
    assert len(lab.Classroom([]).play(said, lab.at("10:00"))) == 0
    nameless = type(lab.COMPUTER)("", "computer")
    assert len(lab.Classroom([nameless]).play(said, lab.at("10:00"))) == 1


def test_a_bench_waits_for_a_share_of_the_time(lab: SimpleNamespace) -> None:
    settings = type(lab.Classroom([]).settings)(limit_time_share=0.01)
    (finding,) = lab.Classroom([lab.COMPUTER], settings).play([(lab.at("09:00"), "", HOT)], lab.at("09:30"))
    assert finding.opened_at - finding.onset_at == 6000


def _started(lab: SimpleNamespace, *later: tuple[int, dict[str, Value]]) -> list[str]:
    """A computer without a clock of its own tells its offset at its birth, a minute after each start."""
    town = lab.Town()
    school = town.school(lab.COMPUTER, lab.tv())
    for day in range(2):
        school.born(lab.at("07:40", day), uptime_min=1)
        school.beats(lab.at("07:41", day), lab.at("16:00", day))
        school.dies(lab.at("16:00", day))
    for t, values in later:
        school.said.append((t, "", values))
    return [each.cause for each in town.play(lab.at("15:50", 1)).faults]


def test_a_clock_is_wrong_after_a_start_until_the_network_sets_it(lab: SimpleNamespace) -> None:
    first, second = {"host/clock_offset_s": -200.0}, {"host/clock_offset_s": -140.0}
    assert _started(lab, (lab.at("07:40"), first), (lab.at("07:40", 1), second)) == []


@pytest.mark.parametrize(("corrected", "causes"), [([], ["host_clock_wrong"]), ([("08:45", 0.1)], [])])
def test_a_clock_that_is_told_to_be_wrong_again_soon_after_a_start_has_two_hours(
    lab: SimpleNamespace, corrected: list[tuple[str, float]], causes: list[str]
) -> None:
    """The agent asks again after an hour; by exception it says nothing where nothing has changed."""
    said = [("07:40:01", -320.0), ("07:45", -200.0), *corrected]
    assert _started(lab, *((lab.at(clock), {"host/clock_offset_s": offset}) for clock, offset in said)) == causes


def test_a_clock_that_is_told_to_be_wrong_later_on_is_wrong(lab: SimpleNamespace) -> None:
    wrong, still = {"host/clock_offset_s": -200.0}, {"host/clock_offset_s": -201.0}
    assert _started(lab, (lab.at("07:40"), wrong), (lab.at("09:00"), still)) == ["host_clock_wrong"]


def test_a_clock_that_is_as_wrong_after_a_start_as_before_is_wrong(lab: SimpleNamespace) -> None:
    wrong = {"host/clock_offset_s": -200.0}
    assert _started(lab, (lab.at("07:40"), wrong), (lab.at("07:40", 1), wrong)) == ["host_clock_wrong"]
