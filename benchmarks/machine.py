"""How fast the machine is meanwhile: shared ones swing within seconds, and figures by the clock swing with them.

The measure is an operation that the goals' own machine was measured with (the project's baselines, part C; Python 3.11.2, an
AMD EPYC "Turin"): the standard library reads a report of twelve metrics from 1,123 bytes of JSON, in 5.57 µs there.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

BASELINE_US = 5.57
_BYTES = 1_123
_TIMES = 400
_NAMES = (f"signal/metric{at:02}" for at in range(12))
_METRICS = [
    {"name": name, "timestamp": 1_790_000_000_000 + at, "dataType": "Double", "value": 12.5 + at}
    for at, name in enumerate(_NAMES)
]
REPORT = json.dumps({"timestamp": 1_790_000_000_000, "seq": 5, "metrics": _METRICS}, separators=(",", ":")).ljust(
    _BYTES
)
"""As many bytes as there."""


def pace(times: int = _TIMES, clock: Callable[[], float] = time.thread_time) -> float:
    """As a part of the goals' machine: 0.5 takes twice as long. Takes some milliseconds.

    Of the processor's time: what else runs here is no fault of the machine's.
    """
    began = clock()
    for _ in range(times):
        json.loads(REPORT)
    return BASELINE_US * times / ((clock() - began) * 1e6)


def stolen_ms(told: Path = Path("/proc/stat")) -> float:
    """For how long its host has kept a virtual machine from a processor that it wanted, since its start, all processors together.

    The eighth figure of the first line, proc_stat(5), in ticks. Zero where the kernel does not tell.
    """
    figures = told.read_text().partition("\n")[0].split()
    return int(figures[8]) * 1000 / os.sysconf("SC_CLK_TCK") if len(figures) > 8 else 0.0


class Paces:
    """What the machine's pace was, look by look."""

    def __init__(self, look: Callable[[], float] = pace) -> None:
        self._look, self._seen = look, list[float]()

    def look(self) -> float:
        self._seen.append(self._look())
        return self._seen[-1]

    def __str__(self) -> str:
        """The middle of all looks, the least and the most."""
        middle = statistics.median(self._seen)
        return (
            f"the machine meanwhile: {middle:.2f} of that of the goals ({min(self._seen):.2f} to {max(self._seen):.2f})"
        )
