"""The models that stand in the schools: what each one tells, how finely, and whether it answers while it is off.

The figures are of kinds of equipment, not of one maker's box; profile ids are those an inventory would name. A model whose
profile in our catalogue says that it answers in standby does so here; the others, known there or not, do as they please.
"""

from dataclasses import dataclass
from enum import StrEnum


class OffHabit(StrEnum):
    """What a set does on its control line when it is switched off but has mains."""

    ANSWERS = "answers"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class ReceiverModel:
    """How a receiver shows the signal. None where it does not tell that figure.

    cnr_step / cnr_band      resolution and dead band of `signal/cnr_db`, dB
    quality                  (C/N in dB shown as 0 %, C/N shown as 100 %) of `signal/quality_pct`
    strength                 "dbm", "pct" or None
    noise_db                 standard deviation of one measurement
    locks_at_db              C/N needed for lock: 8PSK 3/4 needs 7.9 dB and 0.3–1.2 dB for the implementation (EN 302 307)
    """

    profile: str
    share: float
    off: OffHabit
    noise_db: float
    locks_at_db: float
    cnr_step: float | None = None
    cnr_band: float = 0.3
    quality: tuple[float, float] | None = None
    quality_band: float = 3.0
    strength: str | None = None
    tells_service: bool = False
    tells_power: bool = True


RECEIVERS = (
    ReceiverModel("enigma2/openwebif", 0.22, OffHabit.ANSWERS, 0.10, 8.4, 0.01, 0.3, (3.0, 17.0), 3.0, "pct", True),
    ReceiverModel("set-top/serial-cn", 0.14, OffHabit.SILENT, 0.10, 8.6, 0.1, 0.3, None, 3.0, "dbm", False, False),
    ReceiverModel("generic-dvbs2", 0.20, OffHabit.SILENT, 0.15, 8.8, 0.1, 0.5, None, 3.0, "pct"),
    ReceiverModel("pbi/snmp-ird", 0.06, OffHabit.SILENT, 0.06, 8.2, 0.1, 0.3, None, 3.0, "dbm", False, False),
    ReceiverModel("generic/serial-console", 0.14, OffHabit.ANSWERS, 0.14, 8.9, None, 0.3, (4.0, 18.0), 3.0, "pct"),
    ReceiverModel("set-top/quality-only", 0.10, OffHabit.SILENT, 0.10, 9.0, None, 0.3, (5.0, 19.0), 2.0, None),
    ReceiverModel("set-top/lock-and-strength", 0.08, OffHabit.ANSWERS, 0.20, 8.9, None, 0.3, None, 3.0, "pct"),
    ReceiverModel("set-top/lock-only", 0.06, OffHabit.SILENT, 0.20, 9.0, None, 0.3, None, 3.0, None, False, False),
)


@dataclass(frozen=True, slots=True)
class ScreenModel:
    """A television or projector. life_h: hours of the lamp; wears: how it says that the lamp is worn."""

    profile: str
    kind: str
    share: float
    off: OffHabit
    tells_signal: bool = True
    tells_source: bool = True
    tells_hours: bool = False
    tells_temp: bool = False
    life_h: int | None = None
    wears: str = ""


SCREENS = (
    ScreenModel("lg/rs232", "tv", 0.20, OffHabit.ANSWERS, True, True, True, True),
    ScreenModel("samsung/mdc", "tv", 0.16, OffHabit.ANSWERS, True, True, True, True),
    ScreenModel("hdmi-cec/tv", "tv", 0.14, OffHabit.ANSWERS, False, True),
    ScreenModel("sony/simple-ip", "tv", 0.12, OffHabit.SILENT, True, True),
    ScreenModel("philips/sicp", "tv", 0.10, OffHabit.SILENT, True, True, True),
    ScreenModel("generic/tv", "tv", 0.12, OffHabit.SILENT, True, False),
    ScreenModel("pjlink/generic", "projector", 0.06, OffHabit.ANSWERS, True, True, life_h=4000, wears="life error"),
    ScreenModel("epson/escvp21", "projector", 0.05, OffHabit.ANSWERS, True, True, life_h=4000, wears="life"),
    ScreenModel("generic/projector", "projector", 0.05, OffHabit.SILENT, True, True, life_h=3000, wears="life error"),
)


@dataclass(frozen=True, slots=True)
class HostModel:
    """The agent's computer. Temperatures are those of its processor at rest in a room of 30 °C."""

    profile: str
    share: float
    os: str
    idle_temp_c: float | None
    tells_undervoltage: bool
    tells_disk_life: bool


HOSTS = (
    HostModel("host/raspberry-pi", 0.55, "linux", 52.0, True, False),
    HostModel("host/linux", 0.25, "linux", 46.0, False, True),
    HostModel("host/windows", 0.20, "windows", None, False, True),
)
