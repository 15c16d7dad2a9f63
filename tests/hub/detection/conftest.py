"""Recordings in miniature: what devices said at which event time, played through the detection that serves live traffic."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from firmware_profiles.schema import Profile
from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import Finding, FindingOpened
from hub.core.reports import Report, Sample
from hub.detection.calendar import Calendar
from hub.detection.facts import DeviceFacts, NodeHeard
from hub.detection.service import Detection
from hub.detection.settings import CalendarSettings, DetectionSettings
from wire.metrics import DataType, Value

BANGKOK = ZoneInfo("Asia/Bangkok")
MONDAY = datetime(2026, 6, 8, tzinfo=BANGKOK)
NODE = NodeKey("cpm3", "36030001")
_TYPES = {bool: DataType.BOOLEAN, int: DataType.INT64, float: DataType.DOUBLE, str: DataType.STRING}


def at(clock: str, day: int = 0) -> int:
    """The ms of a time such as 09:30, so many days after a Monday with class."""
    hour, minute, *second = map(int, clock.split(":"))
    moment = MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second[0] if second else 0)
    return round(moment.timestamp() * 1000)


def report(t: int, device: str, values: Mapping[str, Value], offset: int = 1, epoch: str = "e1") -> Report:
    samples = {name: Sample(value, _TYPES.get(type(value), DataType.BOOLEAN)) for name, value in values.items()}
    return Report(DeviceKey(NODE, device), epoch, offset, t, samples)


def profile(name: str, standby: str = "unknown", **more: Any) -> Profile:
    """A profile of which only what detection reads matters."""
    metrics = {limit["metric"] for limit in more.get("limit", ())} | {"power/on", "lamp/hours"}
    poll = {
        "name": "all",
        "every_s": 5,
        "request": "all",
        "answer": {"format": "facts"},
        "read": [{"metric": metric} for metric in sorted(metrics)],
    }
    label = {"en": name, "th": name}
    table = {"id": name, "label": label, "kind": "computer", "source": ["invented"], "protocol": {"name": "host"}}
    return Profile.model_validate({**table, "standby": standby, "poll": [poll], **more})


LIMITS = [
    {"metric": "host/cpu_temp_c", "above": 80, "clear": 75, "for_s": 600, "cause": "host_overheating"},
    {"metric": "host/disk_used_pct", "above": 90, "clear": 85, "for_s": 600, "cause": "host_disk_full"},
    {"metric": "host/disk_life_used_pct", "above": 90, "for_s": 0, "cause": "host_disk_worn"},
    {"metric": "host/undervoltage", "equals": True, "for_s": 600, "cause": "host_undervoltage"},
    {"metric": "host/clock_offset_s", "above": 10, "clear": 2, "for_s": 900, "cause": "host_clock_wrong"},
    {"metric": "host/clock_offset_s", "below": -10, "clear": -2, "for_s": 900, "cause": "host_clock_wrong"},
]
CATALOGUE = {
    "set/answers": profile("set/answers", "answers"),
    "set/silent": profile("set/silent", "silent"),
    "set/unknown": profile("set/unknown", "unknown"),
    "beamer/generic": profile("beamer/generic", "silent", life={"hours": 4000, "hours_metric": "lamp/hours"}),
    "beamer/strict": profile(
        "beamer/strict",
        life={"hours": 4000, "hours_metric": "lamp/hours"},
        limit=[{"metric": "lamp/hours", "above": 3000, "for_s": 0, "cause": "lamp_worn"}],
    ),
    "host/linux": profile("host/linux", "silent", limit=LIMITS),
}


class Memory:
    """The store of one node, in memory. State goes through JSON, as it does in the database."""

    def __init__(self, devices: Iterable[DeviceFacts]) -> None:
        self.facts = list(devices)
        self.journal: list[Report] = []
        self.judged: dict[str, int] = {}
        self.saved: str | None = None
        self.presence = NodeHeard(NODE, True, 0, None, True)

    def add(self, *reports: Report) -> None:
        """Commit reports, in any order and any number of times."""
        held = {(each.epoch, each.offset): each for each in (*self.journal, *reports)}
        self.journal = [held[key] for key in sorted(held)]
        newest = max(each.t for each in reports)
        heard_at = max(newest, self.presence.heard_at or newest)
        self.presence = NodeHeard(NODE, self.presence.online, self.presence.status_since, heard_at, True)

    def away(self) -> None:
        self.presence = NodeHeard(NODE, False, 0, self.presence.heard_at, True)

    def nodes(self) -> list[NodeHeard]:
        return [self.presence]

    def behind(self) -> list[NodeKey]:
        return [NODE] if next(self.unjudged(NODE), None) else []

    def heard(self, node: NodeKey) -> NodeHeard:
        return self.presence

    def devices(self, node: NodeKey) -> list[DeviceFacts]:
        return self.facts

    def state(self, node: NodeKey) -> Mapping[str, Any] | None:
        return None if self.saved is None else json.loads(self.saved)

    def unjudged(self, node: NodeKey) -> Iterator[Report]:
        judged = dict(self.judged)
        for each in list(self.journal):
            before = judged.get(each.epoch, 0)
            if each.offset > before + 1:
                return
            if each.offset == before + 1:
                judged[each.epoch] = each.offset
                yield each

    def save(self, node: NodeKey, state: Mapping[str, Any], judged: Mapping[str, int]) -> None:
        self.saved = json.dumps(state)
        self.judged |= judged


Said = tuple[int, str, Mapping[str, Value]]


@dataclass
class Classroom:
    """A school to be told what its devices say. It speaks for the node's computer every five minutes, as an agent does."""

    devices: Sequence[DeviceFacts]
    settings: DetectionSettings = field(default_factory=DetectionSettings)
    calendar: CalendarSettings = field(default_factory=CalendarSettings)

    def journal(self, said: Iterable[Said], until: int | None = None) -> list[Report]:
        """What was said with the beats of the node between, as a journal."""
        rows = sorted(said, key=lambda row: row[0])
        last = rows[-1][0] if until is None else until
        beats: list[Said] = [(t, HOST, {"host/uptime_s": t // 1000}) for t in range(rows[0][0], last + 1, 300_000)]
        ordered = sorted([*rows, *beats], key=lambda row: row[0])
        return [report(t, device, values, offset) for offset, (t, device, values) in enumerate(ordered, 1)]

    def detection(self) -> Detection:
        return Detection(self.settings, Calendar(self.calendar), CATALOGUE)

    def play(self, said: Iterable[Said], until: int | None = None) -> list[Finding]:
        """What is found in it, with the clock kept going up to `until`."""
        memory = Memory(self.devices)
        journal = self.journal(said, until)
        memory.add(*journal)
        return self.detection().judge(memory, [NODE], journal[-1].t)


def tv(standby: str = "answers", room: str = "p1", kind: str = "tv") -> DeviceFacts:
    return DeviceFacts(f"{room}-{kind}", kind, room, f"set/{standby}")


def receiver(room: str = "p1", standby: str = "answers", dish: str | None = None) -> DeviceFacts:
    return DeviceFacts(f"{room}-receiver", "receiver", room, f"set/{standby}", dish)


COMPUTER = DeviceFacts(HOST, "computer", None, "host/linux")


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """Findings in short: what came or went, where, and when the hub knew it came or since when it is gone."""
    return [
        ("opened", f"{each.device.device}: {each.cause}", each.sign, each.opened_at)
        if isinstance(each, FindingOpened)
        else ("cleared", f"{each.device.device}: {each.cause}", each.sign, each.cleared_at)
        for each in findings
    ]


@pytest.fixture(scope="session")
def lab() -> SimpleNamespace:
    """What the tests of detection build their recordings with."""
    return SimpleNamespace(
        CATALOGUE=CATALOGUE,
        COMPUTER=COMPUTER,
        NODE=NODE,
        Classroom=Classroom,
        Memory=Memory,
        at=at,
        profile=profile,
        receiver=receiver,
        report=report,
        told=told,
        tv=tv,
    )
