"""Clocks that can be set while a program runs (libfaketime): what `date -s`, or a Pi without a battery, does to it."""

from pathlib import Path

DAY_S = 86_400


class SettableClock:
    """The kernel's clock as the programs see it that are started with `environment`, so many seconds off. Time itself goes on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    @property
    def environment(self) -> dict[str, str]:
        [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, off_s: float) -> None:
        # In one go: it is read all the time.
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{off_s:+.0f}\n")
        draft.replace(self._file)
