"""A node as its reports tell it: for each device the current values, since when they hold, and what was learnt of its habits.

Reports are taken in the order of the journal. Decides what is known at an event time; what it means is left to the causes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.core.equipment import HOST
from hub.core.reports import Report, Sample
from hub.detection.facts import NOTHING_KNOWN, DeviceFacts, ProfileFacts
from wire.metrics import Value
from wire.vocabulary import BY_KIND, REACHABLE

POWER = "power/on"
WATCHED = frozenset(name for metrics in BY_KIND.values() for name in metrics)
"""What is kept: the vocabulary. A device may report anything, and the state must stay small."""
_LONGEST_TEXT = 200


@dataclass(slots=True)
class Reading:
    """The value of a metric: it holds since `since`, and was last told for `t`."""

    value: Value
    since: int
    t: int


@dataclass(slots=True)
class Learnt:
    """What a device's own history says of its silence.

    answered            it has answered at all
    answered_while_off  it said that it was off: so it answers in standby
    answering_since     begin of the stretch in which it answers without a break, as far as we listened
    longest_ms          the longest such stretch in which it never said that it was on
    """

    answered: bool = False
    answered_while_off: bool = False
    answering_since: int | None = None
    longest_ms: int = 0


@dataclass(slots=True)
class DeviceView:
    """A device at the event time that its node has reached."""

    facts: DeviceFacts
    profile: ProfileFacts = NOTHING_KNOWN
    readings: dict[str, Reading] = field(default_factory=dict)
    learnt: Learnt = field(default_factory=Learnt)

    @property
    def key(self) -> str:
        return self.facts.key

    @property
    def silent(self) -> bool:
        """Its agent asked and got no answer."""
        return self._last(REACHABLE) is False

    @property
    def silent_since(self) -> int | None:
        return self.readings[REACHABLE].since if self.silent else None

    @property
    def answers(self) -> bool:
        """It answered when it was last asked. A device that tells nothing of the kind answers by reporting."""
        reachable = self.readings.get(REACHABLE)
        return bool(self.readings) if reachable is None else reachable.value is True

    def value(self, metric: str) -> Value:
        """What it says now; None where it says nothing, or answers no more."""
        return None if self.silent else self._last(metric)

    def number(self, metric: str) -> float | None:
        """The same for figures."""
        value = self.value(metric)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def since(self, *metrics: str) -> int:
        """Since when it says all of these."""
        return max(self.readings[metric].since for metric in metrics if metric in self.readings)

    def _last(self, metric: str) -> Value:
        reading = self.readings.get(metric)
        return None if reading is None else reading.value

    def take(self, samples: Mapping[str, Sample], at: int) -> bool:
        """Take a report of `at`. Whether any value changed."""
        changed = False
        for name, sample in samples.items():
            if name in WATCHED:
                t = at if sample.t is None else min(sample.t, at)
                changed |= self._note(name, _shortened(sample.value), t)
        self._learn(at)
        return changed

    def _note(self, name: str, value: Value, t: int) -> bool:
        reading = self.readings.get(name)
        if reading is None:
            self.readings[name] = Reading(value, t, t)
            return True
        if t < reading.t:
            return False
        reading.t = t
        if value == reading.value:
            return False
        reading.value, reading.since = value, t
        return True

    def _learn(self, at: int) -> None:
        learnt = self.learnt
        power = self.value(POWER)
        if not self.answers:
            learnt.answering_since = None
            return
        learnt.answered = True
        learnt.answered_while_off |= power is False
        if power is True or learnt.answering_since is None:
            # A set that is on all night answers all night: that says nothing of its standby.
            learnt.answering_since = at
        learnt.longest_ms = max(learnt.longest_ms, at - learnt.answering_since)

    def interrupt(self) -> None:
        """Its node was off: nobody listened, so the stretch in which it answers begins anew."""
        self.learnt.answering_since = None


def _shortened(value: Value) -> Value:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


@dataclass(slots=True)
class NodeView:
    """The devices of a node at event time `t`, which never goes back."""

    t: int | None = None
    devices: dict[str, DeviceView] = field(default_factory=dict)

    def take(self, report: Report, at: int) -> bool:
        """Take a report. Whether any value changed."""
        key = report.device.device
        device = self.devices.get(key)
        if device is None:
            device = self.devices[key] = DeviceView(DeviceFacts(key, "other"))
        return device.take(report.samples, at)

    def interrupt(self) -> None:
        for device in self.devices.values():
            device.interrupt()

    @property
    def equipment(self) -> Iterator[DeviceView]:
        """What stands in the rooms: all devices but the node's own computer."""
        return (device for key, device in self.devices.items() if key != HOST)

    def room_mates(self, device: DeviceView) -> list[DeviceView]:
        """The other devices of its room; none where its room is not known."""
        return [other for other in self._others(device) if device.facts.room and other.facts.room == device.facts.room]

    def elsewhere(self, device: DeviceView) -> list[DeviceView]:
        """The devices that are not of its room."""
        mates = {device.key, *(mate.key for mate in self.room_mates(device))}
        return [other for other in self.equipment if other.key not in mates]

    def same_dish(self, device: DeviceView) -> list[DeviceView]:
        """The other receivers on its dish. Where the register names no dish, a school has one."""
        receivers = (other for other in self._others(device) if other.facts.kind == "receiver")
        return [other for other in receivers if other.facts.dish == device.facts.dish]

    def _others(self, device: DeviceView) -> Iterable[DeviceView]:
        return (other for other in self.equipment if other.key != device.key)
