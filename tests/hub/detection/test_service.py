"""Detection over all nodes: what was left over, nodes that are there and say nothing new, nodes that are missing."""

from types import SimpleNamespace

UP, SILENT = {"device/reachable": True}, {"device/reachable": False}


def _heard(lab: SimpleNamespace, t: int) -> object:
    memory = lab.Memory([lab.COMPUTER])
    memory.add(lab.report(t, "", {"host/uptime_s": 1}))
    return memory


def test_a_node_that_is_silent_for_four_class_hours_is_missed(lab: SimpleNamespace) -> None:
    detection, memory = lab.Classroom([]).detection(), _heard(lab, lab.at("15:00", 4))
    memory.away()
    detection.tick(memory, lab.at("11:00", 7))
    assert detection.tick(memory, lab.at("11:59", 7)) == []
    (finding,) = detection.tick(memory, lab.at("13:00", 7))
    assert (finding.cause, finding.sign, finding.device.device) == ("school_offline", "unheard", "")
    assert (finding.onset_at, finding.opened_at) == (lab.at("15:00", 4), lab.at("12:00", 7))
    assert detection.tick(memory, lab.at("14:00", 7)) == []


def test_it_is_missed_no_more_when_it_is_heard_again(lab: SimpleNamespace) -> None:
    detection, memory = lab.Classroom([]).detection(), _heard(lab, lab.at("08:30"))
    for clock in ("08:30", "13:00"):
        detection.tick(memory, lab.at(clock))
    memory.add(lab.report(lab.at("13:30"), "", {"host/uptime_s": 1}, 2))
    findings = detection.judge(memory, [lab.NODE], lab.at("13:30"))
    assert lab.told(findings) == [("cleared", ": school_offline", "unheard", lab.at("13:30"))]
    assert detection.tick(memory, lab.at("13:31")) == []


def test_after_a_start_nodes_are_given_time_to_be_heard(lab: SimpleNamespace) -> None:
    detection, memory = lab.Classroom([]).detection(), _heard(lab, lab.at("08:30"))
    assert detection.tick(memory, lab.at("14:00")) == []
    assert detection.tick(memory, lab.at("14:14")) == []
    assert len(detection.tick(memory, lab.at("14:15"))) == 1


def test_while_the_hub_itself_hears_nothing_nobody_is_missed(lab: SimpleNamespace) -> None:
    detection, memory = lab.Classroom([]).detection(), _heard(lab, lab.at("08:30"))
    detection.tick(memory, lab.at("08:31"))
    assert detection.tick(memory, lab.at("14:00"), listening=False) == []
    assert detection.tick(memory, lab.at("14:10")) == []
    assert len(detection.tick(memory, lab.at("14:25"))) == 1


def test_a_restart_does_not_miss_a_node_twice(lab: SimpleNamespace) -> None:
    room, memory = lab.Classroom([]), _heard(lab, lab.at("08:30"))
    first, second = room.detection(), room.detection()
    first.tick(memory, lab.at("09:00"))
    assert len(first.tick(memory, lab.at("13:00"))) == 1
    second.tick(memory, lab.at("13:10"))
    assert second.tick(memory, lab.at("15:00")) == []


def test_a_node_that_is_there_and_says_nothing_new_lets_time_pass(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1), lab.report(lab.at("09:10"), "p1-tv", SILENT, 2))
    detection.judge(memory, [lab.NODE], lab.at("09:10"))
    found = [finding for minute in range(10, 59) for finding in detection.tick(memory, lab.at(f"09:{minute}"))]
    found += [finding for minute in range(10, 20) for finding in detection.tick(memory, lab.at(f"10:{minute}"))]
    assert lab.told(found) == [("opened", "p1-tv: tv_failed", "silent", lab.at("10:00"))]


def test_a_node_that_is_gone_lets_no_time_pass_for_its_devices(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    memory, detection = lab.Memory(room.devices), room.detection()
    memory.add(lab.report(lab.at("09:00"), "p1-tv", UP, 1), lab.report(lab.at("09:10"), "p1-tv", SILENT, 2))
    detection.judge(memory, [lab.NODE], lab.at("09:10"))
    memory.away()
    assert [finding for hour in range(10, 13) for finding in detection.tick(memory, lab.at(f"{hour}:00"))] == []


def test_what_was_committed_and_not_judged_is_judged_by_the_next_tick(lab: SimpleNamespace) -> None:
    room = lab.Classroom([lab.tv()])
    journal = room.journal([(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT)], lab.at("11:00"))
    memory = lab.Memory(room.devices)
    memory.add(*journal)
    assert len(room.detection().tick(memory, lab.at("11:00"))) == 1


def test_the_bench_shortens_the_times_to_seconds(lab: SimpleNamespace) -> None:
    settings = type(lab.Classroom([]).settings)(silent_class_min=0.25, recovered_min=0.05)
    room = lab.Classroom([lab.tv()], settings)
    said = [(lab.at("09:00"), "p1-tv", UP), (lab.at("09:10"), "p1-tv", SILENT), (lab.at("09:11"), "p1-tv", UP)]
    opened, cleared = room.play(said, lab.at("09:20"))
    assert opened.opened_at - opened.onset_at == 15_000
    assert cleared.cleared_at == lab.at("09:11")
