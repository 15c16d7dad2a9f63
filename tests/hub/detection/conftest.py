"""Recordings in miniature: what schools said at which event time, played through the detection that serves live traffic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from firmware_profiles.schema import Profile
from hub.core.equipment import HOST, DeviceKey, NodeKey
from hub.core.findings import (
    Conclusion,
    Finding,
    FindingCleared,
    FindingCorrected,
    FindingOpened,
    Incident,
    Place,
    RoomDay,
)
from hub.core.reports import ONLINE, Report, Sample
from hub.detection.calendars import Calendars
from hub.detection.facts import DeviceFacts, SchoolFacts
from hub.detection.service import Detection
from hub.detection.settings import CalendarSettings, DetectionSettings
from wire.metrics import DataType, Value
from wire.vocabulary import REACHABLE

BANGKOK = ZoneInfo("Asia/Bangkok")
MONDAY = datetime(2026, 6, 8, tzinfo=BANGKOK)
GROUP = "cpm3"
NODE = NodeKey(GROUP, "36030001")
MINUTE = 60_000
HOUR, DAY = 60 * MINUTE, 1440 * MINUTE
OURS, JOURNAL = "ours", "e1"
KM = 1 / 111.2
"""A degree of latitude, the other way round."""
_TYPES = {bool: DataType.BOOLEAN, int: DataType.INT64, float: DataType.DOUBLE, str: DataType.STRING}


def at(clock: str, day: int = 0) -> int:
    """The ms of a time such as 09:30, so many days after a Monday with class."""
    hour, minute, *second = map(int, clock.split(":"))
    moment = MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second[0] if second else 0)
    return round(moment.timestamp() * 1000)


def report(
    t: int, device: str, values: Mapping[str, Value], offset: int = 1, epoch: str = JOURNAL, node: NodeKey = NODE
) -> Report:
    samples = {name: Sample(value, _TYPES.get(type(value), DataType.BOOLEAN)) for name, value in values.items()}
    return Report(DeviceKey(node, device), epoch, offset, t, samples)


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
    "tuner/reference": profile("tuner/reference", "unknown", kind="receiver", reference=True),
    "beamer/generic": profile("beamer/generic", "silent", life={"hours": 4000, "hours_metric": "lamp/hours"}),
    "beamer/strict": profile(
        "beamer/strict",
        life={"hours": 4000, "hours_metric": "lamp/hours"},
        limit=[{"metric": "lamp/hours", "above": 3000, "for_s": 0, "cause": "lamp_worn"}],
    ),
    "host/linux": profile("host/linux", "silent", limit=LIMITS),
    "host/raspberry-pi": profile("host/raspberry-pi", "silent", limit=LIMITS),
}


class Memory:
    """The store, in memory. States go through JSON, as they do in the database."""

    def __init__(
        self,
        devices: Iterable[DeviceFacts] | Mapping[NodeKey, Iterable[DeviceFacts]],
        schools: Sequence[SchoolFacts] = (),
    ) -> None:
        by_node = devices if isinstance(devices, Mapping) else {NODE: devices}
        self.equipment = {node: tuple(known) for node, known in by_node.items()}
        self.register = tuple(schools)
        self.journals: dict[tuple[NodeKey, str], dict[int, Report]] = {}
        self.judged: dict[tuple[NodeKey, str], int] = {}
        self.saved: dict[tuple[str, str], bytes] = {}

    def add(self, *reports: Report) -> None:
        """Commit reports, in any order and any number of times."""
        for each in reports:
            self.journals.setdefault((each.device.node, each.epoch), {})[each.offset] = each

    def schools(self) -> Sequence[SchoolFacts]:
        return self.register

    def devices(self) -> Iterator[tuple[DeviceKey, DeviceFacts]]:
        return (each for node in self.equipment for each in self.devices_of(node))

    def devices_of(self, key: NodeKey) -> Iterator[tuple[DeviceKey, DeviceFacts]]:
        return ((DeviceKey(key, facts.key), facts) for facts in self.equipment.get(key, ()))

    def states(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        return ((group, name, orjson.loads(state)) for (group, name), state in self.saved.items())

    def waiting(self) -> list[NodeKey]:
        return sorted({node for node, epoch in self.journals if self._next(node, epoch) in self.journals[node, epoch]})

    def unjudged(self, key: NodeKey, ahead: Mapping[NodeKey, Mapping[str, int]]) -> list[Iterator[Report]]:
        judged = ahead.get(key, {})
        return [self._rest(key, epoch, judged.get(epoch, 0)) for node, epoch in self.journals if node == key]

    def _rest(self, node: NodeKey, epoch: str, after: int) -> Iterator[Report]:
        journal, offset = self.journals[node, epoch], max(after + 1, self._next(node, epoch))
        while offset in journal:
            yield journal[offset]
            offset += 1

    def _next(self, node: NodeKey, epoch: str) -> int:
        return self.judged.get((node, epoch), 0) + 1

    def save(
        self, states: Mapping[tuple[str, str], Mapping[str, Any]], judged: Mapping[NodeKey, Mapping[str, int]]
    ) -> None:
        self.saved |= {key: orjson.dumps(state) for key, state in states.items()}
        for node, epochs in judged.items():
            self.judged |= {(node, epoch): offset for epoch, offset in epochs.items()}


@dataclass
class Fault:
    """What became a ticket: a finding as it stands in the end. `causes`: all that it was told to be, the last one last."""

    place: Place
    sign: str
    causes: list[str]
    onset_at: int
    opened_at: int
    evidence: Mapping[str, Any]
    alternatives: list[str]
    cleared_at: int | None = None

    @property
    def cause(self) -> str:
        return self.causes[-1]

    @property
    def where(self) -> str:
        """The node, and what has befallen there: a device, `dish d1`, or nothing for the computer itself."""
        what = f"dish {self.place.dish}" if self.place.dish else self.place.device.device
        return f"{self.place.device.node.name} {what}".strip()


@dataclass
class Outcome:
    """What was concluded in the end: the last word on each fault, incident and day of a room."""

    faults: list[Fault] = field(default_factory=list)
    incidents: dict[str, Incident] = field(default_factory=dict)
    days: dict[tuple[str, str, str], RoomDay] = field(default_factory=dict)

    @classmethod
    def of(cls, conclusions: Iterable[Conclusion]) -> "Outcome":
        outcome = cls()
        for each in conclusions:
            match each:
                case Incident():
                    outcome.incidents[each.key] = each
                case RoomDay():
                    outcome.days[each.school, each.room, each.date] = each
                case _:
                    outcome._take(each)
        outcome.incidents = {key: each for key, each in outcome.incidents.items() if each.schools}
        return outcome

    def _take(self, finding: Finding) -> None:
        if isinstance(finding, FindingOpened):
            self.faults.append(
                Fault(
                    finding.place,
                    finding.sign,
                    [finding.cause],
                    finding.onset_at,
                    finding.opened_at,
                    finding.evidence[0].params,
                    [each.cause for each in finding.alternatives],
                )
            )
            return
        was = finding.was if isinstance(finding, FindingCorrected) else finding.cause
        (fault,) = (
            each
            for each in self.faults
            if (each.place, each.sign, each.cause, each.cleared_at) == (finding.place, finding.sign, was, None)
        )
        if isinstance(finding, FindingCorrected):
            fault.causes.append(finding.cause)
        else:
            fault.cleared_at = finding.cleared_at

    @property
    def tickets(self) -> list[tuple[str, str]]:
        """Where and what, in the order in which they were told. Several signs of a fault are one ticket."""
        return list(dict.fromkeys((each.where, each.cause) for each in self.faults))

    def told(self, cause: str) -> list[Incident]:
        """The incidents of a cause, in order."""
        return sorted((each for each in self.incidents.values() if each.cause == cause), key=lambda each: each.start)

    def lost(self, school: str, day: int = 0, room: str = "p1") -> Mapping[str, float]:
        """The lesson minutes lost on a day, by cause."""
        told = self._day(school, day, room)
        return {} if told is None else {cause: round(minutes) for cause, minutes in told.lost.items()}

    def used(self, school: str, day: int = 0, room: str = "p1") -> float:
        """For how many minutes of class the room was in use."""
        told = self._day(school, day, room)
        return 0.0 if told is None else told.used

    def _day(self, school: str, day: int, room: str) -> RoomDay | None:
        return self.days.get((school, room, (MONDAY + timedelta(days=day)).date().isoformat()))

    def facts(self) -> dict[str, set[Any]]:
        """For comparisons: what does not depend on the order in which it was told."""
        return {
            "faults": {
                (each.place, each.sign, tuple(each.causes), each.onset_at, each.opened_at, each.cleared_at)
                for each in self.faults
            },
            "incidents": {
                (each.key, each.cause, each.start, each.end, tuple(sorted(each.schools.items())))
                for each in self.incidents.values()
            },
            "days": {
                (key, tuple(sorted(day.lost.items())), round(day.used, 6))
                for key, day in self.days.items()
                if day.lost or day.used
            },
        }


Drop = Callable[[int], float | None]
"""How many dB below clear sky a dish is at a time; None: no lock."""


def clear_sky(_t: int) -> float:
    return 0.0


def step(start: int, db: float, end: int | None = None) -> Drop:
    """It falls at once and stays."""
    return lambda t: db if start <= t and (end is None or t < end) else 0.0


def shower(start: int, minutes: float, db: float) -> Drop:
    """It swells and ebbs, unsteadily; lock is lost where it takes more than 6 dB."""

    def drop(t: int) -> float | None:
        passed = (t - start) / MINUTE / minutes
        if not 0 <= passed < 1:
            return 0.0
        swing = (0.55, 1.0, 0.7, 0.9, 0.4)[t // (5 * MINUTE) % 5]
        lost = db * min(1.0, 4 * passed, 4 * (1 - passed)) * swing
        return None if lost > 6 else lost

    return drop


def dark(start: int, end: int | None = None) -> Drop:
    return lambda t: None if start <= t and (end is None or t < end) else 0.0


def both(*drops: Drop) -> Drop:
    """One after the other, or one on top of the other."""

    def drop(t: int) -> float | None:
        lost = [each(t) for each in drops]
        return None if None in lost else sum(each for each in lost if each is not None)

    return drop


@dataclass
class School:
    """A school with one node. Its births and deaths go to the journal of the hub, what it says to its own."""

    code: str
    devices: Sequence[DeviceFacts]
    place: tuple[float, float] | None = (15.8, 102.0)
    session: list[tuple[int, str, Mapping[str, Value]]] = field(default_factory=list)
    said: list[tuple[int, str, Mapping[str, Value]]] = field(default_factory=list)

    @property
    def node(self) -> NodeKey:
        return NodeKey(GROUP, self.code)

    @property
    def receivers(self) -> list[DeviceFacts]:
        return [each for each in self.devices if each.kind == "receiver"]

    def born(self, t: int, uptime_min: float = 6000, but: Sequence[str] = ()) -> None:
        """The node is there, with all its devices."""
        self.session.append((t, HOST, {ONLINE: True, "host/uptime_s": round(uptime_min * 60)}))
        for each in self.devices:
            if each.key != HOST:
                self.session.append((t, each.key, {REACHABLE: each.key not in but}))

    def dies(self, t: int) -> None:
        self.session.append((t, HOST, {ONLINE: False}))

    def says(self, t: int, device: str, **values: Value) -> None:
        """`signal__lock` stands for signal/lock."""
        self.said.append((t, device, {name.replace("__", "/", 1): value for name, value in values.items()}))

    def beats(self, start: int, end: int, every_min: float = 10) -> None:
        """Its computer says something now and then."""
        for t in range(start, end, round(every_min * MINUTE)):
            self.says(t, HOST, host__cpu_pct=float(t // MINUTE % 7))

    def hears(
        self,
        start: int,
        end: int,
        drop: Drop = clear_sky,
        *,
        every_min: float = 10,
        level: float = 13.0,
        gauge: str = "signal__cnr_db",
        per_db: float = 1.0,
        only: Sequence[str] = (),
    ) -> None:
        """Its receivers tell what they hear, with a little noise."""
        for n, each in enumerate(each for each in self.receivers if not only or each.key in only):
            locked: bool | None = None
            for t in range(start + n * 7000, end, round(every_min * MINUTE)):
                lost = drop(t)
                values: dict[str, Value] = {} if (lost is not None) is locked else {"signal__lock": lost is not None}
                locked = lost is not None
                if lost is not None:
                    noise = ((t // MINUTE * 7 + n * 3) % 5 - 2) / 10
                    values[gauge] = round((level - lost + noise) * per_db, 1)
                elif values:
                    values[gauge] = None
                if values:
                    self.says(t, each.key, **values)

    def lives(self, start: int, end: int, drop: Drop = clear_sky, **how: Any) -> None:
        """It is there from one time to another, with its receivers on."""
        self.born(start, **{name: how.pop(name) for name in ("uptime_min", "but") if name in how})
        for each in self.devices:
            if each.kind == "receiver":
                self.says(start, each.key, power__on=True)
        self.beats(start + MINUTE, end, how.get("every_min", 10))
        self.hears(start + MINUTE, end, drop, **how)

    def journals(self) -> list[Report]:
        return [*self._journal(OURS, self.session), *self._journal(JOURNAL, self.said)]

    def _journal(self, epoch: str, rows: Sequence[tuple[int, str, Mapping[str, Value]]]) -> list[Report]:
        ordered = sorted(rows, key=lambda row: row[0])
        return [report(*row, offset, epoch, self.node) for offset, row in enumerate(ordered, 1)]


@dataclass
class Town:
    """A district in which schools are told what to say."""

    schools: list[School] = field(default_factory=list)
    settings: DetectionSettings = field(default_factory=DetectionSettings)
    calendar: CalendarSettings = field(default_factory=CalendarSettings)
    orbital_position: float = 78.5

    def school(self, *devices: DeviceFacts, km: float | None = 0.0) -> School:
        """One more school, so many km north of the first."""
        code = f"3603{len(self.schools) + 1:04}"
        place = None if km is None else (15.8 + km * KM, 102.0)
        school = School(code, devices or (receiver(), tv()), place)
        self.schools.append(school)
        return school

    def row(self, count: int, apart_km: float = 4.0, *devices: DeviceFacts) -> list[School]:
        """Schools along a road."""
        return [self.school(*devices, km=n * apart_km) for n in range(count)]

    def memory(self, *, filled: bool = True) -> Memory:
        """The store, with the register of schools, and with all that they say or nothing."""
        facts = [SchoolFacts(GROUP, each.code, *(each.place or (None, None))) for each in self.schools]
        memory = Memory({each.node: each.devices for each in self.schools}, facts)
        if filled:
            memory.add(*self.reports())
        return memory

    def reports(self) -> list[Report]:
        return [each for school in self.schools for each in school.journals()]

    def detection(self, since: int = 0) -> Detection:
        """As it is after the hub has listened for a while."""
        detection = Detection(
            self.settings, Calendars(self.calendar).of, CATALOGUE, orbital_position=self.orbital_position
        )
        detection.tick(Memory({}), since)
        detection.forget()
        return detection

    def play(self, until: int) -> Outcome:
        """What it comes to by then."""
        memory = self.memory(filled=False)
        memory.add(*(each for each in self.reports() if each.t <= until))
        return Outcome.of(self.detection().finish(memory, until))


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
        return Town(settings=self.settings, calendar=self.calendar).detection()

    def conclude(self, said: Iterable[Said], until: int | None = None) -> list[Conclusion]:
        """What is concluded from it, with the clock kept going up to `until`."""
        memory = Memory(self.devices)
        journal = self.journal(said, until)
        memory.add(*journal)
        return self.detection().finish(memory, journal[-1].t)

    def play(self, said: Iterable[Said], until: int | None = None) -> list[Finding]:
        """What is found in it."""
        return found(self.conclude(said, until))


def tv(standby: str = "answers", room: str = "p1", kind: str = "tv") -> DeviceFacts:
    return DeviceFacts(f"{room}-{kind}", kind, room, f"set/{standby}")


def receiver(room: str = "p1", standby: str = "answers", dish: str | None = None) -> DeviceFacts:
    return DeviceFacts(f"{room}-receiver", "receiver", room, f"set/{standby}", dish)


def rooms(count: int, standby: str = "answers") -> list[DeviceFacts]:
    """A receiver and a set in each, all receivers on one dish."""
    names = [f"p{n}" for n in range(1, count + 1)]
    return [each for room in names for each in (receiver(room, standby, "d1"), tv(standby, room))]


COMPUTER = DeviceFacts(HOST, "computer", None, "host/linux")


def found(conclusions: Iterable[Conclusion]) -> list[Finding]:
    """The findings among the conclusions."""
    return [each for each in conclusions if isinstance(each, FindingOpened | FindingCorrected | FindingCleared)]


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """Findings in short: what came or went, where, and when the hub knew it came or since when it is gone."""
    short = []
    for each in findings:
        what = f"{each.place.device.device}: {each.cause}"
        match each:
            case FindingOpened():
                short.append(("opened", what, each.sign, each.opened_at))
            case FindingCorrected():
                short.append(("corrected", what, each.sign, each.corrected_at))
            case FindingCleared():
                short.append(("cleared", what, each.sign, each.cleared_at))
    return short


def play_in_pieces(
    town: Town, until: int, arrivals: Sequence[tuple[int, Report]], looks: Sequence[tuple[int, bool]]
) -> Outcome:
    """The same as Town.play, but as it comes in: each report at its arrival; looks at some times, some after a restart."""
    memory, detection = town.memory(filled=False), town.detection()
    waiting = sorted((each for each in arrivals if each[1].t <= until), key=lambda each: each[0])
    conclusions: list[Conclusion] = []
    arrived = 0
    for now, restarts in sorted(looks):
        count = sum(1 for when, _ in waiting[arrived:] if when <= now)
        memory.add(*(each for _, each in waiting[arrived : arrived + count]))
        arrived += count
        if restarts:
            detection = town.detection()
        conclusions += detection.judge(memory, memory.waiting(), now)
    memory.add(*(each for _, each in waiting[arrived:]))
    return Outcome.of([*conclusions, *town.detection().finish(memory, until)])


class _Lab(SimpleNamespace):
    def __repr__(self) -> str:
        return "lab"


@pytest.fixture(scope="session")
def lab() -> SimpleNamespace:
    """What the tests of detection build their recordings with."""
    names = (
        "CATALOGUE COMPUTER DAY GROUP HOUR JOURNAL MINUTE NODE OURS Classroom Fault Memory Outcome School Town at both "
        "clear_sky dark found play_in_pieces profile receiver report rooms shower step told tv"
    )
    return _Lab(**{name: globals()[name] for name in names.split()})
