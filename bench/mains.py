"""What is true of a room's mains side at one moment: a UPS and a metered plug. Who says so is the room; the words are others'."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UpsFacts:
    """`driver` and `fresh` are the software's: whether upsd has its driver, and the driver its UPS."""

    mains: bool = True
    charge_pct: int = 100
    runtime_s: int = 2400
    load_pct: int = 21
    temp_c: float = 33.0
    battery_worn: bool = False
    overloaded: bool = False
    driver: bool = True
    fresh: bool = True

    @property
    def battery_low(self) -> bool:
        return self.charge_pct <= LOW_CHARGE_PCT


@dataclass(frozen=True, slots=True)
class PlugFacts:
    """A smart plug between the wall and a set: what flows through it tells on from standby."""

    on: bool = True
    watts: float = 84.0
    volts: float = 229.0
    wh_total: float = 14_093.0
    temp_c: float = 41.0
    overheated: bool = False
    uptime_s: int = 86_400

    @property
    def amperes(self) -> float:
        """At a power factor as a television's power supply has it."""
        return self.watts / (self.volts * POWER_FACTOR) if self.watts and self.volts else 0.0


LOW_CHARGE_PCT = 20
POWER_FACTOR = 0.9
