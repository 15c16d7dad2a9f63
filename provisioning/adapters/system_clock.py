"""The machine's clock. Whether it is kept right, the Linux kernel knows: whoever disciplines it says so there."""

import ctypes
import sys
import time

_UNSYNCHRONISED = 5
_TIMEX_BYTES = 512


class SystemClock:
    """`may_set`: whether this run may set the machine's clock at all; a run below another root may not."""

    def __init__(self, *, may_set: bool) -> None:
        self._may_set = may_set

    def utc_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def mono_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def is_synchronised(self) -> bool:
        if sys.platform != "linux":
            # Windows keeps its clock over a power cut, and sets it by itself.
            return True
        libc = ctypes.CDLL(None)
        # An empty request changes nothing; the answer is the state of the clock.
        return bool(libc.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)) not in (_UNSYNCHRONISED, -1))

    def set_utc_ms(self, now: int) -> bool:
        if not self._may_set or sys.platform == "win32":
            return False
        try:
            time.clock_settime(time.CLOCK_REALTIME, now / 1000)
        except OSError:
            return False
        return True
