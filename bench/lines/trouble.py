"""What a device's line troubles make of its answers, whatever it speaks. Of several troubles the latest counts."""

import random
from dataclasses import dataclass

from bench.faults import GARBAGE, HALF, SILENT, SLOW, UNPLUGGED
from bench.live import Moment, Unit
from bench.settings import DeviceSettings

TROUBLES = frozenset({SILENT, SLOW, GARBAGE, HALF})


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to send, and how many seconds to wait before. None: nothing comes."""

    data: bytes | None
    after_s: float = 0.0


class Trouble:
    def __init__(self, unit: Unit[DeviceSettings]) -> None:
        self._unit = unit
        self._noise = random.Random(unit.key)

    @property
    def kind(self) -> str | None:
        return next((code for code in reversed(self._unit.ills) if code in TROUBLES), None)

    @property
    def deaf(self) -> bool:
        """Without power, or asleep."""
        return not self._unit.look().school.hears(self._unit.key)

    def plugged(self, moment: Moment) -> bool:
        return UNPLUGGED not in moment.school.ills(self._unit.key)

    def listening(self, moment: Moment) -> bool:
        """Whether a port of it is open at all."""
        return self.plugged(moment) and moment.school.hears(self._unit.key)

    def answer(self, data: bytes) -> Answer:
        """What comes of that answer on a line."""
        return self.spoil(data) if data and not self.deaf else Answer(None)

    def spoil(self, data: bytes) -> Answer:
        """The same where it does not matter whether the device has power."""
        trouble = self.kind
        if trouble == SILENT:
            return Answer(None)
        if trouble == GARBAGE:
            return Answer(self._noise.randbytes(len(data)))
        if trouble == HALF:
            return Answer(data[: (len(data) + 1) // 2])
        return Answer(data, self._unit.settings.slow_s if trouble == SLOW else 0.0)
