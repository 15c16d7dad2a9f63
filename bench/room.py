"""One classroom as a value: what is switched on, what is broken, what somebody will do this morning. Time is passed in (ms).

It decides what is physically true at a moment (the TV has a picture only while the receiver runs and the cable is in);
how each piece of equipment words that on its line is left to the simulators, and threads and clocks to live.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bench import faults, sky
from bench.facts import Lamp, ProjectorFacts, ReceiverFacts, Thing, TvFacts
from bench.faults import Conditions
from bench.power import Power
from bench.settings import BenchSettings

HDMI1 = "90"
LEVEL_IN_CLEAR_SKY_PCT = 78
LEVEL_PCT_PER_DB = 3


@dataclass(frozen=True, slots=True)
class Switching:
    """Somebody will switch this thing on at that moment."""

    thing: Thing
    at: int


@dataclass(frozen=True, slots=True)
class Classroom:
    settings: BenchSettings
    powers: Mapping[Thing, Power]
    receiver_booted_at: int
    plan: tuple[Switching, ...] = ()
    broken: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Active faults in the order of their coming, each with the moment it came."""
    tv_input: str = HDMI1

    @classmethod
    def in_the_morning(cls, settings: BenchSettings, now: int) -> "Classroom":
        """Everything in standby; the plan says when it is switched on."""
        wanted = {
            Thing.RECEIVER: settings.morning.receiver_on_after_s,
            Thing.TV: settings.morning.tv_on_after_s,
            Thing.PROJECTOR: settings.morning.projector_on_after_s,
        }
        plan = tuple(Switching(thing, now + int(after * 1000)) for thing, after in wanted.items() if after >= 0)
        # "Since long ago": a projector that has just been switched off would still be cooling down.
        powers = {thing: Power(False, now - 86_400_000) for thing in Thing}
        return cls(settings, MappingProxyType(powers), now, plan)

    def advanced(self, now: int) -> "Classroom":
        """With everything done that was due by now: the morning's switching on, a shower that has blown over."""
        room = self
        for step in [step for step in self.plan if step.at <= now]:
            room = replace(room, plan=tuple(other for other in room.plan if other is not step))
            if not room._kept_off(step.thing):
                room = room.switched(step.thing, True, step.at)
        return room._dried(now)

    def switched(self, thing: Thing, on: bool, now: int) -> "Classroom":
        power = self.powers[thing].switched(on, now)
        return replace(self, powers=MappingProxyType({**self.powers, thing: power}))

    def with_tv_input(self, code: str) -> "Classroom":
        return replace(self, tv_input=code)

    def with_fault(self, code: str, now: int) -> "Classroom":
        """Raises UnknownFault. A fault that is there already stays as it is."""
        fault = faults.find(code)
        if code in self.broken:
            return self
        room = replace(self, broken=MappingProxyType({**self.broken, code: now}))
        return room.switched(fault.switches_off, False, now) if fault.switches_off else room

    def without_fault(self, code: str, now: int) -> "Classroom":
        """Raises UnknownFault. What the fault had switched off is switched on again."""
        fault = faults.find(code)
        if code not in self.broken:
            return self
        left = {other: since for other, since in self.broken.items() if other != code}
        room = replace(self, broken=MappingProxyType(left))
        if "receiver_powered" in fault.effect:
            room = replace(room, receiver_booted_at=now)
        return room.switched(fault.switches_off, True, now) if fault.switches_off else room

    def tv(self, now: int) -> TvFacts:
        power, wrong = self.powers[Thing.TV], self._conditions()
        source = wrong.tv_input or self.tv_input
        return TvFacts(
            line=wrong.tv_line,
            on=power.on,
            input=source,
            signal=power.on and wrong.tv_cable and source == HDMI1 and self._receiver_plays(wrong),
            temp_c=self._warm(power, self.settings.tv.warm_c, now),
            hours=self.settings.tv.hours + power.on_hours(now),
            backlight_ok=wrong.tv_backlight,
        )

    def projector(self, now: int) -> ProjectorFacts:
        power, wrong = self.powers[Thing.PROJECTOR], self._conditions()
        lamp = self._lamp(power, now)
        return ProjectorFacts(
            listening=wrong.projector_powered,
            lamp=lamp,
            lamp_lit=lamp is Lamp.ON and wrong.projector_lamp < 2,
            signal=lamp is Lamp.ON and wrong.projector_cable and self._receiver_plays(wrong),
            lamp_hours=self.settings.projector.lamp_hours + power.on_hours(now),
            filter_hours=self.settings.projector.filter_hours + power.on_hours(now),
            errors=f"{wrong.projector_fan}{wrong.projector_lamp}{wrong.projector_temp}0{wrong.projector_filter}0",
        )

    def receiver(self, now: int) -> ReceiverFacts:
        power, wrong = self.powers[Thing.RECEIVER], self._conditions()
        plays = self._receiver_plays(wrong)
        cnr = self._cnr_db(now)
        tuning_ms = min(power.for_ms(now), now - self.receiver_booted_at)
        settled = tuning_ms >= self.settings.receiver.lock_after_s * 1000
        heard = plays and wrong.lnb
        locked = heard and settled and wrong.receiver_tuner and cnr > self.settings.receiver.locks_above_db
        lost_db = self.settings.receiver.clear_sky_cnr_db - cnr
        return ReceiverFacts(
            listening=wrong.receiver_powered,
            on=plays,
            locked=locked,
            cnr_db=cnr if locked else 0.0,
            level_pct=max(0, round(LEVEL_IN_CLEAR_SKY_PCT - LEVEL_PCT_PER_DB * lost_db)) if heard else 0,
            uptime_s=(now - self.receiver_booted_at) // 1000,
        )

    def _conditions(self) -> Conditions:
        return faults.conditions(self.broken)

    def _kept_off(self, thing: Thing) -> bool:
        return any(faults.BY_CODE[code].switches_off is thing for code in self.broken)

    def _receiver_plays(self, wrong: Conditions) -> bool:
        """Without lock it still sends a picture: its own message that there is no signal."""
        return self.powers[Thing.RECEIVER].on and wrong.receiver_powered

    def _warm(self, power: Power, by_c: float, now: int) -> float:
        return self.settings.room.ambient_c + by_c * power.warmth(now)

    def _lamp(self, power: Power, now: int) -> Lamp:
        if power.on:
            return Lamp.ON if power.for_ms(now) >= self.settings.projector.warm_up_s * 1000 else Lamp.WARM_UP
        return Lamp.STANDBY if power.for_ms(now) >= self.settings.projector.cooling_s * 1000 else Lamp.COOLING

    def _cnr_db(self, now: int) -> float:
        box = self.settings.receiver
        return (
            box.clear_sky_cnr_db
            + sky.wobble_db(now)
            - sky.shower_db(now - self.broken.get("rain", now), box.shower_s * 1000, box.shower_depth_db)
        )

    def _dried(self, now: int) -> "Classroom":
        since = self.broken.get("rain")
        over = since is not None and now - since >= self.settings.receiver.shower_s * 1000
        return self.without_fault("rain", now) if over else self
