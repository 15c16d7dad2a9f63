"""A whole school as a value: what is switched on, what is broken, what somebody will do this morning. Time is passed in (ms).

It decides what holds for any equipment (power, pictures on their way through a room); what is physically true of a kind of
equipment is left to kinds/, its words on a line to simulators/, threads and clocks to live.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bench.fault_book import FaultBook
from bench.faults import DEAD, REBOOT
from bench.power import Power
from bench.settings import BenchSettings, DeviceSettings, Kind

NOTHING: Mapping[str, str] = MappingProxyType({})
LONG_AGO_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Switching:
    """Somebody will switch this device on at that moment."""

    device: str
    at: int


@dataclass(frozen=True, slots=True)
class School:
    settings: BenchSettings
    book: FaultBook
    powers: Mapping[str, Power]
    booted_at: Mapping[str, int]
    plan: tuple[Switching, ...] = ()
    broken: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Active faults in the order of their coming, each with the moment it came."""
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """What each device was told and keeps in mind: its input, a chosen sensor."""

    @classmethod
    def in_the_morning(cls, settings: BenchSettings, now: int) -> "School":
        """Everything in standby; the plan says when it is switched on."""
        # "Since long ago": a projector that has just been switched off would still be cooling down.
        powers = {device.key: Power(False, now - LONG_AGO_MS) for device in settings.device}
        plan = tuple(
            Switching(device.key, now + int(after * 1000))
            for device in settings.device
            if (after := _on_after_s(device, settings)) >= 0
        )
        booted = dict.fromkeys(powers, now)
        return cls(settings, FaultBook(settings), MappingProxyType(powers), MappingProxyType(booted), plan)

    def advanced(self, now: int) -> "School":
        """With everything done that was due by now: the morning's switching on, what mends itself."""
        school = self
        for step in [step for step in self.plan if step.at <= now]:
            school = replace(school, plan=tuple(other for other in school.plan if other is not step))
            if not school._kept_off(step.device):
                school = school.switched(step.device, True, step.at)
        for name, since in self.broken.items():
            ends_after_s = self.book.faults[name].ends_after_s
            if ends_after_s is not None and now - since >= ends_after_s * 1000:
                school = school.without_fault(name, now)
        return school

    def switched(self, device: str, on: bool, now: int) -> "School":
        power = self.powers[device].switched(on, now)
        return replace(self, powers=MappingProxyType({**self.powers, device: power}))

    def noted(self, device: str, name: str, value: str) -> "School":
        notes = {**self.notes.get(device, NOTHING), name: value}
        return replace(self, notes=MappingProxyType({**self.notes, device: MappingProxyType(notes)}))

    def with_fault(self, name: str, now: int) -> "School":
        """Raises UnknownFault. A fault that is there already stays as it is."""
        placed = self.book.find(name)
        if placed.name in self.broken:
            return self
        school = replace(self, broken=MappingProxyType({**self.broken, placed.name: now}))
        return school.switched(placed.place, False, now) if placed.fault.switches_off else school

    def without_fault(self, name: str, now: int) -> "School":
        """Raises UnknownFault. What the fault had switched off is switched on again."""
        placed = self.book.find(name)
        if placed.name not in self.broken:
            return self
        left = {other: since for other, since in self.broken.items() if other != placed.name}
        school = replace(self, broken=MappingProxyType(left))
        if placed.fault.cuts_power:
            school = replace(school, booted_at=MappingProxyType({**self.booted_at, placed.place: now}))
        return school.switched(placed.place, True, now) if placed.fault.switches_off else school

    def ills(self, place: str) -> tuple[str, ...]:
        """The codes of what is wrong with this device or dish, the latest last."""
        faults = self.book.faults
        return tuple(faults[name].fault.code for name in self.broken if faults[name].place == place)

    def ill_since(self, place: str, code: str) -> int | None:
        faults = self.book.faults
        found = (
            since
            for name, since in self.broken.items()
            if (faults[name].place, faults[name].fault.code) == (place, code)
        )
        return next(found, None)

    def powered(self, device: str) -> bool:
        """Whether there is power at the plug, standby or not."""
        return not {DEAD, REBOOT} & set(self.ills(device))

    def hears(self, device: str) -> bool:
        """Whether it listens at all just now."""
        deaf_in_standby = self.settings.device_called(device).standby == "silent"
        return self.powered(device) and (self.powers[device].on or not deaf_in_standby)

    def runs(self, device: str) -> bool:
        """Powered and switched on."""
        return self.powered(device) and self.powers[device].on

    def feeds_pictures(self, room: str) -> bool:
        """Whether something sends a picture to this room's screens: a receiver that runs, or what is none of ours."""
        receivers = [each.key for each in self.settings.device if each.room == room and each.kind is Kind.RECEIVER]
        return not receivers or any(self.runs(key) for key in receivers)

    def warm_c(self, device: str, by_c: float, now: int) -> float:
        """The room's warmth, and its own so far as it has run warm."""
        room = self.settings.room_called(self.settings.device_called(device).room)
        return room.ambient_c + by_c * self.powers[device].warmth(now)

    def _kept_off(self, device: str) -> bool:
        faults = self.book.faults
        return any(faults[name].fault.switches_off and faults[name].place == device for name in self.broken)


def _on_after_s(device: DeviceSettings, settings: BenchSettings) -> float:
    return settings.morning.on_after_s(device.kind) if device.on_after_s is None else device.on_after_s
