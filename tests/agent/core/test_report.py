from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from agent.core.readings import Poll, Report, Value
from agent.core.report import Reporter
from firmware_profiles.schema import ReportRules

RULES = ReportRules(heartbeat_s=300, heartbeats={"slow": 3600}, dead_bands={"t": 1.0})
MINUTE = 60_000


def reporter() -> Reporter:
    return Reporter({"tv": RULES, None: RULES})


def poll(t: int, readings: Mapping[str, Value], device: str | None = "tv") -> Poll:
    return Poll(device, t, readings)


def told(report: Report | None) -> dict[str, Value]:
    return dict(report.readings) if report else {}


def test_the_first_poll_is_told_in_full() -> None:
    readings = {"device/reachable": True, "t": 20.0, "x": None}
    assert told(reporter().take(poll(0, readings))) == readings


def test_what_did_not_change_is_not_told() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0, "s": "a"}))
    assert reports.take(poll(1, {"t": 20.0, "s": "a"})) is None


def test_a_number_is_told_when_it_leaves_its_dead_band() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0}))
    assert reports.take(poll(1, {"t": 21.0})) is None
    assert told(reports.take(poll(2, {"t": 21.1}))) == {"t": 21.1}


def test_the_dead_band_lies_around_what_was_told_last() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0}))
    drift = [told(reports.take(poll(n, {"t": 20.0 + n * 0.4}))) for n in range(1, 4)]
    assert drift == [{}, {}, {"t": 21.2}]


def test_without_a_dead_band_any_change_is_told() -> None:
    reports = reporter()
    reports.take(poll(0, {"n": 1}))
    assert told(reports.take(poll(1, {"n": 2}))) == {"n": 2}


def test_a_boolean_is_no_number() -> None:
    reports = Reporter({"tv": ReportRules(dead_bands={"b": 5.0})})
    reports.take(poll(0, {"b": True}))
    assert told(reports.take(poll(1, {"b": False}))) == {"b": False}


def test_becoming_unknown_and_known_again_is_told() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0}))
    assert told(reports.take(poll(1, {"t": None}))) == {"t": None}
    assert reports.take(poll(2, {"t": None})) is None
    assert told(reports.take(poll(3, {"t": 20.0}))) == {"t": 20.0}


def test_a_heartbeat_tells_what_did_not_change() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0, "slow": 1}))
    assert reports.take(poll(5 * MINUTE - 1, {"t": 20.0, "slow": 1})) is None
    assert told(reports.take(poll(5 * MINUTE, {"t": 20.0, "slow": 1}))) == {"t": 20.0}


def test_what_was_told_at_different_times_beats_together_from_then_on() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0, "s": "a"}))
    reports.take(poll(2 * MINUTE, {"t": 30.0, "s": "a"}))
    assert told(reports.take(poll(5 * MINUTE, {"t": 30.0, "s": "a"}))) == {"t": 30.0, "s": "a"}


def test_a_node_has_beats_of_its_own() -> None:
    reports = Reporter({"tv": RULES}, shift_ms=2 * MINUTE)
    reports.take(poll(0, {"t": 20.0}))
    minutes = [n for n in range(1, 15) if reports.take(poll(n * MINUTE, {"t": 20.0}))]
    assert minutes == [3, 8, 13]


def test_a_report_says_whether_something_is_new() -> None:
    reports = reporter()
    first = reports.take(poll(0, {"t": 20.0}))
    again = reports.take(poll(5 * MINUTE, {"t": 20.0}))
    reports.tell_all()
    asked = reports.take(poll(6 * MINUTE, {"t": 20.0}))
    assert [each is not None and each.news for each in (first, again, asked)] == [True, False, True]


def test_a_metric_has_its_own_heartbeat() -> None:
    reports = reporter()
    reports.take(poll(0, {"slow": 1}))
    assert told(reports.take(poll(60 * MINUTE, {"slow": 1}))) == {"slow": 1}


def test_what_is_unknown_has_no_heartbeat() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": None}))
    assert reports.take(poll(60 * MINUTE, {"t": None})) is None


def test_a_clock_set_back_does_not_silence_a_metric() -> None:
    reports = reporter()
    reports.take(poll(60 * MINUTE, {"t": 20.0}))
    assert told(reports.take(poll(0, {"t": 20.0}))) == {"t": 20.0}


def test_a_loss_is_told_once() -> None:
    reports = reporter()
    reports.take(poll(0, {"device/reachable": True, "t": 20.0}))
    assert told(reports.take(poll(1, {"device/reachable": False}))) == {"device/reachable": False}
    assert reports.take(poll(2, {"device/reachable": False})) is None


def test_a_device_that_comes_back_is_told_in_full() -> None:
    reports = reporter()
    reports.take(poll(0, {"device/reachable": True, "t": 20.0}))
    reports.take(poll(1, {"device/reachable": False}))
    assert told(reports.take(poll(2, {"device/reachable": True, "t": 20.0}))) == {"device/reachable": True, "t": 20.0}


def test_devices_do_not_mix() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0}))
    assert told(reports.take(poll(0, {"t": 20.0}, device=None))) == {"t": 20.0}


@given(st.lists(st.tuples(st.integers(0, 10_000_000), st.none() | st.floats(-50, 150)), max_size=30))
def test_what_the_hub_believes_is_never_off_by_more_than_the_dead_band(course: list[tuple[int, float | None]]) -> None:
    reports, believed = reporter(), None
    for t, value in course:
        believed = told(reports.take(poll(t, {"t": value}))).get("t", believed)
        if value is None:
            assert believed is None
        else:
            assert isinstance(believed, float)
            assert abs(believed - value) <= 1.0


def test_what_somebody_asks_for_is_told_once_though_it_did_not_change() -> None:
    reports = reporter()
    reports.take(poll(0, {"t": 20.0, "s": "a", "x": None}))
    reports.tell_all()
    assert told(reports.take(poll(1, {"t": 20.0}))) == {"t": 20.0}
    assert told(reports.take(poll(2, {"t": 20.0, "s": "a", "x": None}))) == {"s": "a"}
    assert reports.take(poll(3, {"t": 20.0, "s": "a"})) is None


def test_a_device_that_is_added_is_told_by_its_own_rules() -> None:
    reports = reporter()
    reports.add("new-tv-1", RULES)
    reports.take(poll(0, {"t": 20.0}, "new-tv-1"))
    assert reports.take(poll(1, {"t": 21.0}, "new-tv-1")) is None
