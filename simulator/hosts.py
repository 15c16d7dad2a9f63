"""The agent's own computer: what it tells of itself, in health and with each of its faults."""

import math

from simulator.clock import DAY, hour_of
from simulator.district import Node
from simulator.faults import Fault
from simulator.randomness import stream
from simulator.reporting import Figures

PERIOD_S = 300
ALMOST_WORN = 74.0
_HOT, _FULL, _WORN = "host_overheating", "host_disk_full", "host_disk_worn"
_WEAK, _CLOCK = "host_undervoltage", "host_clock_wrong"


class Host:
    """A computer that ages, warms up with the day, and now and then stumbles for a moment."""

    def __init__(self, seed: int, node: Node, faults: list[Fault]) -> None:
        self._dice = stream(seed, "host", node.name)
        self._model = node.host
        self._faults = {fault.cause: fault for fault in faults if fault.node == node.name}
        self._disk = self._dice.uniform(18, 78)
        self._life = self._dice.uniform(2, 72)
        self._clock = self._dice.gauss(0, 0.15)
        self._cooling = self._dice.uniform(-4, 7)
        self._seen_weak = 0.0
        self._rtt = self._dice.uniform(12, 60)
        self.serial = f"sim{self._dice.randrange(16**8):08x}"

    def properties(self) -> Figures:
        return {
            "Properties/agent_version": "0.4.0",
            "Properties/os": self._model.os,
            "Properties/hardware": self._model.profile,
            "Properties/serial_number": self.serial,
            "Properties/profiles_version": "1",
        }

    def figures(self, t: float, booted: float) -> Figures:
        dice, model = self._dice, self._model
        told: Figures = {
            "host/cpu_pct": round(min(100.0, 6 + dice.expovariate(1 / 6)), 1),
            "host/mem_used_pct": round(34 + 3 * math.sin(t / 40000) + dice.random(), 1),
            "host/disk_used_pct": round(self._disk_used(t), 1),
            "host/uptime_s": int(t - booted),
            "host/clock_offset_s": round(self._offset(t), 3),
            "net/internet": True,
            "net/rtt_ms": round(self._rtt + dice.expovariate(1 / 8), 1),
        }
        if model.idle_temp_c is not None:
            told["host/cpu_temp_c"] = round(self._temperature(t), 1)
        if model.tells_disk_life:
            told["host/disk_life_used_pct"] = float(int(self._life_used(t)))
        if model.tells_undervoltage:
            weak = self._weak(t)
            self._seen_weak = t if weak else self._seen_weak
            told["host/undervoltage"] = weak
            told["host/undervoltage_seen"] = self._seen_weak > booted
        return told

    def _fault(self, cause: str, t: float) -> Fault | None:
        fault = self._faults.get(cause)
        return fault if fault is not None and fault.lasts(t) else None

    def _temperature(self, t: float) -> float:
        noon = math.sin((hour_of(t) - 8.5) / 24 * 2 * math.pi)
        rest = (self._model.idle_temp_c or 0) + self._cooling + 3.5 * noon + self._dice.gauss(0, 0.8)
        fault = self._fault(_HOT, t)
        return fault.size + 2.5 * noon + self._dice.gauss(0, 1.0) if fault else rest

    def _disk_used(self, t: float) -> float:
        fault = self._fault(_FULL, t)
        own = self._disk + 1.5 * math.sin(t / (5 * DAY))
        return own + (fault.size - own) * min(1.0, (t - fault.onset) / fault.ramp_s) if fault else own

    def _life_used(self, t: float) -> float:
        """Years of wear are pressed into a day, so that its beginning falls into the recording; a new disk begins anew."""
        worn = self._faults.get(_WORN)
        if worn is None:
            return self._life
        if t >= worn.end:
            return 1.0
        return ALMOST_WORN + (worn.size - ALMOST_WORN) * min(1.0, max(0.0, t - worn.onset) / (DAY / 2))

    def _offset(self, t: float) -> float:
        fault = self._fault(_CLOCK, t)
        return fault.size + (t - fault.onset) * 2e-5 if fault else self._clock + self._dice.gauss(0, 0.02)

    def _weak(self, t: float) -> bool:
        fault = self._fault(_WEAK, t)
        return self._dice.random() < (fault.size if fault else 0.0004)
