"""A school as its reports tell it: for each device the current values, since when they hold, and what was learnt of its habits.

Decides what is known at an event time; what it means is left to the causes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.core.equipment import HOST
from hub.core.reports import Report, Sample
from hub.detection.daily import Daily
from hub.detection.facts import NOTHING_KNOWN, DeviceFacts, ProfileFacts
from hub.detection.levels import Level
from hub.detection.pictures import Pictures
from wire.metrics import Value
from wire.vocabulary import BY_KIND, REACHABLE

POWER = "power/on"
LOCK = "signal/lock"
SIGNAL, SOURCE = "input/signal", "input/source"
WATCHED = frozenset(name for metrics in BY_KIND.values() for name in metrics)
"""What is kept: the vocabulary. A device may report anything, and the state must stay small."""
_SCREEN = frozenset({SIGNAL, SOURCE, POWER, REACHABLE})
_NUMBERS = (int, float)
_LONGEST_TEXT = 200
_MOST_INPUTS = 12
_SILENCE_MS = 30 * 60_000
"""Shorter ones are restarts and loose plugs, which say nothing of how it is switched off."""
DeviceId = tuple[str, str]
"""Node and device key: a school may have several agents."""


@dataclass(slots=True)
class Reading:
    """The value of a metric: it holds since `since`, and was last told for `t`."""

    value: Value
    since: int
    t: int


@dataclass(slots=True)
class Company:
    """Whether a set is on when something beside it is: only then is that a witness of its silence.

    together_ms, apart_ms  class time in which the other was on, with this set answering, and without
    rest_ms                class time in which the other was off, and this set did not answer
    waiting_ms             time apart in the silence that lasts; longest_ms: the longest in any that ended
    days, most_days, day   on how many days of it somebody switched the other on; the most in any that ended; the last of them
    fell_day, fell         the day on which the set fell silent beside the other; the other waited longer than ever on it
    since, on, off, answering  how both are since when; one that is on without lock is neither on nor off
    """

    together_ms: int = 0
    apart_ms: int = 0
    rest_ms: int = 0
    waiting_ms: int = 0
    days: int = 0
    most_days: int = 0
    day: int = 0
    longest_ms: int = 0
    fell_day: int = 0
    fell: bool = False
    since: int | None = None
    on: bool = False
    off: bool = False
    answering: bool = False


@dataclass(slots=True)
class Learnt:
    """What a device's own history says of its silence.

    answered            it has answered at all
    answered_while_off  it said that it was off: so it answers in standby
    answering_since, longest_ms  begin of the stretch in which it answers; the longest in which it never said that it was on
    on_since, longest_on_ms  the same, whether it said that it was on or not
    kept_at, kept_ms    for how long it has answered whenever its node was there, without any silence in between
    silences            how often it was silent for a while and came back by itself: so it is when it is switched off
    pictures_ms         for how long it has shown a picture, by input; `picture` is what it shows since when
    lit, lit_at         whether it shows a picture, and when it was last known to
    company             how it goes with the room's picture source and plug, by `source` and `plug`
    daily               on which days it is at work
    pictures            since when it has had no picture that it should have; of screens only
    """

    answered: bool = False
    answered_while_off: bool = False
    answering_since: int | None = None
    longest_ms: int = 0
    on_since: int | None = None
    longest_on_ms: int = 0
    kept_at: int | None = None
    kept_ms: int = 0
    silences: int = 0
    pictures_ms: dict[str, int] = field(default_factory=dict)
    picture: tuple[str, int] | None = None
    lit: bool = False
    lit_at: int | None = None
    company: dict[str, Company] = field(default_factory=dict)
    daily: Daily = field(default_factory=Daily)
    pictures: Pictures | None = None

    @property
    def usual_input(self) -> str | None:
        """The input on which it mostly has its picture."""
        return max(self.pictures_ms, key=lambda each: (self.pictures_ms[each], each), default=None)


@dataclass(slots=True)
class DeviceView:
    """A device at the event time that its school has reached.

    present  its node has a session, and the device was heard in it
    level    its signal; of receivers only
    """

    facts: DeviceFacts
    profile: ProfileFacts = NOTHING_KNOWN
    readings: dict[str, Reading] = field(default_factory=dict)
    learnt: Learnt = field(default_factory=Learnt)
    present: bool = False
    level: Level | None = None
    node: str = ""

    @property
    def key(self) -> str:
        return self.facts.key

    @property
    def id(self) -> DeviceId:
        return self.node, self.facts.key

    @property
    def silent(self) -> bool:
        """Its agent asked and got no answer."""
        reachable = self.readings.get(REACHABLE)
        return self.present and reachable is not None and reachable.value is False

    @property
    def silent_since(self) -> int | None:
        return self.readings[REACHABLE].since if self.silent else None

    @property
    def answers(self) -> bool:
        """It answered when it was last asked. A device that tells nothing of the kind answers by reporting."""
        if not self.present:
            return False
        reachable = self.readings.get(REACHABLE)
        return bool(self.readings) if reachable is None else reachable.value is True

    def value(self, metric: str) -> Value:
        """What it says now; None where it says nothing, or answers no more."""
        if not self.present:
            return None
        readings = self.readings
        reachable = readings.get(REACHABLE)
        if reachable is not None and reachable.value is False:
            return None
        reading = readings.get(metric)
        return None if reading is None else reading.value

    def number(self, metric: str) -> float | None:
        """The same for figures."""
        value = self.value(metric)
        return float(value) if isinstance(value, _NUMBERS) and not isinstance(value, bool) else None

    def since(self, *metrics: str) -> int:
        """Since when it says all of these."""
        return max(self.readings[metric].since for metric in metrics if metric in self.readings)

    def take(self, samples: Mapping[str, Sample], at: int) -> list[str]:
        """Take a report of `at`. The metrics whose values changed."""
        changed = []
        readings = self.readings
        self.present = True
        for name, (value, _, own) in samples.items():
            t = at if own is None or own > at else own
            reading = readings.get(name)
            if reading is None:
                if name in WATCHED:
                    readings[name] = Reading(_shortened(value), t, t)
                    changed.append(name)
            elif t >= reading.t:
                reading.t = t
                if value != reading.value:
                    if name == REACHABLE:
                        self._end_silence(reading, t)
                    reading.value, reading.since = value if type(value) is not str else value[:_LONGEST_TEXT], t
                    changed.append(name)
        self._learn(at)
        if changed and not _SCREEN.isdisjoint(changed):
            self._learn_input(at)
        return changed

    def _learn_input(self, at: int) -> None:
        learnt = self.learnt
        if learnt.picture is not None:
            source, since = learnt.picture
            learnt.pictures_ms[source] = learnt.pictures_ms.get(source, 0) + max(0, at - since)
        shown = self.value(SOURCE)
        lit = self.value(SIGNAL) is True and self.value(POWER) is not False
        if learnt.lit:
            learnt.lit_at = at
        learnt.lit = lit
        known = shown in learnt.pictures_ms or len(learnt.pictures_ms) < _MOST_INPUTS
        learnt.picture = (shown, at) if lit and isinstance(shown, str) and known else None

    def _learn(self, at: int) -> None:
        learnt = self.learnt
        readings = self.readings
        reachable = readings.get(REACHABLE)
        if reachable is not None and reachable.value is not True:
            learnt.answering_since = learnt.on_since = learnt.kept_at = None
            return
        learnt.answered = True
        if learnt.on_since is None:
            learnt.on_since = at
        elif at - learnt.on_since > learnt.longest_on_ms:
            learnt.longest_on_ms = at - learnt.on_since
        if learnt.kept_at is not None and at > learnt.kept_at:
            learnt.kept_ms += at - learnt.kept_at
        learnt.kept_at = at
        power = readings.get(POWER)
        if power is not None and power.value is False:
            learnt.answered_while_off = True
        if learnt.answering_since is None or (power is not None and power.value is True):
            # A set that is on all night answers all night: that says nothing of its standby.
            learnt.answering_since = at
        elif at - learnt.answering_since > learnt.longest_ms:
            learnt.longest_ms = at - learnt.answering_since

    def _end_silence(self, reachable: Reading, t: int) -> None:
        if reachable.value is not False:
            return
        self.learnt.kept_ms = 0
        if t - reachable.since >= _SILENCE_MS:
            self.learnt.silences += 1

    def interrupt(self) -> None:
        """Its node was away: nobody listened, so the stretch in which it answers begins anew."""
        self.learnt.answering_since = self.learnt.on_since = self.learnt.kept_at = self.learnt.picture = None


def _shortened(value: Value) -> Value:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


@dataclass(slots=True)
class SiteView:
    """The devices of a school at event time `t`, which never goes back. `wet`, `pauses`: asked of the sky and the district."""

    t: int | None = None
    devices: dict[DeviceId, DeviceView] = field(default_factory=dict)
    wet: Callable[[int], bool] = lambda _: False
    pauses: Callable[[int], bool] = lambda _: False

    def device(self, node: str, key: str) -> DeviceView:
        """The device, from now on there if it was not."""
        device = self.devices.get((node, key))
        if device is None:
            device = self.devices[node, key] = DeviceView(DeviceFacts(key, "other"), node=node)
        return device

    def take(self, report: Report, at: int) -> list[str]:
        """Take a report. The metrics whose values changed."""
        return self.device(report.device.node.name, report.device.device).take(report.samples, at)

    def of_node(self, node: str) -> Iterator[DeviceView]:
        return (device for (name, _), device in self.devices.items() if name == node)

    @property
    def equipment(self) -> Iterator[DeviceView]:
        """What stands in the rooms: all devices but the nodes' own computers."""
        return (device for (_, key), device in self.devices.items() if key != HOST)

    @property
    def receivers(self) -> Iterator[DeviceView]:
        return (device for device in self.equipment if device.facts.kind == "receiver")

    def room_mates(self, device: DeviceView) -> list[DeviceView]:
        """The other devices of its room; none where its room is not known."""
        room = device.facts.room
        if not room:
            return []
        others = self.devices.items()
        return [other for (_, key), other in others if other.facts.room == room and other is not device and key != HOST]

    def elsewhere(self, device: DeviceView) -> list[DeviceView]:
        """The devices that are not of its room."""
        return self._others(device, lambda other: not device.facts.room or other.facts.room != device.facts.room)

    def same_dish(self, device: DeviceView) -> list[DeviceView]:
        """The other receivers on its dish. Where the register names no dish, a school has one."""
        return self._others(
            device, lambda other: other.facts.kind == "receiver" and other.facts.dish == device.facts.dish
        )

    def _others(self, device: DeviceView, wanted: Callable[[DeviceView], bool]) -> list[DeviceView]:
        return [other for other in self.equipment if other is not device and wanted(other)]
