"""Detection over all nodes: what was left over, nodes that are there and say nothing new, nodes that are missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from hub.detection.calendar import Calendar
from hub.detection.pace import PASSING, Pace

UP, SILENT = {"device/reachable": True}, {"device/reachable": False}


def _heard(lab: SimpleNamespace, t: int) -> Any:
    """A node that has been heard for days and then died."""
    town = lab.Town()
    school = town.school(lab.tv())
    school.born(t - 2 * lab.DAY)
    school.beats(t - 2 * lab.DAY, t)
    school.dies(t)
    return town


def _fresh(lab: SimpleNamespace, town: Any) -> Any:
    """Detection that has not listened yet."""
    kind = type(town.detection())
    return kind(town.settings, lambda _: _calendar(lab), lab.CATALOGUE)


def _calendar(lab: SimpleNamespace) -> Any:
    return Calendar(lab.Town().calendar)


def _findings(lab: SimpleNamespace, conclusions: Any) -> list[tuple[str, str, str, int]]:
    told: list[tuple[str, str, str, int]] = lab.told(lab.found(conclusions))
    return told


def test_a_node_that_is_silent_for_four_class_hours_is_missed(lab: SimpleNamespace) -> None:
    town = _heard(lab, lab.at("15:00", 4))
    detection, memory = town.detection(), town.memory()
    assert _findings(lab, detection.tick(memory, lab.at("11:59", 7))) == []
    (finding,) = lab.found(detection.tick(memory, lab.at("13:00", 7)))
    assert (finding.cause, finding.sign, finding.place.device.device) == ("school_offline", "unheard", "")
    assert (finding.onset_at, finding.opened_at) == (lab.at("15:00", 4), lab.at("12:00", 7))
    assert _findings(lab, detection.tick(memory, lab.at("14:00", 7))) == []


def test_after_a_start_nodes_are_given_time_to_be_heard(lab: SimpleNamespace) -> None:
    town = _heard(lab, lab.at("08:30", 1))
    detection, memory = _fresh(lab, town), town.memory()
    assert _findings(lab, detection.tick(memory, lab.at("14:00", 1))) == []
    assert _findings(lab, detection.tick(memory, lab.at("14:14", 1))) == []
    assert len(_findings(lab, detection.tick(memory, lab.at("14:20", 1)))) == 1


def test_before_the_first_tick_nobody_is_missed_either(lab: SimpleNamespace) -> None:
    """The hub was down for half a day: what comes in first is judged before anybody had time to be heard."""
    town = lab.Town()
    first, second = town.row(2)
    for school in (first, second):
        school.born(lab.at("00:00", -4))
        school.beats(lab.at("00:00", -4), lab.at("08:00", 1), every_min=5)
    before = town.detection()
    memory = town.memory()
    before.judge(memory, memory.waiting(), lab.at("08:00", 1))
    back = lab.at("14:00", 1)
    memory.add(lab.report(back, "", {"node/online": True, "host/uptime_s": 90_000}, 1, "e2", first.node))
    after = _fresh(lab, town)
    assert _findings(lab, after.judge(memory, [first.node], back + 3 * lab.MINUTE)) == []


def test_while_the_hub_itself_hears_nothing_nobody_is_missed(lab: SimpleNamespace) -> None:
    town = _heard(lab, lab.at("08:30", 1))
    detection, memory = town.detection(), town.memory()
    detection.tick(memory, lab.at("08:35", 1))
    assert _findings(lab, detection.tick(memory, lab.at("14:00", 1), listening=False)) == []
    assert _findings(lab, detection.tick(memory, lab.at("14:10", 1))) == []
    assert len(_findings(lab, detection.tick(memory, lab.at("14:30", 1)))) == 1


def test_a_restart_does_not_miss_a_node_twice(lab: SimpleNamespace) -> None:
    town = _heard(lab, lab.at("08:30", 1))
    memory = town.memory()
    assert len(_findings(lab, town.detection().tick(memory, lab.at("13:00", 1)))) == 1
    assert _findings(lab, town.detection().tick(memory, lab.at("15:00", 1))) == []


def test_a_node_that_is_there_and_says_nothing_new_lets_time_pass(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1), lab.report(lab.at("09:10"), "p1-tv", SILENT, 2))
    found = []
    for minute in range(10, 80):
        found += detection.tick(memory, lab.at(f"{9 + minute // 60:02}:{minute % 60:02}"))
    assert _findings(lab, found) == [("opened", "p1-tv: tv_failed", "silent", lab.at("10:00"))]


def test_a_node_that_is_gone_lets_no_time_pass_for_its_devices(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1), lab.report(lab.at("09:10"), "p1-tv", SILENT, 2))
    memory.add(lab.report(lab.at("09:20"), "", {"node/online": False}, 1, lab.OURS))
    assert _findings(lab, detection.tick(memory, lab.at("13:00"))) == []


def test_what_was_committed_and_not_judged_is_judged_by_the_next_tick(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory = lab.Memory(room.devices)
    memory.add(*room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("11:00")))
    assert len(_findings(lab, room.detection().tick(memory, lab.at("11:00")))) == 1


def test_reports_that_are_under_way_get_the_time_to_come_in(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1))
    detection.judge(memory, [lab.NODE], lab.at("09:01"))
    assert memory.judged == {}
    detection.judge(memory, [lab.NODE], lab.at("09:02"))
    assert memory.judged == {(lab.NODE, lab.JOURNAL): 1}


def test_a_gap_in_the_journal_is_waited_for(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    journal = room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("10:00"), "p1-tv", SILENT)])
    memory = lab.Memory(room.devices)
    memory.add(journal[0], *journal[2:])
    room.detection().judge(memory, [lab.NODE], lab.at("12:00"))
    assert memory.judged == {(lab.NODE, lab.JOURNAL): 1}


def test_what_did_not_reach_the_disk_is_judged_again(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(*room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("11:00")))
    first = detection.judge(memory, [lab.NODE], lab.at("11:00"))
    memory.judged.clear()
    memory.saved.clear()
    detection.forget()
    assert detection.judge(memory, [lab.NODE], lab.at("11:00")) == first
    assert _findings(lab, first)


def _paced(lab: SimpleNamespace, room: Any, pace: Pace) -> Any:
    detection = room.detection()
    return type(detection)(room.settings, lambda _: _calendar(lab), lab.CATALOGUE, pace=pace)


def test_much_is_judged_stretch_by_stretch_and_comes_to_the_same(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, whole = lab.Memory(room.devices), lab.Memory(room.devices)
    journal = [(lab.at("09:00") + minute * lab.MINUTE, "p1-tv", UP) for minute in range(60)]
    for each in (memory, whole):
        each.add(*room.journal([*journal, (lab.at("10:00"), "p1-tv", SILENT)], lab.at("12:00")))
    at_once, detection = room.detection(), _paced(lab, room, Pace(at_most=5))
    wanted = at_once.judge(whole, [lab.NODE], lab.at("09:05")) + at_once.judge(whole, [lab.NODE], lab.at("12:00"))
    found, goes = detection.judge(memory, [lab.NODE], lab.at("09:05")), 0
    while not goes or detection.behind:
        found += detection.judge(memory, [lab.NODE], lab.at("12:00"))
        goes += 1
    assert goes > 3
    assert _findings(lab, found) == _findings(lab, wanted) != []
    assert memory.judged == whole.judged


def test_a_node_that_has_told_more_than_is_read_at_once_is_not_missed(lab: SimpleNamespace) -> None:
    """Three weeks of it wait: what it said last counts, however much else there is to be read first."""
    room = lab.Classroom([lab.tv()])
    memory, begun = lab.Memory(room.devices), lab.at("00:00")
    said = range(begun, begun + 21 * lab.DAY, lab.MINUTE)
    memory.add(*(lab.report(t, "", {"host/load1": 1.0}, offset) for offset, t in enumerate(said, 1)))
    assert _findings(lab, room.detection().judge(memory, [lab.NODE], begun + 21 * lab.DAY)) == []
    assert memory.judged[lab.NODE, lab.JOURNAL] > 30_000


def test_where_nothing_is_concluded_the_state_is_saved_now_and_then(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), _paced(lab, room, Pace(save_ms=10_000))
    offsets = []
    for second in range(0, 16, 5):
        t = lab.at("09:00") + second * 1000
        memory.add(lab.report(t, "p1-tv", UP, second // 5 + 1))
        detection.judge(memory, [lab.NODE], t + 2 * lab.MINUTE)
        offsets.append(memory.judged[lab.NODE, lab.JOURNAL])
    assert offsets == [1, 1, 3, 3]


def test_where_nobody_goes_on_no_state_is_saved(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), _paced(lab, room, PASSING)
    memory.add(*room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("12:00")))
    assert len(_findings(lab, detection.finish(memory, lab.at("12:00")))) == 1
    assert memory.saved == {}
    assert memory.judged[lab.NODE, lab.JOURNAL] > 2


def test_what_was_judged_and_not_saved_is_judged_again_after_a_failure(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), _paced(lab, room, Pace(save_ms=lab.DAY))
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1))
    detection.judge(memory, [lab.NODE], lab.at("09:05"))
    memory.add(lab.report(lab.at("09:10"), "p1-tv", SILENT, 2))
    memory.add(lab.report(lab.at("11:00"), "", {"host/load1": 1.0}, 3))
    assert _findings(lab, detection.judge(memory, [lab.NODE], lab.at("09:20"))) == []
    detection.forget()
    assert len(_findings(lab, detection.judge(memory, [lab.NODE], lab.at("11:05")))) == 1


def test_a_state_of_another_version_is_begun_anew(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory = lab.Memory(room.devices)
    memory.saved = {(lab.GROUP, name): b'{"version": 0}' for name in ("", "36030001")}
    memory.add(*room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("11:00")))
    assert len(_findings(lab, room.detection().judge(memory, [lab.NODE], lab.at("11:00")))) == 1


def test_districts_are_judged_each_for_itself(lab: SimpleNamespace) -> None:
    here, there = lab.NODE, lab.NODE._replace(group="ubn1")
    room = lab.Classroom([lab.tv()])
    memory = lab.Memory({here: room.devices, there: room.devices})
    journal = room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("11:00"))
    memory.add(*(each._replace(device=each.device._replace(node=node)) for each in journal for node in (here, there)))
    found = lab.found(room.detection().judge(memory, [here, there], lab.at("11:00")))
    assert sorted(each.place.device.node.group for each in found) == ["cpm3", "ubn1"]


def test_what_is_known_of_the_equipment_is_asked_at_births_and_not_at_each_report(lab: SimpleNamespace) -> None:
    """Also of a device that tells nothing that is kept."""
    asked = []

    class Asked(lab.Memory):  # type: ignore[misc,name-defined]
        def devices_of(self, key: Any) -> Any:
            asked.append(key)
            return super().devices_of(key)

    room = lab.Classroom([lab.tv()])
    memory = Asked(room.devices)
    memory.add(*room.journal([(lab.at("09:00") + n, "p1-tv", {"own/metric": n}) for n in range(100)]))
    room.detection().finish(memory, lab.at("10:00"))
    assert len(asked) <= 5


def test_a_school_with_two_agents_may_lose_one_of_them(lab: SimpleNamespace) -> None:
    first, second = lab.NODE, lab.NODE._replace(name="36030001-2")
    town = lab.Town()
    memory = lab.Memory({first: [lab.tv()], second: [lab.tv(room="p2")]})
    for node in (first, second):
        memory.add(lab.report(lab.at("00:00"), "", {"node/online": True}, 1, lab.OURS, node))
    memory.add(lab.report(lab.at("09:00", 1), "", {"node/online": False}, 2, lab.OURS, second))
    outcome = lab.Outcome.of(town.detection().finish(memory, lab.at("15:30", 1)))
    assert outcome.tickets == [("36030001-2", "school_offline")]


@pytest.mark.parametrize("clock", ["11:00", "14:00"])
def test_the_bench_shortens_the_times_to_seconds(lab: SimpleNamespace, clock: str) -> None:
    settings = type(lab.Classroom([]).settings)(silent_class_min=0.25, recovered_min=0.05)
    room = lab.Classroom([lab.tv()], settings)
    said = [(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT), (lab.at("09:11"), "p1-tv", UP)]
    opened, cleared = room.play(said, lab.at(clock))
    assert opened.opened_at - opened.onset_at == 15_000
    assert cleared.cleared_at == lab.at("09:11")
