"""The labels agree with the recording: what they say was broken is seen broken there, and what they count can be counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator.evaluation.plain_rule import read_recording, school_of
from simulator.intervals import EVER, inside
from simulator.labels import labels as labels_of
from simulator.truth import Truth
from simulator.world import World

POLL_MS = 61_000
CAUSES = {
    "dish_misaligned", "signal_degrading", "lnb_failed", "receiver_failed", "tv_failed", "tv_no_signal", "lamp_worn",
    "host_overheating", "host_disk_full", "host_disk_worn", "host_undervoltage", "host_clock_wrong", "school_offline",
    "school_link_outage", "school_power_outage",
}  # fmt: skip


def _faults(labels: dict[str, Any], *causes: str) -> list[dict[str, Any]]:
    return [fault for fault in labels["faults"] if fault["cause"] in causes]


def _during(fault: dict[str, Any], t: int, grace: int = POLL_MS) -> bool:
    return fault["onset_at"] + grace < t < (fault["ended_at"] or 1 << 62)


def _said(recording: Path, name: str) -> Iterator[tuple[str, str, int, Any]]:
    for line in read_recording(recording):
        for metric, value in line["metrics"]:
            if metric == name:
                yield line["node"], line.get("device", ""), line["t"], value


def test_every_fault_is_of_a_repair_cause_and_lies_in_the_recording(labels: dict[str, Any], world: World) -> None:
    assert {fault["cause"] for fault in labels["faults"]} <= CAUSES
    for fault in labels["faults"]:
        assert world.span[0] * 1000 <= fault["onset_at"] < (fault["ended_at"] or world.span[1] * 1000)
        assert (fault["ended_at"] or 0) <= world.span[1] * 1000


def test_most_faults_can_be_seen(labels: dict[str, Any]) -> None:
    seen = [fault["observable"] for fault in labels["faults"]]
    assert sum(seen) >= 0.7 * len(seen) > 5


def test_no_receiver_locks_behind_a_dead_lnb(recording: Path, labels: dict[str, Any], world: World) -> None:
    dead = _faults(labels, "lnb_failed")
    assert dead
    for node, device, t, value in _said(recording, "signal/lock"):
        for fault in dead:
            rooms = world.school(fault["school"]).rooms_on(fault["dish"])
            mine = fault["school"] == school_of(node) and device in {room.receiver_key for room in rooms}
            assert not (mine and value and _during(fault, t)), (fault, t)


def test_a_dead_set_answers_nothing_until_it_is_mended(recording: Path, labels: dict[str, Any], world: World) -> None:
    silent = {
        (fault.school, fault.device): fault
        for fault in world.faults
        if fault.variant == "dead" and fault.device is not None
    }
    assert silent
    for node, device, t, value in _said(recording, "device/reachable"):
        fault = silent.get((school_of(node), device))
        if fault is not None and fault.onset * 1000 + POLL_MS < t < fault.end * 1000:
            assert value is False, (fault, t)


def test_no_receiver_locks_while_the_satellite_is_silent(recording: Path, world: World) -> None:
    silences = [(start + 90, end - 30) for start, end in world.outages.silences]
    for _, _, t, value in _said(recording, "signal/lock"):
        assert not (value and inside(silences, t / 1000)), t


def test_nothing_arrives_live_while_the_link_is_gone(recording: Path, world: World) -> None:
    gone = {school.code: world.cut_off(school) for school in world.district.schools}
    for line in read_recording(recording):
        if not line.get("historical") and line["type"] != "NDEATH":
            assert not inside(gone[school_of(line["node"])], line["t"] / 1000 + 0.001), line


def test_the_incident_of_a_link_that_nobody_mends_ends_with_the_recording(world: World) -> None:
    code, onset = world.district.schools[0].code, world.span[1] - 86_400
    forever = replace(world, outages=replace(world.outages, drops=world.outages.drops | {code: [(onset, EVER)]}))
    told = labels_of(forever, Truth(forever.calendar, forever.faults, forever.outages, forever.heard), [])
    mine = [each for each in told["incidents"] if each["cause"] == "school_link_outage" and each["schools"] == [code]]
    assert [(each["from"], each["to"]) for each in mine] == [(onset * 1000, world.span[1] * 1000)]


def test_no_set_answers_in_a_school_without_power(recording: Path, world: World) -> None:
    dark = {school.code: [(a + 61, b) for a, b in world.dark(school)] for school in world.district.schools}
    for node, device, t, value in _said(recording, "device/reachable"):
        if value and not device.endswith("-ups"):
            assert not inside(dark[school_of(node)], t / 1000), (node, device, t)


def test_after_a_power_cut_the_computer_has_run_for_less_than_it_was_silent(recording: Path, world: World) -> None:
    cuts = {
        school.code: [cut for cut in world.dark(school) if world.noticed(school, cut)]
        for school in world.district.schools
        if not school.ups_minutes
    }
    births = defaultdict(list)
    for node, device, t, value in _said(recording, "host/uptime_s"):
        if not device:
            births[school_of(node)].append((t / 1000, value))
    assert sum(map(len, cuts.values())) > 0
    for school, mine in cuts.items():
        for _, end in mine:
            after = next(((t, value) for t, value in births[school] if t > end), None)
            assert after is None or after[1] <= after[0] - end + 60


@pytest.mark.parametrize("what", ["lesson_minutes_lost", "usage_minutes"])
def test_no_room_has_more_minutes_than_its_day_has_class(labels: dict[str, Any], world: World, what: str) -> None:
    minutes: Counter[tuple[str, str, str]] = Counter()
    for each in labels[what]:
        minutes[(each["school"], each["room"], each["date"])] += each["minutes"]
    assert 0 < max(minutes.values()) <= world.calendar.closes - world.calendar.opens


def test_weather_and_upstream_are_no_faults_but_cost_lessons(labels: dict[str, Any]) -> None:
    assert {each["cause"] for each in labels["lesson_minutes_lost"]} >= {"rain_fade", "lnb_failed"}
    assert "dish_misaligned" not in {each["cause"] for each in labels["lesson_minutes_lost"]}


def test_use_can_be_counted_from_the_recording(recording: Path, labels: dict[str, Any], world: World) -> None:
    """A screen that is on and a receiver that is locked, replayed from the reports, give the labelled minutes."""
    told: Counter[tuple[str, str]] = Counter()
    for each in labels["usage_minutes"]:
        told[(each["school"], each["room"])] += each["minutes"]
    counted = _use(recording, world)
    close = [room for room in told if abs(counted[room] - told[room]) <= 0.04 * told[room] + 15]
    assert len(close) >= 0.9 * len(told)


def _use(recording: Path, world: World) -> Counter[tuple[str, str]]:
    reports = defaultdict(list)
    for line in read_recording(recording):
        school = school_of(line["node"])
        if line["type"] == "NDEATH" or line["type"] == "NBIRTH":
            reports[(school, "")].append((line["t"], line["node"], {}))
        elif device := line.get("device"):
            reports[(school, device.split("-")[0])].append((line["t"], device, dict(line["metrics"])))
    counted: Counter[tuple[str, str]] = Counter()
    for school in world.district.schools:
        for room in school.rooms:
            gone = [each for each in reports[(school.code, "")] if each[1] == room.node]
            mine = sorted([*reports[(school.code, room.key)], *gone], key=lambda each: each[0])
            counted[(school.code, room.key)] = round(_on_minutes(mine, room.receiver_key, room.screen_key, world))
    return counted


def _on_minutes(reports: list[tuple[int, str, dict[str, Any]]], box: str, screen: str, world: World) -> float:
    on, locked, since, total = False, False, 0.0, 0.0
    for t, device, metrics in reports:
        if on and locked:
            total += world.calendar.class_seconds(since, t / 1000)
        since = t / 1000
        if device == screen:
            on = metrics.get("power/on", on) is True and metrics.get("device/reachable", True) is True
        elif device == box:
            locked = metrics.get("signal/lock", locked) is True and metrics.get("device/reachable", True) is True
        elif not metrics and device not in (box, screen):
            on = locked = False
    return total / 60
