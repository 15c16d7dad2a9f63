"""What if a setting were another: the same days judged twice."""

from contextlib import closing

import pytest

from hub.__main__ import main
from hub.config import HubSettings, read_settings
from hub.core.equipment import DeviceKey, NodeKey
from hub.core.findings import Place
from hub.replay.errors import ReplayMistake
from hub.replay.whatif import DAY_MS, Fault, Moved, Question, Weeks, compare
from hub.replay.whatif_command import setting
from hub.store.errors import StoreError
from hub.store.inventory import read_inventory
from hub.store.opening import open_there
from hub.store.past import Past, newest_report

NOON = 1_780_286_400_000


@pytest.fixture
def replayed(days, stage):
    """A hub's directory after a day with faults, and what was concluded."""
    found = stage.replay(days.by_time([days.school_day(code, 2) for code in days.SCHOOLS]), keep=stage.place / "hub.db")
    assert found["tickets"]
    return stage, found


def ask(stage, **changed) -> tuple:
    store = open_there(f"sqlite:///{stage.place / 'hub.db'}")
    with closing(store):
        question = Question(
            store, read_inventory(stage.place / "inventory.json"), Weeks.before(newest_report(store), 2)
        )
        then = read_settings(None, {}, {f"detection.{name}": value for name, value in changed.items()})
        shares: list[float] = []
        return question.ask(HubSettings(), then, shares.append), shares


def test_the_past_judged_again_gives_the_same_tickets(replayed):
    stage, found = replayed
    comparison, shares = ask(stage)
    assert (comparison.come, comparison.go, comparison.moved) == ((), (), ())
    assert comparison.same == len(found["tickets"])
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_who_waits_longer_opens_later_or_never(replayed):
    stage, _ = replayed
    later, _ = ask(stage, no_lock_class_min=120)
    assert {each.now.cause for each in later.moved} == {"receiver_failed"}
    assert all(each.then.opened_at > each.now.opened_at for each in later.moved)
    never, _ = ask(stage, no_lock_class_min=100_000)
    assert {fault.cause for fault in never.go} == {"receiver_failed"}
    assert not never.come


def test_the_hub_s_own_database_is_left_as_it_is(replayed):
    stage, _ = replayed
    before = (stage.place / "hub.db").read_bytes()
    ask(stage, no_lock_class_min=120)
    assert (stage.place / "hub.db").read_bytes() == before


def test_judging_may_begin_in_the_middle(days, replayed):
    stage, _ = replayed
    with closing(open_there(f"sqlite:///{stage.place / 'hub.db'}")) as store:
        past = Past(store, days.at("12:00"))
        past.until = days.at("13:00")
        for node in past.nodes:
            [reports] = past.unjudged(node, {})
            times = [report.t for report in reports]
            assert days.at("12:00") <= times[0] < days.at("12:06")
            assert days.at("12:54") < times[-1] <= days.at("13:00")


def fault(cause: str = "tv_failed", onset: int = 0, opened: int = 60_000) -> Fault:
    place = Place(DeviceKey(NodeKey("cpm3", "36030001"), "p1-tv"))
    return Fault(place, cause, NOON + onset, NOON + opened, None)


def test_what_both_see_stays():
    found = compare([fault()], [fault()], NOON)
    assert (found.come, found.go, found.moved, found.same) == ((), (), (), 1)


def test_what_only_one_sees_comes_or_goes():
    found = compare([fault("tv_failed")], [fault("receiver_failed")], NOON)
    assert (found.come, found.go) == ((fault("receiver_failed"),), (fault("tv_failed"),))


def test_the_same_fault_at_another_time_is_moved():
    late = fault(opened=120_000)
    assert compare([fault()], [late], NOON).moved == (Moved(fault(), late),)


def test_a_fault_of_another_week_is_another_fault():
    later = fault(onset=7 * DAY_MS, opened=7 * DAY_MS + 60_000)
    found = compare([fault(), later], [fault()], NOON)
    assert (found.go, found.same) == ((later,), 1)


def test_what_was_opened_before_is_not_told_but_known():
    early, late = fault(opened=-60_000, onset=-120_000), fault(onset=-120_000)
    assert compare([early], [], NOON).go == ()
    assert compare([early], [late], NOON).moved == (Moved(early, late),)


@pytest.mark.parametrize(
    ("said", "key", "value"),
    [
        ("detection.silent_class_min=30", "detection.silent_class_min", 30),
        ("detection.host_profile=host/pc", "detection.host_profile", "host/pc"),
        ('calendar.class_hours=["08:00", "15:00"]', "calendar.class_hours", ["08:00", "15:00"]),
    ],
)
def test_a_setting_is_read_as_in_a_file(said, key, value):
    assert setting(said) == (key, value)


@pytest.mark.parametrize("said", ["detection.silent_class_min", "http.listen=1", "x"])
def test_only_what_judges_can_be_tried(said):
    with pytest.raises(ReplayMistake, match="--set"):
        setting(said)


def test_a_database_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StoreError, match="no such database"):
        open_there(f"sqlite:///{tmp_path / 'nothing.db'}")
    assert not (tmp_path / "nothing.db").exists()


def test_the_command_tells_what_would_come_and_go(replayed, capsys, monkeypatch):
    stage, _ = replayed
    # A replay keeps a file, whatever else the tests run on.
    monkeypatch.setenv("DLTV_HUB_STORE__URL", f"sqlite:///{stage.place / 'hub.db'}")
    command = ["whatif", "--data-dir", str(stage.place), "--days", "2", "--set"]
    assert main([*command, "detection.no_lock_class_min=100000"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "would come: 0"
    assert "receiver_failed" in told[2]
    assert main([*command, "detection.no_lock_clas_min=1"]) == 2
    assert "no_lock_class_min" in capsys.readouterr().err
