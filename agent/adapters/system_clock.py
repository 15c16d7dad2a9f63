"""The system's clocks."""

import time


class SystemClock:
    """Clock by the kernel: UTC, which may be set, and a monotonic one, which is not."""

    def utc_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
